import { perObject } from '../syntax/memo.ts';
import type { Entry } from '../workspace.ts';
import { filterSteps } from './filterTree.ts';
import type { IgnoreMatcher } from './ignore.ts';
import type { Listing } from './listing.ts';

/** What reaches the builder, and what the ignore file keeps out of it as far as the listing tells. */
export interface Entering {
  readonly entries: Listing;
  readonly excluded: { readonly files: number; readonly bytes: number };
}

/** Applies an ignore file to a folder's listing, in pieces. */
export function* enteringSteps(listing: Listing, { walker }: IgnoreMatcher): Generator<undefined, Entering> {
  const indexes = yield* filterSteps(listing, -1, { exclude: walker });
  const entries = indexes.map((index) => listing[index] as Entry);
  const all = sizeOf(listing);
  const entered = sizeOf(entries);
  return { entries, excluded: { files: all.files - entered.files, bytes: all.bytes - entered.bytes } };
}

/** The same at once. */
export function entering(listing: Listing, matcher: IgnoreMatcher): Entering {
  const steps = enteringSteps(listing, matcher);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

interface Size {
  readonly files: number;
  readonly bytes: number;
}

/** Files and symbolic links, and their bytes; added up once for each listing. */
export const sizeOf = perObject((entries: Listing): Size => {
  let files = 0;
  let bytes = 0;
  for (const { type, size } of entries) {
    if (type === 'directory') continue;
    files++;
    bytes += size;
  }
  return { files, bytes };
});
