import type { IgnoreFacts, IgnoreUser } from '../workspace.ts';
import { folderOf } from './path.ts';

/** A Dockerfile that was found. Paths are all relative to one folder, with `/`. */
export interface FoundDockerfile {
  readonly path: string;
  readonly text: string;
  /** The root of its build context. */
  readonly context: string;
  /** The `<Dockerfile>.dockerignore` beside it, where there is one. */
  readonly ownIgnoreFile: string | undefined;
}

export interface Use {
  readonly users: readonly FoundDockerfile[];
  readonly misplaced: IgnoreFacts['misplaced'];
}

const suffix = '.dockerignore';

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/**
 * Which of the Dockerfiles are built with the ignore file at `path`, and why none is where that is certain: BuildKit reads
 * `<Dockerfile>.dockerignore` beside the Dockerfile, else `.dockerignore` at the context's root (frontend/dockerui/config.go).
 */
export function useOf(path: string, dockerfiles: readonly FoundDockerfile[]): Use {
  if (baseName(path) !== suffix) return useOfOwn(path, dockerfiles);
  const folder = folderOf(path);
  const inContext = dockerfiles.filter(({ context }) => context === folder);
  const users = inContext.filter(({ ownIgnoreFile }) => ownIgnoreFile === undefined);
  if (users.length > 0) return { users, misplaced: undefined };
  const [beside] = dockerfiles.filter((each) => folderOf(each.path) === folder);
  if (inContext.length > 0) {
    const by = inContext.flatMap(({ ownIgnoreFile }) => ownIgnoreFile ?? []);
    return { users, misplaced: { kind: 'shadowed', by } };
  }
  return {
    users,
    misplaced: beside && { kind: 'elsewhere', dockerfile: beside.path, context: beside.context },
  };
}

function useOfOwn(path: string, dockerfiles: readonly FoundDockerfile[]): Use {
  const dockerfile = path.slice(0, -suffix.length);
  const users = dockerfiles.filter((each) => each.path === dockerfile);
  return { users, misplaced: users.length > 0 ? undefined : { kind: 'orphan', dockerfile: baseName(dockerfile) } };
}

/** As the facts name it: its path relative to the context's root. */
export const userOf = ({ path, text }: FoundDockerfile): IgnoreUser => ({ path, text });
