import { parseGlob } from '../../server/src/core/context/glob.ts';
import { parseIgnore } from '../../server/src/core/context/ignore.ts';
import type { Builder, Session } from './builder.ts';
import { fileTree } from './fileTree.ts';
import { generateIgnoreFile, generateTree } from './generate/ignore.ts';
import { random as seeded } from './generate/random.ts';
import type { BuildInput } from './scenario.ts';
import { readTar } from './tar.ts';

/** What an ignore file leaves of a tree. */
export interface IgnoreCase {
  readonly paths: readonly string[];
  readonly ignore: string;
}

/** Undefined where the builder refuses the ignore file; otherwise the regular files that reach it, sorted. */
export type Included = readonly string[] | undefined;

/** The ignore file of a seed, with a tree that it is about. */
export function generateIgnoreCase(seed: number): IgnoreCase {
  const random = seeded(seed);
  const paths = generateTree(random);
  return { paths, ignore: generateIgnoreFile(random, paths) };
}

/** What builder and matcher differ in; undefined where they agree. */
export async function ignoreFailure(builder: Builder, ignoreCase: IgnoreCase): Promise<string | undefined> {
  const session = builder.session();
  try {
    const observed = await included(session, ignoreCase);
    if (agrees(ignoreCase, observed)) return undefined;
    return JSON.stringify({ ...ignoreCase, observed: observed ?? null });
  } finally {
    await session.close();
  }
}

/**
 * Whether the matcher says the same. A pattern that only its regular expression shows to be malformed is refused when it is first compared with a
 * path, which an exception is not before something matched: both outcomes are right for it, if the other patterns are applied.
 */
export function agrees({ paths, ignore }: IgnoreCase, observed: Included): boolean {
  const { matcher, errors } = parseIgnore(ignore);
  const refusedAtOnce = errors.some(({ cleaned }) => cleaned === '' || parseGlob(cleaned).matches('.') === undefined);
  if (observed === undefined) return errors.length > 0;
  const expected = [...paths, '.dockerignore', 'Dockerfile'].filter((path) => !matcher.matches(path).ignored).sort();
  return !refusedAtOnce && JSON.stringify(expected) === JSON.stringify(observed);
}

async function included(session: Session, { paths, ignore }: IgnoreCase): Promise<Included> {
  const { tar, error } = await session.export(inputOf(paths, ignore));
  if (error !== undefined) {
    if (/dockerignore|pattern/i.test(error)) return undefined;
    throw new Error(error);
  }
  return readTar(tar)
    .filter(({ type }) => type === 'file')
    .map(({ path }) => path)
    .sort();
}

let clock = 2_000_000_000;

/** The ignore file is newer each time, or the client would not send one of the same size again. */
function inputOf(paths: readonly string[], ignore: string): BuildInput {
  const tree = fileTree();
  for (const path of paths) tree.put(path, 'file', path);
  tree.put('.dockerignore', 'file', ignore, { mtime: ++clock });
  tree.put('Dockerfile', 'file', 'FROM scratch\nCOPY . /\n');
  return { files: tree.snapshot(), args: {}, target: undefined };
}
