import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { isDockerfileName, isIgnoreFileName } from '../core/filenames.ts';

export interface Found {
  /** Absolute paths in the order of the search, each file once. */
  readonly files: readonly string[];
  /** What could not be read. */
  readonly problems: readonly Problem[];
}

export interface Problem {
  readonly path: string;
  readonly message: string;
}

const skipped = new Set(['.git', 'node_modules']);

const isDocumentName = (name: string): boolean => isDockerfileName(name) || isIgnoreFileName(name);

/** Why the system refuses, in words. */
export function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    ELOOP: 'the symbolic links go round in circles',
    EISDIR: 'it is a folder',
    ENOTDIR: 'there is no such file',
    ENAMETOOLONG: 'the name is too long',
    EEXIST: 'there is a file already',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
  };
  return known[code] ?? (error instanceof Error ? error.message : String(error));
}

/** Files below a folder. Links to folders are not followed, so there are no loops and nothing outside is read. */
async function* walk(folder: string, problems: Problem[]): AsyncGenerator<string> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    problems.push({ path: folder, message: reason(error) });
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) yield* walk(full, problems);
    } else if (isDocumentName(entry.name) && (await isFile(full, entry))) yield full;
  }
}

/** A link to a folder may well be called dockerfile; a link to nothing is worth a word when the file is read. */
async function isFile(full: string, entry: Dirent): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isFile();
  return stat(full).then(
    (target) => target.isFile(),
    () => true,
  );
}

/** The Dockerfiles and ignore files that the paths mean: a file itself, whatever its name; a folder all that lie in it. */
export async function findDocuments(paths: readonly string[]): Promise<Found> {
  const problems: Problem[] = [];
  const files = new Map<string, string>();
  const add = async (file: string) => {
    const identity = await realpath(file).catch(() => file);
    if (!files.has(identity)) files.set(identity, file);
  };
  for (const each of paths) {
    try {
      if ((await stat(each)).isDirectory()) for await (const file of walk(each, problems)) await add(file);
      else await add(each);
    } catch (error) {
      problems.push({ path: each, message: reason(error) });
    }
  }
  return { files: [...files.values()], problems };
}
