import { join } from 'node:path';
import { exec } from '../exec.ts';
import type { FileState } from '../scenario.ts';

/** A clone, of which nothing but git's store is read. */
export interface Repository {
  readonly folder: string;
  /** Paths of Dockerfiles at HEAD. */
  dockerfiles(): Promise<string[]>;
  /** Up to `count` commits of the first-parent history that touch a path, newest first, with the time of each in seconds. */
  commits(path: string, count: number): Promise<{ readonly id: string; readonly time: number }[]>;
  /** The files below a folder ('' is the root), each with its blob's id for a content: equal exactly where the content is. */
  tree(commit: string, folder: string): Promise<ReadonlyMap<string, FileState>>;
  text(commit: string, path: string): Promise<string | undefined>;
}

const name = /(^|\/)(Dockerfile([.-][^/]*)?|[^/]+\.Dockerfile)$/i;
const otherKind = /\.(dockerignore|exs?|go|j2|js|md|py|rb|sh|tmpl|template|ts|in)$/;

export function repository(folder: string): Repository {
  const git = async (...args: string[]): Promise<string | undefined> => {
    const { code, stdout } = await exec('git', ['-C', folder, ...args]);
    return code === 0 ? stdout.toString() : undefined;
  };
  const states = new Map<string, FileState>();
  return {
    folder,
    async dockerfiles() {
      const paths = (await git('ls-tree', '-r', '-z', '--name-only', 'HEAD'))?.split('\0') ?? [];
      return paths.filter((path) => name.test(path) && !otherKind.test(path));
    },
    async commits(path, count) {
      const log = await git('log', '--first-parent', `--max-count=${count}`, '--format=%H %ct', '--', path || '.');
      const lines = log?.split('\n').filter(Boolean) ?? [];
      return lines.map((line) => ({ id: line.split(' ')[0] ?? '', time: Number(line.split(' ')[1]) }));
    },
    async tree(commit, root) {
      const output = await git('ls-tree', '-r', '-z', '--full-tree', root === '' ? commit : `${commit}:${root}`);
      return new Map((output ?? '').split('\0').flatMap((line) => entryOf(line, states)));
    },
    text: (commit, path) => git('cat-file', 'blob', `${commit}:${join(path)}`),
  };
}

let clock = 1_700_000_000;

/** One and the same object for what did not change: its time is the same then. A link leads to its blob's id, which is nowhere. */
function entryOf(line: string, states: Map<string, FileState>): [string, FileState][] {
  const [, mode = '', type, id = '', path = ''] = /^(\d+) (\w+) (\w+)\t([\s\S]+)$/.exec(line) ?? [];
  if (type !== 'blob') return [];
  const known = states.get(line) ?? {
    type: mode === '120000' ? ('symlink' as const) : ('file' as const),
    text: `${id}\n`.slice(0, mode === '120000' ? -1 : undefined),
    mode: mode === '100755' ? 0o755 : mode === '120000' ? 0o777 : 0o644,
    mtime: ++clock,
  };
  states.set(line, known);
  return [[path, known]];
}
