import type { Builder, Session } from './builder.ts';
import { configurationDifferences, differencesOf } from './compareImages.ts';
import type { Configuration } from './engine.ts';
import { inputsOf } from './inputs.ts';
import type { BuildInput, FileSpec, Operation } from './scenario.ts';
import { readTar, type TarEntry } from './tar.ts';
import { unique } from './unique.ts';

export interface Equivalence {
  /** Whether both build and the final images have the same configuration and files: names, contents, modes, owners and links; times aside. */
  readonly identical: boolean;
  /** One line each; where a build failed, the builder's words. */
  readonly differences: readonly string[];
  /** How many steps run again after a change of a source file; undefined where a build failed. */
  readonly stepsRunBefore: number | undefined;
  readonly stepsRunAfter: number | undefined;
}

export interface EquivalenceOptions {
  readonly args?: Readonly<Record<string, string>>;
  readonly target?: string;
  /** The change whose cost is counted; by default a source file that is no manifest gets another line. */
  readonly change?: readonly Operation[];
  /** Absolute paths in the image that may differ with all that is below, caches for instance. */
  readonly ignore?: readonly string[];
}

/** Builds a context with one Dockerfile and with the other, and compares the images and what a change of a source file costs in each. */
export async function equivalent(
  builder: Builder,
  before: string,
  after: string,
  files: Readonly<Record<string, FileSpec>>,
  options: EquivalenceOptions = {},
): Promise<Equivalence> {
  const old = await measure(builder, before, files, options);
  const mended = await measure(builder, after, files, options);
  const failures = [
    ...old.failures.map((text) => `before: ${text}`),
    ...mended.failures.map((text) => `after: ${text}`),
  ];
  const found = [
    ...differencesOf(old.entries, mended.entries, options),
    ...configurationDifferences(old.configuration, mended.configuration),
  ];
  const differences = failures.length > 0 ? failures : found;
  return {
    identical: differences.length === 0,
    differences,
    stepsRunBefore: old.stepsRun,
    stepsRunAfter: mended.stepsRun,
  };
}

interface Measured {
  readonly failures: readonly string[];
  readonly entries: readonly TarEntry[];
  readonly configuration?: Configuration | undefined;
  readonly stepsRun: number | undefined;
}

let measured = 0;

async function measure(
  builder: Builder,
  dockerfile: string,
  files: Readonly<Record<string, FileSpec>>,
  { args = {}, target, change = sourceChange(files) }: EquivalenceOptions,
): Promise<Measured> {
  const scenario = { files, dockerfile, args, ...(target === undefined ? {} : { target }), changes: [change] };
  const session = builder.session();
  try {
    // A token of its own for each keeps the one from finding the other's steps.
    const inputs = unique(inputsOf(scenario), `e${process.pid}-${++measured}`);
    return await buildTwice(
      session,
      inputs.map((input) => ({ ...input, detached: true })),
    );
  } finally {
    await session.close();
  }
}

async function buildTwice(session: Session, [start, changed]: readonly BuildInput[]): Promise<Measured> {
  if (!start || !changed) throw new Error('a scenario of one change has two builds');
  const first = await session.export(start);
  if (first.error !== undefined) return { failures: [first.error], entries: [], stepsRun: undefined };
  const configuration = await session.configuration(start);
  const second = await session.build(changed);
  const failures = second.error === undefined ? [] : [`after the change: ${second.error}`];
  const stepsRun = second.steps.filter(({ outcome, link }) => outcome === 'runs' && !link).length;
  return {
    failures,
    entries: readTar(first.tar),
    configuration,
    stepsRun: failures.length > 0 ? undefined : stepsRun,
  };
}

const manifest =
  /(^|\/)(setup|conftest|build|mix|settings)\.\w+$|config|\.(json|lock|toml|ya?ml|xml|mod|sum|gradle|kts|\w*proj|sln)$/;

/** A file under a source folder, or failing that any that is no manifest. */
function sourceChange(files: Readonly<Record<string, FileSpec>>): Operation[] {
  const texts = Object.entries(files).filter(([, spec]) => typeof spec === 'string' || 'text' in spec);
  const paths = texts.map(([path]) => path).filter((path) => !manifest.test(path) && /\.\w+$/.test(path));
  const path =
    paths.find((name) => /^(src|app|lib|cmd|internal)\//.test(name)) ?? paths.find((name) => !name.startsWith('.'));
  if (path === undefined) throw new Error('no file of the context is known to be a source: name a change');
  return [{ op: 'write', path, text: `changed ${path}\n` }];
}
