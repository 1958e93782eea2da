import type { Dirent } from 'node:fs';
import { buildFileKind, type DeclaredBuild, declaredBuilds, envFileOf } from '../core/builds/declared.ts';
import type { Disk } from './disk.ts';
import { takeTurn } from './slices.ts';

/** The builds that the files of a workspace folder describe. */
export interface FoundBuilds {
  /** The files that were read, and those that would have been, were they there. */
  readonly files: readonly string[];
  readonly builds: readonly DeclaredBuild[];
}

/** Remembers what was found, by workspace folder. */
export interface Builds {
  in(top: string): Promise<FoundBuilds>;
  /** Forgets what these changed files and folders may have altered; whether there was any. */
  changed(files: readonly string[]): Promise<boolean>;
}

/** Folders that are looked into, the outer ones first, and how far in they lie. */
const mostFolders = 1000;
const deepest = 3;
const mostFiles = 200;
const mostBytes = 200_000;

/** Folders of what was installed or built, and hidden ones: nobody describes a build there. */
const skipped = /^(node_modules|vendor|venv|target|dist|site-packages|__pycache__|\.(?!github$|devcontainer$).*)$/;

export function rememberBuilds(disk: Disk): Builds {
  const known = new Map<string, Promise<FoundBuilds>>();
  return {
    in(top) {
      const found = known.get(top) ?? findBuilds(disk, top);
      known.set(top, found);
      return found;
    },
    async changed(files) {
      let hit = false;
      for (const [top, finding] of known) {
        const found = await finding;
        const concerns = (file: string): boolean =>
          buildFileKind(file) !== undefined || found.files.some((each) => each === file || each.startsWith(`${file}/`));
        if (!files.some(concerns)) continue;
        known.delete(top);
        hit = true;
      }
      return hit;
    },
  };
}

/** Symbolic links are not followed. */
async function findBuilds(disk: Disk, top: string): Promise<FoundBuilds> {
  const files = (await findFiles(disk, top)).sort().slice(0, mostFiles);
  const builds: DeclaredBuild[] = [];
  const turn = takeTurn();
  const environments: string[] = [];
  for (const file of files) {
    const text = await read(disk, file);
    if (typeof text !== 'string') continue;
    const env = envFileOf(file, text);
    if (env !== undefined) environments.push(env);
    builds.push(...declaredBuilds(file, text, top, env && (await read(disk, env))));
    await turn.rest();
  }
  return { files: [...files, ...environments], builds };
}

/** Undefined for what is not there, null for what is not read: links, folders, what is too big. */
async function read(disk: Disk, file: string): Promise<string | null | undefined> {
  const stats = await disk.stat(file);
  if (!stats) return undefined;
  if (!stats.isFile() || stats.size > mostBytes) return null;
  return (await disk.read(file))?.toString('utf8') ?? null;
}

async function findFiles(disk: Disk, top: string): Promise<string[]> {
  const files: string[] = [];
  const folders = [{ path: top === '/' ? '' : top, depth: 0 }];
  for (let next = 0; next < Math.min(folders.length, mostFolders); next++) {
    const { path, depth } = folders[next] ?? { path: '', depth: deepest };
    for (const entry of (await disk.list(path === '' ? '/' : path)) ?? []) {
      const file = `${path}/${entry.name}`;
      if (entry.isFile() && buildFileKind(file)) files.push(file);
      else if (depth < deepest && isWanted(entry)) folders.push({ path: file, depth: depth + 1 });
    }
  }
  return files;
}

const isWanted = (entry: Dirent | Dirent<Buffer>): boolean => entry.isDirectory() && !skipped.test(`${entry.name}`);
