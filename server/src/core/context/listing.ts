import type { Entry } from '../workspace.ts';
import { comparePaths, folderOf } from './path.ts';

/** Entries without duplicates in the order of `comparePaths`, each behind the folder that it lies in. */
export type Listing = readonly Entry[];

/** An entry that changed: `undefined` where the path is gone, with all that was below it. */
export interface Change {
  readonly path: string;
  readonly entry: Entry | undefined;
}

/** Where `path` stands, or would stand. */
export function lowerBound(listing: Listing, path: string, from = 0): number {
  let low = from;
  let high = listing.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comparePaths(listing[middle]?.path ?? '', path) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** -1 where there is no such entry. */
export function indexOf(listing: Listing, path: string): number {
  const index = lowerBound(listing, path);
  return listing[index]?.path === path ? index : -1;
}

/** The first index behind what lies below the folder at `index`; of the root for -1. */
export function endOfFolder(listing: Listing, index: number): number {
  const folder = listing[index]?.path;
  // U+FFFF is no character of a name: it sorts behind whatever the folder holds.
  return folder === undefined ? listing.length : lowerBound(listing, `${folder}/\uFFFF`, index + 1);
}

const isSorted = (entries: readonly Entry[]): boolean =>
  entries.every(({ path }, index) => index === 0 || comparePaths(entries[index - 1]?.path ?? '', path) < 0);

/** Sorts entries, drops all but the last of a path, and adds the folders that are not named. */
export function toListing(entries: readonly Entry[]): Listing {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  for (const path of [...byPath.keys()])
    for (let folder = folderOf(path); folder !== '' && !byPath.has(folder); folder = folderOf(folder))
      byPath.set(folder, { path: folder, type: 'directory', size: 0, mode: 0o755 });
  const complete = byPath.size === entries.length ? entries : [...byPath.values()];
  return isSorted(complete) ? complete : [...complete].sort((a, b) => comparePaths(a.path, b.path));
}

/** The listing with entries added, replaced or taken away. Folders of what is added must be there or come first. */
export function changed(listing: Listing, changes: readonly Change[]): Listing {
  const result = [...listing];
  for (const { path, entry } of changes) {
    const index = lowerBound(result, path);
    const exists = result[index]?.path === path;
    const keepsContent = entry?.type === 'directory';
    const end = !exists ? index : keepsContent ? index + 1 : endOfFolder(result, index);
    result.splice(index, end - index, ...(entry ? [entry] : []));
  }
  return result;
}
