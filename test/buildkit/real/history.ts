import { posix } from 'node:path';
import { type BuildInput, beside, type FileState } from '../scenario.ts';
import type { StandInOptions } from './original.ts';
import { literal } from './places.ts';
import type { Repository } from './repository.ts';
import { type StandIn, standIn } from './standIn.ts';

export interface HistoryOptions {
  /** Commits that touch the Dockerfile or its ignore file, and half as many that touch the context, at most. */
  readonly depth: number;
  readonly modern: boolean;
  readonly writable: boolean;
  readonly server: string;
}

/** Before and after the newest commits that touch the Dockerfile and that touch its context, oldest first. What is the same to a builder is there once. */
export async function history(repo: Repository, dockerfile: string, options: HistoryOptions): Promise<BuildInput[]> {
  const contexts = await namedContexts(repo);
  const bare: StandInOptions = { ...options, accounts: [], contexts: [...contexts.keys()] };
  const text = await repo.text('HEAD', dockerfile);
  const newest = text === undefined ? undefined : standIn(text, bare);
  if (!newest) return [];
  const root = await contextOf(repo, dockerfile, newest);
  const own = [dockerfile, `${dockerfile}.dockerignore`, posix.join(root, '.dockerignore')];
  const touching = [
    ...(await repo.commits(own, options.depth)),
    ...(await repo.commits([root], Math.ceil(options.depth / 2))),
  ];
  const ordered = [...new Map(touching.map((commit) => [commit.id, commit])).values()].sort((a, b) => a.time - b.time);
  const revisions = ordered.flatMap(({ id }) => [`${id}~1`, id]);
  const texts = await Promise.all(revisions.map((revision) => repo.text(revision, dockerfile)));
  const accounts = texts.flatMap((each) => (each === undefined ? [] : (standIn(each, bare)?.accounts ?? [])));
  const all = { ...bare, accounts: [...new Set(accounts)].sort() };
  const inputs: BuildInput[] = [];
  for (const [index, revision] of revisions.entries()) {
    const written = texts[index];
    const replaced = written === undefined ? undefined : standIn(written, all);
    const input = replaced && (await inputAt(repo, { revision, dockerfile, root, contexts }, replaced));
    const last = inputs.at(-1);
    if (input && input.files.size < 4000 && !(last && isSame(last, input))) inputs.push(input);
  }
  return inputs;
}

const isSame = (a: BuildInput, b: BuildInput): boolean =>
  a.files.size === b.files.size && [...a.files].every(([path, file]) => b.files.get(path) === file);

/** The Dockerfile's folder, or the root where more of what it copies lies there. */
async function contextOf(repo: Repository, dockerfile: string, { sources }: StandIn): Promise<string> {
  const own = posix.dirname(dockerfile) === '.' ? '' : posix.dirname(dockerfile);
  const found = async (root: string): Promise<number> => {
    const paths = [...(await repo.tree('HEAD', root)).keys()];
    return sources.filter((source) => isThere(paths, source)).length;
  };
  return own !== '' && (await found('')) > (await found(own)) ? '' : own;
}

const inContext = (source: string): string => posix.normalize(`/${source}`).slice(1).replace(/\/$/, '');

const isThere = (paths: readonly string[], source: string): boolean => {
  const path = inContext(source);
  return path === '' || paths.some((each) => each === path || each.startsWith(`${path}/`));
};

const made = new Map<string, FileState>();

interface Place {
  readonly revision: string;
  readonly dockerfile: string;
  readonly root: string;
  readonly contexts: ReadonlyMap<string, string>;
}

async function inputAt(repo: Repository, place: Place, replaced: StandIn): Promise<BuildInput> {
  const files = new Map(await repo.tree(place.revision, place.root));
  const missing = addMissing(files, replaced);
  for (const [path, file] of await filesBeside(repo, place, replaced)) files.set(path, file);
  const ignore = await ignoreFile(repo, place);
  files.delete('Dockerfile.dockerignore');
  for (const path of [...files.keys()].filter((each) => /^Dockerfile\/|^\.dockerignore$/.test(each)))
    files.delete(path);
  // What a build makes before it calls the builder may be ignored in git and named nowhere else.
  const seen = missing.map((path) => `\n!${path}`).join('');
  if (ignore !== undefined) put(files, '.dockerignore', `${ignore}${seen}`);
  put(files, 'Dockerfile', replaced.text);
  return { files: withFolders(files), args: replaced.args, target: undefined, ownImages: true };
}

/** Makes the sources that the context lacks; their paths. */
function addMissing(files: Map<string, FileState>, { sources }: StandIn): string[] {
  const paths = [...files.keys()];
  const missing = sources.filter(
    (source) => !isThere(paths, source) && !isBelowFile(files, inContext(literal(source))),
  );
  const places = missing.map((source) => inContext(literal(source)));
  for (const [index, path] of places.entries()) {
    const isFolder = missing[index]?.endsWith('/') || posix.extname(path) === '';
    if (!places.some((other) => other.startsWith(`${path}/`))) put(files, isFolder ? `${path}/made` : path, 'made\n');
  }
  return places;
}

/** Folders that `docker-bake.hcl` gives to builds, by name. */
async function namedContexts(repo: Repository): Promise<ReadonlyMap<string, string>> {
  const text = (await repo.text('HEAD', 'docker-bake.hcl')) ?? '';
  const blocks = [...text.matchAll(/contexts\s*=\s*\{\n([^}]*\n)\s*\}/g)].map(([, block = '']) => block);
  const pairs = blocks.flatMap((block) => [...block.matchAll(/^\s*"?([\w-]+)"?\s*=\s*"(.*)"/gm)]);
  return new Map(pairs.flatMap(([, name = '', value = '']) => (/:/.test(value) ? [] : [[name, value] as const])));
}

async function filesBeside(repo: Repository, { revision, contexts }: Place, { beside: wanted }: StandIn) {
  const files = new Map<string, FileState>();
  for (const context of new Set(wanted.map((each) => each.context))) {
    const folder = inContext(contexts.get(context) ?? '');
    const there = folder === '' || folder.includes('$') ? new Map() : await repo.tree(revision, folder);
    for (const [path, file] of there) files.set(`${beside}${context}/${path}`, file);
    const missing = wanted.filter((each) => each.context === context && !isThere([...there.keys()], each.source));
    for (const { source } of missing) put(files, `${beside}${context}/${inContext(literal(source))}`, 'made\n');
    if (files.size === 0) put(files, `${beside}${context}/made`, 'made\n');
  }
  return files;
}

/** A link, too, leads where nothing can be made. */
const isBelowFile = (files: ReadonlyMap<string, FileState>, path: string): boolean => {
  const type = files.get(path)?.type;
  if (type === 'file' || type === 'symlink') return true;
  return path.includes('/') && isBelowFile(files, posix.dirname(path));
};

let clock = 1_800_000_000;

function put(files: Map<string, FileState>, path: string, text: string): void {
  const key = JSON.stringify([path, text]);
  const state = made.get(key) ?? { type: 'file', text, mode: 0o644, mtime: ++clock };
  made.set(key, state);
  files.set(path, state);
}

const ignoreFile = async (repo: Repository, { revision, dockerfile, root }: Place): Promise<string | undefined> =>
  (await repo.text(revision, `${dockerfile}.dockerignore`)) ??
  (await repo.text(revision, posix.join(root, '.dockerignore')));

const folders = new Map<string, FileState>();

function withFolders(files: ReadonlyMap<string, FileState>): ReadonlyMap<string, FileState> {
  const result = new Map(files);
  for (const path of files.keys()) {
    for (let folder = posix.dirname(path); folder !== '.' && folder !== '..'; folder = posix.dirname(folder)) {
      const state = folders.get(folder) ?? { type: 'directory', text: '', mode: 0o755, mtime: ++clock };
      folders.set(folder, state);
      if (!result.has(folder)) result.set(folder, state);
    }
  }
  return result;
}
