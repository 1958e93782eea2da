import { perObject } from '../syntax/memo.ts';
import { endOfFolder, indexOf, type Listing } from './listing.ts';

/** A file, symbolic link or folder of a context. */
export interface SizedItem {
  readonly path: string;
  readonly folder: boolean;
  /** 1 for a file; of a folder all that are in it. */
  readonly files: number;
  readonly bytes: number;
}

export interface Sizes {
  /** What is directly in a folder ('' for the root), biggest first. */
  itemsIn(folder: string): SizedItem[];
}

type Total = { files: number; bytes: number };

/** The same for who asks of one listing again and again. */
export const rememberedSizes = perObject(sizesOf);

/** Adds up what the folders of a listing hold, once. */
export function sizesOf(listing: Listing): Sizes {
  const totals = new Map<string, Total>();
  const open: { readonly prefix: string; readonly total: Total }[] = [];
  for (const { path, type, size } of listing) {
    while (open.length > 0 && !path.startsWith(open.at(-1)?.prefix ?? '')) open.pop();
    if (type === 'directory') {
      const total = { files: 0, bytes: 0 };
      totals.set(path, total);
      open.push({ prefix: `${path}/`, total });
    } else
      for (const { total } of open) {
        total.files++;
        total.bytes += size;
      }
  }
  return { itemsIn: (folder) => itemsIn(listing, totals, folder) };
}

function itemsIn(listing: Listing, totals: ReadonlyMap<string, Total>, folder: string): SizedItem[] {
  const at = folder === '' ? -1 : indexOf(listing, folder);
  if (folder !== '' && at < 0) return [];
  const items: SizedItem[] = [];
  for (let index = at + 1, end = endOfFolder(listing, at); index < end; ) {
    const entry = listing[index];
    if (!entry) break;
    const { path, size, type } = entry;
    const total = type === 'directory' ? totals.get(path) : undefined;
    items.push({ path, folder: total !== undefined, ...(total ?? { files: 1, bytes: size }) });
    index = total ? endOfFolder(listing, index) : index + 1;
  }
  return items.sort((a, b) => b.bytes - a.bytes || b.files - a.files || (a.path < b.path ? -1 : 1));
}
