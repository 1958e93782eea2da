import path from 'node:path';
import type { Config } from '../core/config.ts';
import { type FoundDockerfile, ownerOf, useOf } from '../core/context/ignoreUsers.ts';
import { relativePath } from '../core/context/root.ts';
import { isDockerfileName } from '../core/filenames.ts';
import { type IgnoreFacts, type IgnoreUser, noIgnoreFacts, type ReadPlace } from '../core/workspace.ts';
import { type Builds, rememberBuilds } from './builds.ts';
import { type ContextFolder, openContextFolder } from './contextFolder.ts';
import { type Disk, openDisk } from './disk.ts';
import { findPlace, type Place, topOf, withSlashes } from './place.ts';
import { takeTurn } from './slices.ts';

export interface IgnoreQuestion {
  /** Absolute, with `/`. */
  readonly file: string;
  readonly config: Config;
  /** The folder in which the user says that all Dockerfiles are built. */
  readonly context?: string | undefined;
  /** The workspace folder that the file lies in, where there is one. */
  readonly top?: string | undefined;
  /** What counts as the top of a file in no repository. */
  readonly around?: string | undefined;
  readonly builds: Builds;
  /** Of open documents. */
  readonly texts: ReadonlyMap<string, string>;
  /** Dockerfiles by the folder that was searched for them: it is searched once. */
  readonly searched: Map<string, Promise<string[]>>;
}

/** Where an ignore file counts and for whom. */
export interface IgnorePlace {
  /** Absolute: the root of the context that its patterns speak of. */
  readonly root: string;
  /** With absolute paths. */
  readonly users: readonly IgnoreUser[];
  readonly misplaced: IgnoreFacts['misplaced'];
}

type Found = FoundDockerfile & Pick<IgnoreUser, 'builds' | 'present'>;

/** Folders that are looked into for Dockerfiles, and how many of these are read. */
const mostFolders = 3000;
const mostDockerfiles = 300;
const mostBytes = 500_000;

const skipped = /^(node_modules|vendor|venv|site-packages|__pycache__|target|dist|\.git|\.venv|\.terraform|\.next)$/;

/** Dockerfiles in a folder, the outer ones first. Symbolic links are not followed. */
async function findDockerfiles(disk: Disk, top: string): Promise<string[]> {
  const files: string[] = [];
  const folders = [top === '/' ? '' : top];
  const turn = takeTurn();
  for (let next = 0; next < Math.min(folders.length, mostFolders); next++) {
    const folder = folders[next] ?? '';
    for (const entry of (await disk.list(folder === '' ? '/' : folder)) ?? []) {
      const name = `${entry.name}`;
      if (entry.isFile() && isDockerfileName(name)) files.push(`${folder}/${name}`);
      else if (entry.isDirectory() && !skipped.test(name)) folders.push(`${folder}/${name}`);
    }
    await turn.rest();
  }
  return files.slice(0, mostDockerfiles);
}

async function read(disk: Disk, question: IgnoreQuestion, file: string): Promise<Found[]> {
  const stats = question.texts.has(file) ? undefined : await disk.stat(file);
  if (stats && stats.size > mostBytes) return [];
  const text = question.texts.get(file) ?? (await disk.read(file))?.toString('utf8');
  if (text === undefined) return [];
  const place = await findPlace(disk, { ...question, file, text });
  const own = `${file}.dockerignore`;
  const places: readonly Place[] = [place, ...(place.others ?? [])];
  return [
    {
      path: file,
      text,
      contexts: places.map(({ folder }) => folder),
      ownIgnoreFile: place.ignoreFile === own || (await disk.exists(own)) ? own : undefined,
      ignoreFile: places.find(({ ignoreFile }) => ignoreFile)?.ignoreFile,
      builds: place.builds,
      present: place.present,
    },
  ];
}

/** Places that a file can be moved to: it is no symbolic link, nothing lies there, and no link leads out of the folder `top`. */
async function freePlaces(disk: Disk, file: string, top: string, places: readonly ReadPlace[]): Promise<ReadPlace[]> {
  const realTop = await disk.realPath(top);
  const isInside = async (at: string): Promise<boolean> => {
    const folder = await disk.realPath(path.posix.dirname(at));
    return folder !== undefined && !/^\.\.(\/|$)/.test(relativePath(withSlashes(realTop ?? ''), withSlashes(folder)));
  };
  const free: ReadPlace[] = [];
  if (realTop === undefined || !(await disk.stat(file))?.isFile() || !(await isInside(file))) return free;
  for (const place of places)
    if (!(await disk.stat(place.path)) && (await isInside(place.path)))
      free.push({ ...place, users: place.users.map(userOf) });
  return free;
}

const userOf = ({ path: at, text, builds, present }: IgnoreUser): IgnoreUser => ({ path: at, text, builds, present });

/** Finds the Dockerfiles that are built with an ignore file, and the root of their context. */
export async function findIgnorePlace(disk: Disk, question: IgnoreQuestion): Promise<IgnorePlace> {
  const { file } = question;
  const folder = path.posix.dirname(file);
  const top = await topOf(disk, question);
  const owner = ownerOf(file);
  const found: Found[] = [];
  const searched = question.searched.get(top) ?? (owner === undefined ? findDockerfiles(disk, top) : undefined);
  if (searched) question.searched.set(top, searched);
  for (const dockerfile of owner === undefined ? ((await searched) ?? []) : [owner])
    found.push(...(await read(disk, question, dockerfile)));
  const { users, misplaced } = useOf(file, found);
  const root = owner === undefined ? folder : (users[0]?.contexts[0] ?? folder);
  const shown =
    misplaced?.kind === 'elsewhere'
      ? {
          ...misplaced,
          context: relativePath(top, misplaced.context),
          places: await freePlaces(disk, file, top, misplaced.places),
        }
      : misplaced;
  return { root, users: users.map(userOf), misplaced: shown };
}

/** What the core is told: paths as seen from the context's root. */
export function ignoreFactsOf(
  file: string,
  { root, users, misplaced }: IgnorePlace,
  folder: ContextFolder,
): IgnoreFacts {
  const { listing, unlisted, truncated } = folder.scan;
  const seen = <T extends IgnoreUser | ReadPlace>(each: T): T => ({ ...each, path: relativePath(root, each.path) });
  return {
    folder: {
      root,
      path: relativePath(root, file),
      listing,
      texts: folder.texts,
      unlisted,
      counted: folder.counted,
      truncated,
    },
    users: users.map(seen),
    misplaced:
      misplaced?.kind === 'elsewhere'
        ? { ...misplaced, places: misplaced.places.map((place) => ({ ...seen(place), users: place.users.map(seen) })) }
        : misplaced,
  };
}

export interface IgnoreFileQuestion {
  /** Absolute; need not exist. */
  readonly file: string;
  readonly text: string;
  readonly config: Config;
  /** Absolute folder where the user names the build context. */
  readonly context?: string | undefined;
  /** Absolute: what counts as the top of a file in no repository. */
  readonly around?: string | undefined;
}

/** Never rejects: what cannot be read is not known. */
export type GatherIgnoreFacts = (question: IgnoreFileQuestion) => Promise<IgnoreFacts>;

/** Searches each repository for Dockerfiles once. */
export function gatherIgnoreFacts(): GatherIgnoreFacts {
  const disk = openDisk();
  const builds = rememberBuilds(disk);
  const searched = new Map<string, Promise<string[]>>();
  const gather = async ({ file, text, config, context, ...question }: IgnoreFileQuestion): Promise<IgnoreFacts> => {
    const location = withSlashes(file);
    const around = question.around && withSlashes(question.around);
    const asked = { file: location, config, context, around, builds, searched, texts: new Map() };
    const place = await findIgnorePlace(disk, asked);
    const ignore = { path: relativePath(place.root, location), text };
    return ignoreFactsOf(location, place, await openContextFolder(disk, place.root, ignore));
  };
  return (question) => gather(question).catch(() => noIgnoreFacts);
}
