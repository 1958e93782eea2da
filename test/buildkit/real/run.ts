import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseArgs } from 'node:util';
import { type Builder, startBuilder } from '../builder.ts';
import { BuilderCrash, type Store } from '../daemon.ts';
import { type Comparison, compareInputs } from '../differential.ts';
import type { BuildInput, FileState } from '../scenario.ts';
import { type Repository, repository } from './repository.ts';
import { literal, type StandIn, standIn } from './standIn.ts';

/**
 * Real Dockerfiles with their real histories, commands and base images replaced by stand-ins, before and after some of their commits:
 *
 *   node --import tsx test/buildkit/real/run.ts FOLDER [--store overlay2|containerd] [--each N] [--only NAME]
 *
 * FOLDER holds clones. Nothing of them is executed. `--each`: Dockerfiles of each repository at most.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      store: { type: 'string', default: 'overlay2' },
      each: { type: 'string', default: '3' },
      only: { type: 'string', default: '' },
    },
  });
  const [folder] = positionals;
  if (folder === undefined) throw new Error('name a folder of clones');
  const builder = await startBuilder(values.store === 'containerd' ? 'containerd' : ('overlay2' satisfies Store));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void builder.stop().then(() => process.exit(1)));
  const tally = { dockerfiles: 0, builds: 0, cutShort: 0, left: 0, failed: 0 };
  try {
    for (const name of readdirSync(folder).filter((each) => each.includes(values.only)))
      await compareRepository(builder, repository(join(folder, name)), Number(values.each), tally);
  } finally {
    await builder.stop();
  }
  const { dockerfiles, builds, cutShort, left, failed } = tally;
  process.stdout.write(
    `${dockerfiles} Dockerfiles, ${builds} builds compared, ${cutShort} cut short by a build that fails, ${left} left out\n`,
  );
  process.stdout.write(`${dockerfiles - failed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}

type Tally = Record<'dockerfiles' | 'builds' | 'cutShort' | 'left' | 'failed', number>;

async function compareRepository(builder: Builder, repo: Repository, most: number, tally: Tally): Promise<void> {
  let compared = 0;
  for (const dockerfile of (await repo.dockerfiles()).slice(0, 3 * most)) {
    if (compared >= most) break;
    const inputs = await history(repo, dockerfile);
    const comparison = inputs.length > 1 ? await compare(builder, inputs) : undefined;
    if (!comparison || comparison.observed.length === 0) {
      tally.left++;
      if (comparison) process.stderr.write(`${repo.folder} ${dockerfile}: ${comparison.error?.split('\n')[0]}\n`);
      continue;
    }
    process.stderr.write(`${repo.folder} ${dockerfile}: ${comparison.observed.length} builds compared\n`);
    compared++;
    tally.dockerfiles++;
    tally.builds += comparison.observed.length;
    if (comparison.error !== undefined) tally.cutShort++;
    if (comparison.disagreements.length === 0) continue;
    tally.failed++;
    process.stdout.write(`${repo.folder} ${dockerfile}\n  ${comparison.disagreements.join('\n  ')}\n`);
  }
}

async function compare(builder: Builder, inputs: readonly BuildInput[]): Promise<Comparison | undefined> {
  try {
    return await compareInputs(builder, inputs);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    if (error instanceof BuilderCrash) await builder.revive();
    return undefined;
  }
}

/** Before and after the newest two commits that touch the Dockerfile and the newest three that touch its context, oldest first. */
async function history(repo: Repository, dockerfile: string): Promise<BuildInput[]> {
  const text = await repo.text('HEAD', dockerfile);
  const newest = text === undefined ? undefined : standIn(text);
  if (!newest) return [];
  const root = await contextOf(repo, dockerfile, newest);
  const touching = [...(await repo.commits(dockerfile, 2)), ...(await repo.commits(root, 3))];
  const ordered = [...new Map(touching.map((commit) => [commit.id, commit])).values()].sort((a, b) => a.time - b.time);
  const inputs: BuildInput[] = [];
  for (const revision of ordered.flatMap(({ id }) => [`${id}~1`, id])) {
    const input = await inputAt(repo, revision, dockerfile, root);
    if (input && input.files.size < 4000) inputs.push(input);
  }
  return inputs;
}

/** The Dockerfile's folder, or the root where more of what it copies lies there. */
async function contextOf(repo: Repository, dockerfile: string, { sources }: StandIn): Promise<string> {
  const own = posix.dirname(dockerfile) === '.' ? '' : posix.dirname(dockerfile);
  const found = async (root: string): Promise<number> => {
    const paths = [...(await repo.tree('HEAD', root)).keys()];
    return sources.filter((source) => isThere(paths, source)).length;
  };
  return own !== '' && (await found('')) > (await found(own)) ? '' : own;
}

const isThere = (paths: readonly string[], source: string): boolean => {
  const path = posix.normalize(`/${source}`).slice(1).replace(/\/$/, '');
  return path === '' || paths.some((each) => each === path || each.startsWith(`${path}/`));
};

const made = new Map<string, FileState>();

/** Undefined where the commit does not have the Dockerfile, or has one that cannot be built here. */
async function inputAt(
  repo: Repository,
  revision: string,
  dockerfile: string,
  root: string,
): Promise<BuildInput | undefined> {
  const text = await repo.text(revision, dockerfile);
  const replaced = text === undefined ? undefined : standIn(text);
  if (!replaced) return undefined;
  const files = new Map(await repo.tree(revision, root));
  const paths = [...files.keys()];
  for (const source of replaced.sources) {
    const path = posix
      .normalize(`/${literal(source)}`)
      .slice(1)
      .replace(/\/$/, '');
    const isFolder = source.endsWith('/') || !path.includes('.');
    if (!isThere(paths, source)) put(files, isFolder ? `${path}/made` : path, 'made\n');
  }
  const ignore = await ignoreFile(repo, revision, dockerfile, root);
  files.delete('Dockerfile.dockerignore');
  for (const path of [...files.keys()].filter((each) => /^Dockerfile\/|^\.dockerignore$/.test(each)))
    files.delete(path);
  if (ignore !== undefined) put(files, '.dockerignore', ignore);
  put(files, 'Dockerfile', replaced.text);
  return { files: withFolders(files), args: {}, target: undefined };
}

let clock = 1_800_000_000;

function put(files: Map<string, FileState>, path: string, text: string): void {
  const key = JSON.stringify([path, text]);
  const state = made.get(key) ?? { type: 'file', text, mode: 0o644, mtime: ++clock };
  made.set(key, state);
  files.set(path, state);
}

async function ignoreFile(repo: Repository, revision: string, dockerfile: string, root: string) {
  return (
    (await repo.text(revision, `${dockerfile}.dockerignore`)) ??
    (await repo.text(revision, posix.join(root, '.dockerignore')))
  );
}

const folders = new Map<string, FileState>();

function withFolders(files: ReadonlyMap<string, FileState>): ReadonlyMap<string, FileState> {
  const result = new Map(files);
  for (const path of files.keys()) {
    for (let folder = posix.dirname(path); folder !== '.'; folder = posix.dirname(folder)) {
      const state = folders.get(folder) ?? { type: 'directory', text: '', mode: 0o755, mtime: ++clock };
      folders.set(folder, state);
      if (!result.has(folder)) result.set(folder, state);
    }
  }
  return result;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  },
);
