import { join } from 'node:path';
import { exec } from '../exec.ts';
import type { FileState } from '../scenario.ts';

/** A clone, of which nothing but git's store is read. */
export interface Repository {
  readonly folder: string;
  /** Paths of Dockerfiles at HEAD. */
  dockerfiles(): Promise<string[]>;
  /** Up to `count` commits of the first-parent history that touch one of the paths, newest first, with the time of each in seconds. */
  commits(paths: readonly string[], count: number): Promise<{ readonly id: string; readonly time: number }[]>;
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
    async commits(paths, count) {
      const places = paths.map((path) => `:(top,literal)${path || '.'}`);
      const log = await git('log', '--first-parent', `--max-count=${count}`, '--format=%H %ct', '--', ...places);
      const lines = log?.split('\n').filter(Boolean) ?? [];
      return lines.map((line) => ({ id: line.split(' ')[0] ?? '', time: Number(line.split(' ')[1]) }));
    },
    async tree(commit, root) {
      const output = await git('ls-tree', '-r', '-z', '--full-tree', root === '' ? commit : `${commit}:${root}`);
      const lines = (output ?? '').split('\0').filter(Boolean);
      for (const line of lines) if (!states.has(line)) states.set(line, await stateOf(line, git));
      return new Map(lines.flatMap((line) => entryOf(line, states)));
    },
    text: (commit, path) => git('cat-file', 'blob', `${commit}:${join(path)}`),
  };
}

let clock = 1_700_000_000;

const columns = /^(\d+) \w+ (\w+)\t([\s\S]+)$/;

/** Links lead where they lead; what git keeps of a submodule is an empty folder. */
async function stateOf(line: string, git: (...args: string[]) => Promise<string | undefined>): Promise<FileState> {
  const [, mode = '', id = ''] = columns.exec(line) ?? [];
  const mtime = ++clock;
  if (mode === '160000') return { type: 'directory', text: '', mode: 0o755, mtime };
  if (mode !== '120000') return { type: 'file', text: `${id}\n`, mode: mode === '100755' ? 0o755 : 0o644, mtime };
  return { type: 'symlink', text: (await git('cat-file', 'blob', id)) || 'nowhere', mode: 0o777, mtime };
}

/** One and the same object for what did not change: its time is the same then. */
function entryOf(line: string, states: ReadonlyMap<string, FileState>): [string, FileState][] {
  const path = columns.exec(line)?.[3];
  const state = states.get(line);
  return path !== undefined && state ? [[path, state]] : [];
}
