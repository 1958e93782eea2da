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

export interface IgnoreDisagreement extends IgnoreCase {
  readonly expected: Included;
  readonly observed: Included;
}

const treeSize = 25;

/** Asks about `count` ignore files over trees of their own, and gives the cases on which builder and matcher disagree. */
export async function compareIgnoreFiles(builder: Builder, seed: number, count: number): Promise<IgnoreDisagreement[]> {
  const disagreements: IgnoreDisagreement[] = [];
  for (let first = 0; first < count; first += treeSize) {
    const random = seeded(seed + first);
    const paths = generateTree(random);
    const session = builder.session();
    for (let index = first; index < Math.min(count, first + treeSize); index++) {
      const disagreement = await compareIgnoreCase(session, { paths, ignore: generateIgnoreFile(random, paths) });
      if (disagreement) disagreements.push(disagreement);
    }
    await session.close();
  }
  return disagreements;
}

export async function compareIgnoreCase(
  session: Session,
  { paths, ignore }: IgnoreCase,
): Promise<IgnoreDisagreement | undefined> {
  const expected = predicted({ paths, ignore });
  const observed = await included(session, { paths, ignore });
  return JSON.stringify(expected) === JSON.stringify(observed) ? undefined : { paths, ignore, expected, observed };
}

function predicted({ paths, ignore }: IgnoreCase): Included {
  const { matcher, errors } = parseIgnore(ignore);
  if (errors.length > 0) return undefined;
  return [...paths, '.dockerignore', 'Dockerfile'].filter((path) => !matcher.matches(path).ignored).sort();
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

function inputOf(paths: readonly string[], ignore: string): BuildInput {
  const tree = fileTree();
  for (const path of paths) tree.put(path, 'file', path);
  tree.put('.dockerignore', 'file', ignore);
  tree.put('Dockerfile', 'file', 'FROM scratch\nCOPY . /\n');
  return { files: tree.snapshot(), args: {}, target: undefined };
}
