import type { IgnoreFacts } from '../workspace.ts';
import { folderOf } from './path.ts';

/** A Dockerfile that was found. Paths are all relative to one folder, with `/`, or all absolute. */
export interface FoundDockerfile {
  readonly path: string;
  readonly text: string;
  /** The roots of its build contexts. */
  readonly contexts: readonly string[];
  /** The `<Dockerfile>.dockerignore` beside it, where there is one. */
  readonly ownIgnoreFile: string | undefined;
}

export interface Use<T extends FoundDockerfile> {
  readonly users: readonly T[];
  readonly misplaced: IgnoreFacts['misplaced'];
}

const suffix = '.dockerignore';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

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
  const beside = dockerfiles.find((each) => folderOf(each.path) === folder);
  const by = inContext.flatMap(({ ownIgnoreFile }) => ownIgnoreFile ?? []).map(baseName);
  const [context = ''] = beside?.contexts ?? [];
  if (users.length > 0) return { users, misplaced: undefined };
  if (by.length > 0) return { users, misplaced: { kind: 'shadowed', by } };
  return { users, misplaced: beside && { kind: 'elsewhere', dockerfile: baseName(beside.path), context } };
}
