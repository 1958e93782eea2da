import type { FileState } from './scenario.ts';

export type Tree = ReturnType<typeof fileTree>;

/** A folder in memory with a clock of its own: whatever changes is newer than everything before. */
export function fileTree() {
  const files = new Map<string, FileState>();
  let clock = 1_700_000_000;
  const get = (path: string): FileState => {
    const file = files.get(path);
    if (!file) throw new Error(`there is no ${path}`);
    return file;
  };
  const set = (path: string, file: FileState): void => {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    if (folder && folder !== '..' && !files.has(folder))
      set(folder, { type: 'directory', text: '', mode: 0o755, mtime: ++clock });
    files.set(path, file);
  };
  const under = (path: string) => [...files.keys()].filter((key) => key === path || key.startsWith(`${path}/`));
  return {
    text: (path: string): string => get(path).text,
    put(
      path: string,
      type: FileState['type'],
      text: string,
      more: { mode?: number | undefined; mtime?: number | undefined } = {},
    ) {
      const mode = more.mode ?? { file: 0o644, directory: 0o755, symlink: 0o777 }[type];
      set(path, { type, text, mode, mtime: more.mtime ?? ++clock });
    },
    /** A time that is named but undefined means: now. */
    change(path: string, change: { text?: string; mode?: number | undefined; mtime?: undefined }) {
      const { mtime, ...rest } = get(path);
      set(path, { ...rest, ...change, mode: change.mode ?? rest.mode, mtime: 'mtime' in change ? ++clock : mtime });
    },
    remove(path: string) {
      get(path);
      for (const key of under(path)) files.delete(key);
    },
    rename(path: string, to: string) {
      get(path);
      for (const key of under(path)) {
        const file = get(key);
        files.delete(key);
        set(to + key.slice(path.length), file);
      }
    },
    snapshot: (): ReadonlyMap<string, FileState> => new Map(files),
  };
}
