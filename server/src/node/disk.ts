import type { Dirent, Stats } from 'node:fs';
import { lstatSync, readdir as readdirCallback, readlinkSync } from 'node:fs';
import { access, lstat, readdir as readdirBytes, readFile, realpath } from 'node:fs/promises';

/** A path as the system has it: bytes where its name is no UTF-8. */
export type Location = string | Buffer;

/**
 * All reading of files and folders goes through one of these, so that it can be counted. Nothing rejects or throws:
 * what cannot be read is undefined.
 */
export interface Disk {
  /** Calls so far. */
  readonly reads: number;
  /** With their types; names that are no UTF-8 as bytes. */
  list(folder: Location): Promise<readonly (Dirent | Dirent<Buffer>)[] | undefined>;
  stat(path: Location): Promise<Stats | undefined>;
  /** At once: a few microseconds where the folder has just been listed. */
  statNow(path: Location): Stats | undefined;
  linkTarget(path: Location): string | undefined;
  read(path: string): Promise<Buffer | undefined>;
  exists(path: string): Promise<boolean>;
  /** Without symlinks on the way. */
  realPath(path: string): Promise<string | undefined>;
}

const unknown = (): undefined => undefined;

function statNow(path: Location): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function linkTarget(path: Location): string | undefined {
  try {
    return readlinkSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

export function openDisk(): Disk {
  let reads = 0;
  const counted = <T>(value: T): T => {
    reads++;
    return value;
  };
  return {
    get reads() {
      return reads;
    },
    list: (folder) => counted(listFolder(folder)),
    stat: (path) => counted(lstat(path).catch(unknown)),
    statNow: (path) => counted(statNow(path)),
    linkTarget: (path) => counted(linkTarget(path)),
    read: (path) => counted(readFile(path).catch(unknown)),
    realPath: (path) => counted(realpath(path).catch(unknown)),
    exists: (path) =>
      counted(
        access(path).then(
          () => true,
          () => false,
        ),
      ),
  };
}

async function listFolder(folder: Location): Promise<readonly (Dirent | Dirent<Buffer>)[] | undefined> {
  const names = await readdir(folder);
  if (!names?.some(({ name }) => name.includes('\uFFFD'))) return names;
  return readdirBytes(folder, { withFileTypes: true, encoding: 'buffer' }).catch(unknown);
}

/** With a callback it takes half the time of the one with a promise. */
const readdir = (folder: Location): Promise<Dirent[] | undefined> =>
  new Promise((resolve) => readdirCallback(folder, { withFileTypes: true }, (_, names) => resolve(names)));
