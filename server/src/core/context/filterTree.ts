import { endOfFolder, type Listing } from './listing.ts';
import type { Level, PatternMatcher } from './patternMatcher.ts';

/** Both see paths relative to the folder that is filtered, never the folder itself. */
export interface TreeFilter {
  /** What matches is left out. */
  readonly exclude?: PatternMatcher | undefined;
  /** Only what matches is taken. */
  readonly include?: PatternMatcher | undefined;
}

interface OpenFolder {
  /** In the listing. */
  readonly index: number;
  /** Its path with the slash, as the filter sees it. */
  readonly prefix: string;
  readonly exclude: Level | undefined;
  readonly include: Level | undefined;
  taken: boolean;
}

/**
 * The indexes of what a filter takes of the folder at `folder` (-1: the root), in order. A folder that is not taken itself comes along
 * once something in it is, and one whose files are all left out is taken empty (fsutil's filter.go and copy/copy.go).
 * Pauses now and then, so that long listings can be worked off in pieces.
 */
export function* filterSteps(
  listing: Listing,
  folder: number,
  { exclude, include }: TreeFilter,
): Generator<undefined, number[]> {
  const taken: number[] = [];
  const end = endOfFolder(listing, folder);
  const skipped = folder < 0 ? 0 : (listing[folder]?.path.length ?? 0) + 1;
  let inner: OpenFolder = { index: folder, prefix: '', exclude: exclude?.root, include: include?.root, taken: true };
  const open = [inner];
  const takeFolders = (): void => {
    for (const each of open) if (!each.taken) taken.push(each.index);
    for (const each of open) each.taken = true;
  };
  for (let index = folder + 1; index < end; index++) {
    if ((index & 2047) === 2047) yield;
    const entry = listing[index];
    if (!entry) break;
    const path = skipped === 0 ? entry.path : entry.path.slice(skipped);
    while (!path.startsWith(inner.prefix)) {
      open.pop();
      inner = open.at(-1) ?? inner;
    }
    if (entry.type === 'directory') {
      const excluded = inner.exclude && exclude?.directory(path, inner.exclude);
      const included = inner.include && include?.directory(path, inner.include);
      inner = { index, prefix: `${path}/`, exclude: excluded, include: included, taken: false };
      open.push(inner);
      if (!excluded?.matched && included?.matched !== false) takeFolders();
    } else if (
      !(inner.exclude && exclude?.matches(path, inner.exclude)) &&
      !(inner.include && !include?.matches(path, inner.include))
    ) {
      if (!inner.taken) takeFolders();
      taken.push(index);
    }
  }
  return taken;
}

/** The same at once. */
export function filterTree(listing: Listing, folder: number, filter: TreeFilter): number[] {
  const steps = filterSteps(listing, folder, filter);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
