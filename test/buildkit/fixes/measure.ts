import type { Builder, Session } from '../builder.ts';
import type { Configuration } from '../engine.ts';
import { inputsOf } from '../inputs.ts';
import type { BuildInput, FileSpec } from '../scenario.ts';
import { readTar, type TarEntry } from '../tar.ts';
import { unique } from '../unique.ts';
import type { FixCase } from './case.ts';

/** What a builder made of a Dockerfile: the first build, and one after each change. */
export interface Measured {
  /** Why a build failed; the ones before it are there. */
  readonly error: string | undefined;
  readonly builds: readonly Built[];
  /** Of the first build's image, where it is asked for. */
  readonly configuration: Configuration | undefined;
}

export interface Built {
  readonly image: readonly TarEntry[];
  readonly run: number;
  readonly cached: number;
}

/** What is built of a case. */
export interface Subject {
  readonly dockerfile: string;
  /** Files that take the place of the case's own. */
  readonly others: Readonly<Record<string, FileSpec>>;
  /** How many of the case's changes are made. */
  readonly changes: number;
  readonly asksConfiguration: boolean;
}

let measured = 0;

export async function measure(builder: Builder, fixCase: FixCase, subject: Subject): Promise<Measured> {
  const token = `f${process.pid}-${++measured}`;
  const inputs = unique(inputsOf(scenarioOf(fixCase, subject, token)), token);
  const session = builder.session('official');
  try {
    return await buildAll(session, inputs, subject.asksConfiguration);
  } finally {
    await session.close();
  }
}

function scenarioOf(fixCase: FixCase, { dockerfile, others, changes }: Subject, token: string) {
  // The mounts of half of them begin empty; the others find what somebody else left.
  const own: Record<string, string> = measured % 2 === 0 ? { BUILDKIT_CACHE_MOUNT_NS: token } : {};
  const files: Record<string, FileSpec> = { ...fixCase.files, ...others };
  const ignore = files['.dockerignore'];
  // A fix may edit the ignore file, which no image needs.
  files['.dockerignore'] = `${typeof ignore === 'string' ? ignore : ''}\n.dockerignore\n`;
  return {
    files,
    dockerfile: buildable(dockerfile),
    args: { ...fixCase.args, ...own },
    changes: fixCase.changes.slice(0, changes),
  };
}

/** The frontend that a directive names cannot be fetched here. */
const buildable = (dockerfile: string): string => dockerfile.replace(/^(\uFEFF?)# *syntax *=.*(\r?\n)/i, '$1$2');

async function buildAll(
  session: Session,
  inputs: readonly BuildInput[],
  asksConfiguration: boolean,
): Promise<Measured> {
  const builds: Built[] = [];
  let configuration: Configuration | undefined;
  for (const input of inputs) {
    const { steps, error, tar } = await session.export({ ...input, detached: true });
    if (error !== undefined)
      return { error: builds.length > 0 ? `after change ${builds.length}: ${error}` : error, builds, configuration };
    if (asksConfiguration) configuration ??= await session.configuration({ ...input, detached: true });
    const own = steps.filter(({ link }) => !link);
    const run = own.filter(({ outcome }) => outcome === 'runs').length;
    builds.push({ image: readTar(tar), run, cached: own.length - run });
  }
  return { error: undefined, builds, configuration };
}
