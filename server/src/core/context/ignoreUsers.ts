import { baseName } from '../syntax/path.ts';
import type { IgnoreFacts, ReadPlace } from '../workspace.ts';
import { folderOf } from './path.ts';

/** A Dockerfile that was found. Paths are all relative to one folder, with `/`, or all absolute. */
export interface FoundDockerfile {
  readonly path: string;
  readonly text: string;
  /** The roots of its build contexts. */
  readonly contexts: readonly string[];
  /** The `<Dockerfile>.dockerignore` beside it, where there is one. */
  readonly ownIgnoreFile: string | undefined;
  /** The ignore file in force in one of its contexts, the first ones first. */
  readonly ignoreFile: string | undefined;
}

export interface Use<T extends FoundDockerfile> {
  readonly users: readonly T[];
  readonly misplaced: IgnoreFacts['misplaced'];
}

const suffix = '.dockerignore';

/** The Dockerfile that an ignore file's name makes it count for alone; undefined for `.dockerignore`. */
export const ownerOf = (path: string): string | undefined =>
  baseName(path) === suffix ? undefined : path.slice(0, -suffix.length);

/**
 * Which of the Dockerfiles are built with the ignore file at `path`, and why none is where that is certain: BuildKit reads
 * `<Dockerfile>.dockerignore` beside the Dockerfile, else `.dockerignore` at the context's root (frontend/dockerui/config.go).
 */
export function useOf<T extends FoundDockerfile>(path: string, dockerfiles: readonly T[]): Use<T> {
  const owner = ownerOf(path);
  if (owner !== undefined) {
    const users = dockerfiles.filter((each) => each.path === owner);
    return { users, misplaced: users.length > 0 ? undefined : { kind: 'orphan', dockerfile: baseName(owner) } };
  }
  const folder = folderOf(path);
  const inContext = dockerfiles.filter(({ contexts }) => contexts.includes(folder));
  const users = inContext.filter(({ ownIgnoreFile }) => ownIgnoreFile === undefined);
  if (users.length > 0) return { users, misplaced: undefined };
  const concerned = inContext.length > 0 ? inContext : dockerfiles.filter((each) => folderOf(each.path) === folder);
  const without = concerned.find(({ ownIgnoreFile }) => ownIgnoreFile === undefined);
  const by = concerned.flatMap(({ ownIgnoreFile }) => ownIgnoreFile ?? []).map(baseName);
  if (without) return { users, misplaced: elsewhere(without, dockerfiles) };
  return { users, misplaced: by.length > 0 ? { kind: 'shadowed', by } : undefined };
}

/** The other folder's root serves all that are built there; a file named after the Dockerfile serves that one, in all of its contexts. */
function elsewhere<T extends FoundDockerfile>(beside: T, dockerfiles: readonly T[]): Use<T>['misplaced'] {
  const { path, contexts } = beside;
  const [context = ''] = contexts;
  const builtThere = dockerfiles.filter((each) => each.contexts.includes(context) && !each.ownIgnoreFile);
  const root: ReadPlace = { path: `${context && `${context.replace(/\/$/, '')}/`}${suffix}`, users: builtThere };
  const own: ReadPlace = { path: path + suffix, users: [beside] };
  const taken = beside.ignoreFile !== undefined;
  const places = taken ? [] : contexts.length > 1 ? [own] : [root, own];
  return { kind: 'elsewhere', dockerfile: baseName(path), context, taken, places };
}
