import { chmod, lutimes, mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileState } from './scenario.ts';

/**
 * Keeps a folder on disk equal to a tree in memory, touching only what differs: BuildKit's client sends a file again when its size,
 * time or mode changed, and the tests rely on both.
 */
export function contextFolder(root: string): (files: ReadonlyMap<string, FileState>) => Promise<void> {
  let before: ReadonlyMap<string, FileState> = new Map();
  return async (files) => {
    await mkdir(root, { recursive: true });
    for (const [path, file] of before) {
      if (files.get(path)?.type !== file.type) await rm(join(root, path), { recursive: true, force: true });
    }
    const paths = [...files.keys()].sort();
    for (const path of paths) {
      const file = files.get(path);
      if (file && file !== before.get(path)) await write(join(root, path), file);
    }
    before = files;
  };
}

async function write(path: string, file: FileState): Promise<void> {
  if (file.type === 'symlink') {
    await rm(path, { force: true });
    await symlink(file.text, path);
    return lutimes(path, file.mtime, file.mtime);
  }
  if (file.type === 'directory') await mkdir(path, { recursive: true });
  else await writeFile(path, file.text);
  await chmod(path, file.mode);
  await utimes(path, file.mtime, file.mtime);
}
