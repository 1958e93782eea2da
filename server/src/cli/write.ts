import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, lstat, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** A file's new content, and what it was when it was read; undefined where it did not exist. */
export interface Change {
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string;
}

/**
 * Writes a file all at once: a reader sees the old text or the new one, and an interrupted run loses neither. Keeps the mode.
 * @throws Error where the file is a link (its target may lie anywhere) or has changed since it was read.
 */
export async function writeAtomically({ file, before, after }: Change): Promise<void> {
  const found = await lstat(file).catch(() => undefined);
  if (found?.isSymbolicLink()) throw new Error('it is a symbolic link, which is not written through');
  if (found && (before === undefined || (await readFile(file, 'utf8')) !== before))
    throw new Error('it has changed since it was read');
  if (!found && before !== undefined) throw new Error('it is gone since it was read');
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(temporary, 'wx', found ? found.mode & 0o7777 : 0o644);
    try {
      await handle.writeFile(after);
      // The mode given to open is subject to the umask.
      if (found) await handle.chmod(found.mode & 0o7777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Whether a file of a build context truly lies in it: no `..`, no link on the way out. */
export async function liesWithin(root: string, file: string): Promise<boolean> {
  try {
    const [realRoot, realFolder] = await Promise.all([realpath(root), realpath(path.dirname(file))]);
    const relative = path.relative(realRoot, realFolder);
    return (await stat(realFolder)).isDirectory() && !relative.startsWith('..') && !path.isAbsolute(relative);
  } catch {
    return false;
  }
}

/**
 * Moves a regular file where nothing lies yet, not even a broken link; what a stop on the way leaves behind is two copies.
 * @throws Error where something lies there, or the file is a link.
 */
export async function moveFile(from: string, to: string): Promise<void> {
  if (!(await lstat(from)).isFile()) throw new Error('it is a symbolic link, which is not moved');
  await copyFile(from, to, constants.COPYFILE_EXCL);
  await rm(from);
}
