import type { Dirent } from 'node:fs';
import type { Listing } from '../core/context/listing.ts';
import type { Level, PatternMatcher } from '../core/context/patternMatcher.ts';
import type { Entry } from '../core/workspace.ts';
import type { Disk, Location } from './disk.ts';
import { inSlices, type Turn, takeTurn } from './slices.ts';

export interface ScanOptions {
  /** Of the ignore file: folders that it leaves out for good are not read. */
  readonly walker: PatternMatcher;
  /** Most entries to list. */
  readonly limit: number;
}

/** A folder's content as it is, ignored files included. */
export interface Scan {
  readonly listing: Listing;
  /** Folders that were not read because they are ignored with all that they may hold. */
  readonly unlisted: readonly string[];
  /** Folders that could not be read. */
  readonly unreadable: readonly string[];
  /** Whether the limit cut it short. */
  readonly truncated: boolean;
}

interface Folder {
  readonly path: string;
  readonly location: Location;
  readonly level: Level;
  entries: readonly Entry[];
  /** By their paths. */
  readonly folders: Map<string, Folder>;
}

interface Walk {
  readonly disk: Disk;
  readonly options: ScanOptions;
  readonly turn: Turn;
  readonly queue: Folder[];
  readonly unlisted: string[];
  readonly unreadable: string[];
  count: number;
  truncated: boolean;
}

/** Folders that are read at the same time. */
const parallel = 8;

/**
 * Lists the folder `start` ('' for all) of the context at `root`. Symbolic links are listed and not followed; sockets, devices and the
 * like are left out, as BuildKit leaves them.
 */
export async function scan(disk: Disk, root: string, options: ScanOptions, start = ''): Promise<Scan> {
  const top: Folder = {
    path: start,
    location: start === '' ? root : `${root}/${start}`,
    level: levelOf(options.walker, start),
    entries: [],
    folders: new Map(),
  };
  const walk: Walk = {
    disk,
    options,
    turn: takeTurn(),
    queue: [top],
    unlisted: [],
    unreadable: [],
    count: 0,
    truncated: false,
  };
  await walkAll(walk);
  const listing: Entry[] = [];
  await inSlices(flatten(top, listing));
  const { unlisted, unreadable, truncated } = walk;
  return { listing, unlisted, unreadable, truncated };
}

/** What the ignore file says of a folder, from the root down. */
export function levelOf(walker: PatternMatcher, folder: string): Level {
  let level = walker.root;
  if (folder === '') return level;
  const parts = folder.split('/');
  for (let end = 1; end <= parts.length; end++) level = walker.directory(parts.slice(0, end).join('/'), level);
  return level;
}

const isOut = ({ matched, settled }: Level): boolean => matched && settled;

async function walkAll(walk: Walk): Promise<void> {
  const running = new Set<Promise<void>>();
  for (let next = 0; next < walk.queue.length || running.size > 0; ) {
    const folder = running.size < parallel ? walk.queue[next] : undefined;
    if (!folder) {
      await Promise.race(running);
      continue;
    }
    next++;
    const reading = readFolder(walk, folder).finally(() => running.delete(reading));
    running.add(reading);
  }
}

async function readFolder(walk: Walk, folder: Folder): Promise<void> {
  if (isFull(walk)) return;
  const names = await walk.disk.list(folder.location);
  if (!names) {
    walk.unreadable.push(folder.path);
    return;
  }
  const entries: Entry[] = [];
  for (const [index, name] of names.entries()) {
    if (index % 16 === 0 && walk.turn.isOver) await walk.turn.rest();
    if (isFull(walk)) break;
    const entry = readEntry(walk, folder, name);
    if (!entry) continue;
    entries.push(entry);
    walk.count++;
  }
  folder.entries = entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Asked before more is read: what is left over then makes the listing incomplete. */
function isFull(walk: Walk): boolean {
  walk.truncated ||= walk.count >= walk.options.limit;
  return walk.truncated;
}

function readEntry(walk: Walk, folder: Folder, dirent: Dirent | Dirent<Buffer>): Entry | undefined {
  const name = dirent.name.toString();
  const path = folder.path === '' ? name : `${folder.path}/${name}`;
  const location = locationIn(folder.location, dirent.name);
  if (dirent.isDirectory()) {
    openFolder(walk, folder, path, location);
    return { path, type: 'directory', size: 0, mode: 0o755 };
  }
  return dirent.isFile() || dirent.isSymbolicLink() ? entryAt(walk.disk, path, location) : undefined;
}

/** A file or symbolic link as it is now; undefined for anything else. */
export function entryAt(disk: Disk, path: string, location: Location): Entry | undefined {
  const stats = disk.statNow(location);
  if (!stats) return undefined;
  const { size, mode } = stats;
  if (stats.isFile()) return { path, type: 'file', size, mode: mode & 0o7777 };
  if (!stats.isSymbolicLink()) return undefined;
  const target = disk.linkTarget(location)?.replaceAll('\\', process.platform === 'win32' ? '/' : '\\');
  return { path, type: 'symlink', size, mode: 0o777, target };
}

function openFolder({ options, queue, unlisted }: Walk, parent: Folder, path: string, location: Location): void {
  const level = options.walker.directory(path, parent.level);
  if (isOut(level)) {
    unlisted.push(path);
    return;
  }
  const folder: Folder = { path, location, level, entries: [], folders: new Map() };
  parent.folders.set(path, folder);
  queue.push(folder);
}

function locationIn(folder: Location, name: string | Buffer): Location {
  if (typeof folder === 'string' && (typeof name === 'string' || !name.toString().includes('\uFFFD')))
    return `${folder}/${name.toString()}`;
  return Buffer.concat([Buffer.from(folder), Buffer.from('/'), Buffer.from(name)]);
}

function* flatten(folder: Folder, listing: Entry[]): Generator<undefined> {
  for (const entry of folder.entries) {
    if (listing.at(-1)?.path === entry.path) continue;
    listing.push(entry);
    const inner = folder.folders.get(entry.path);
    if (inner) yield* flatten(inner, listing);
  }
  yield;
}
