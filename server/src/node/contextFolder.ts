import { type Entering, enteringSteps, sizeOf } from '../core/context/entering.ts';
import { type IgnoreMatcher, parseIgnore } from '../core/context/ignore.ts';
import { type Change, changed, indexOf, type Listing } from '../core/context/listing.ts';
import { folderOf } from '../core/context/path.ts';
import { refusedLines } from '../core/context/refusal.ts';
import { snapshotOf } from '../core/context/snapshot.ts';
import { enteringAfter } from '../core/context/update.ts';
import type { ContextSnapshot, RefusedLine } from '../core/workspace.ts';
import type { Disk } from './disk.ts';
import { readable, readTexts } from './manifests.ts';
import { entryAt, levelOf, type Scan, scan } from './scan.ts';
import { inSlices } from './slices.ts';

/** What is known of one build context; never changed, only replaced. */
export interface ContextFolder {
  /** Absolute, with `/`. */
  readonly root: string;
  readonly ignore: ContextSnapshot['ignore'];
  readonly matcher: IgnoreMatcher;
  /** The malformed lines for which the builder refuses what is listed. */
  readonly refused: readonly RefusedLine[];
  readonly scan: Scan;
  readonly entering: Entering;
  readonly texts: ReadonlyMap<string, string>;
  /** What ignored folders hold, where someone wanted to know. */
  readonly counted: ReadonlyMap<string, Entering['excluded']>;
}

/** Most files and folders of a context that are listed. */
export const defaultLimit = 200_000;

/** Of more changes at once, reading the folder anew is quicker. */
const mostChanges = 500;

export async function openContextFolder(
  disk: Disk,
  root: string,
  ignore: ContextSnapshot['ignore'],
  limit = defaultLimit,
): Promise<ContextFolder> {
  const parsed = parseIgnore(ignore?.text ?? '');
  const { matcher } = parsed;
  const found = await scan(disk, root, { walker: matcher.walker, limit });
  const entering = await inSlices(enteringSteps(found.listing, matcher));
  const texts = await readTexts(disk, root, await readable(found.listing, entering.entries));
  const refused = refusedLines(parsed, found.listing);
  return { root, ignore, matcher, refused, scan: found, entering, texts, counted: new Map() };
}

/** The folder under another ignore file: only folders that were not listed and may now enter are read. */
export async function withIgnore(
  disk: Disk,
  folder: ContextFolder,
  ignore: ContextSnapshot['ignore'],
): Promise<ContextFolder> {
  const parsed = parseIgnore(ignore?.text ?? '');
  const { matcher } = parsed;
  const found = await scanUnlisted(disk, folder, matcher);
  return evaluated(disk, { ...folder, ignore, matcher, refused: refusedLines(parsed, found.listing) }, found);
}

/** What enters of a folder that holds much that is new. */
async function evaluated(disk: Disk, folder: ContextFolder, found: Scan): Promise<ContextFolder> {
  const entering = await inSlices(enteringSteps(found.listing, folder.matcher));
  const files = await readable(found.listing, entering.entries);
  const unread = files.filter(({ path }) => !folder.texts.has(path));
  const texts = new Map([...folder.texts, ...(await readTexts(disk, folder.root, unread))]);
  return { ...folder, scan: found, entering, texts };
}

async function scanUnlisted(disk: Disk, { root, scan: before }: ContextFolder, matcher: IgnoreMatcher): Promise<Scan> {
  const wanted = before.unlisted.filter((path) => !matcher.canPrune(path));
  let result: Scan = { ...before, unlisted: before.unlisted.filter((path) => matcher.canPrune(path)) };
  for (const path of wanted) {
    const limit = defaultLimit - result.listing.length;
    if (limit <= 0) return { ...result, truncated: true };
    result = withScanned(result, path, await scan(disk, root, { walker: matcher.walker, limit }, path));
  }
  return result;
}

/** The content of the folder `path` was listed later. */
function withScanned(all: Scan, path: string, part: Scan): Scan {
  const at = indexOf(all.listing, path) + 1;
  return {
    listing: [...all.listing.slice(0, at), ...part.listing, ...all.listing.slice(at)],
    unlisted: [...all.unlisted, ...part.unlisted],
    unreadable: [...all.unreadable, ...part.unreadable],
    truncated: all.truncated || part.truncated,
  };
}

/**
 * The folder after changes of these context-relative paths on the disk: one file changed is one entry replaced. The same object where
 * nothing of it is listed, as below ignored folders.
 */
export async function afterChanges(
  disk: Disk,
  folder: ContextFolder,
  paths: readonly string[],
): Promise<ContextFolder> {
  const listed = [...new Set(paths)].filter((path) => path !== '' && isListed(folder, path)).sort();
  if (listed.length === 0) return folder;
  if (listed.length > mostChanges) return openContextFolder(disk, folder.root, folder.ignore);
  let result = folder;
  for (const path of listed) result = await afterChange(disk, result, path);
  return result;
}

/** Whether a change there can be seen: not below a folder that is ignored with all that it holds. */
const isListed = ({ matcher }: ContextFolder, path: string): boolean => {
  const { matched, settled } = levelOf(matcher.walker, folderOf(path));
  return !(matched && settled);
};

async function afterChange(disk: Disk, folder: ContextFolder, path: string): Promise<ContextFolder> {
  const { root, matcher, scan: before } = folder;
  const location = `${root}/${path}`;
  const stats = await disk.stat(location);
  if (!stats?.isDirectory()) {
    const entry = stats ? entryAt(disk, path, location) : undefined;
    if (!entry && indexOf(before.listing, path) < 0) return folder;
    return apply(disk, folder, [...newFolders(before.listing, entry ? path : ''), { path, entry }], before);
  }
  const known = before.listing[indexOf(before.listing, path)]?.type === 'directory';
  if (known) return folder;
  const self: Change = { path, entry: { path, type: 'directory', size: 0, mode: 0o755 } };
  const changes = [...newFolders(before.listing, path), self];
  if (matcher.canPrune(path)) return apply(disk, folder, changes, { ...before, unlisted: [...before.unlisted, path] });
  const limit = Math.max(1, defaultLimit - before.listing.length);
  const part = await scan(disk, root, { walker: matcher.walker, limit }, path);
  const empty = await apply(disk, folder, changes, before);
  return evaluated(disk, empty, withScanned(empty.scan, path, part));
}

/** Folders that the path lies in and that are not listed yet, the outermost first: their own change may be told later. */
function newFolders(listing: Listing, path: string): Change[] {
  const missing: Change[] = [];
  for (let folder = folderOf(path); folder !== '' && indexOf(listing, folder) < 0; folder = folderOf(folder))
    missing.unshift({ path: folder, entry: { path: folder, type: 'directory', size: 0, mode: 0o755 } });
  return missing;
}

async function apply(
  disk: Disk,
  folder: ContextFolder,
  changes: readonly Change[],
  found: Scan,
): Promise<ContextFolder> {
  const listing = changed(found.listing, changes);
  const entries = enteringAfter(folder.entering.entries, listing, folder.matcher, changes);
  const all = sizeOf(listing);
  const entered = sizeOf(entries);
  const excluded = { files: all.files - entered.files, bytes: all.bytes - entered.bytes };
  const touched = changes.flatMap(({ entry }) => entry ?? []);
  const files = await readable(
    touched,
    touched.filter(({ path }) => indexOf(entries, path) >= 0),
  );
  const texts = new Map([...folder.texts].filter(([path]) => !changes.some((change) => change.path === path)));
  for (const [path, text] of await readTexts(disk, folder.root, files)) texts.set(path, text);
  const unlisted = found.unlisted.filter((path) => indexOf(listing, path) >= 0);
  return { ...folder, scan: { ...found, listing, unlisted }, entering: { entries, excluded }, texts };
}

/** Looks into the folders that are ignored whole, only to count what is kept out. */
export async function withCounts(disk: Disk, folder: ContextFolder): Promise<ContextFolder> {
  const { walker } = parseIgnore('').matcher;
  const counted = new Map(folder.counted);
  for (const path of folder.scan.unlisted) {
    if (counted.has(path)) continue;
    const { listing } = await scan(disk, folder.root, { walker, limit: defaultLimit }, path);
    counted.set(path, sizeOf(listing));
  }
  return { ...folder, counted };
}

/** The snapshot of a folder as one Dockerfile sees it. */
export function snapshotOfFolder(folder: ContextFolder, details: SnapshotDetails): ContextSnapshot {
  const { root, ignore, refused, entering, texts, counted } = folder;
  const { listing, unlisted, unreadable, truncated } = folder.scan;
  const { reason, dockerfile, digests, present } = details;
  const isUnlisted = (path: string): boolean => unlisted.some((each) => path.startsWith(`${each}/`));
  const below = unlisted.flatMap((path) => counted.get(path) ?? []);
  return snapshotOf({
    root,
    reason,
    ignore,
    dockerfile,
    entries: entering.entries,
    excluded: [entering.excluded, ...below].reduce((a, b) => ({ files: a.files + b.files, bytes: a.bytes + b.bytes })),
    uncounted: unlisted.filter((path) => !counted.has(path)),
    truncated,
    unreadable,
    refused,
    folder: { listing, texts },
    exists: (path) =>
      path === '' ||
      indexOf(listing, path) >= 0 ||
      (truncated || isUnlisted(path) ? present?.has(path) || undefined : false),
    text: (path) => texts.get(path),
    digest: digests && ((path) => digests.get(path)),
  });
}

export interface SnapshotDetails {
  readonly reason: string;
  readonly dockerfile: string | undefined;
  readonly digests?: ReadonlyMap<string, string> | undefined;
  /** Paths that are there, in folders that are not listed as well. */
  readonly present?: ReadonlySet<string> | undefined;
}
