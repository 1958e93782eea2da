import { endOfFolder, indexOf, type Listing } from '../context/listing.ts';
import { comparePaths } from '../context/path.ts';
import { perObject } from '../syntax/memo.ts';
import type { ContextSnapshot, Entry } from '../workspace.ts';

/** An entry of one context that the other does not have, or has otherwise. A folder's mode does not count. */
export interface Difference {
  readonly path: string;
  /** False where it is, or was, a folder and nothing else. */
  readonly file: boolean;
}

/**
 * What differs at or below a path ('' is the root), in the order of `comparePaths`, found as it is asked for. Links are not followed. Snapshots
 * share the entry of a file that did not change.
 */
export function* differences(before: ContextSnapshot, after: ContextSnapshot, path: string): Generator<Difference> {
  if (before === after) return;
  const [old, now] = [rangeOf(before, path), rangeOf(after, path)];
  let [oldAt, at] = [old.start, now.start];
  for (;;) {
    const shared = sharedFrom(before.entries, oldAt, after.entries, at, Math.min(old.end - oldAt, now.end - at));
    oldAt += shared;
    at += shared;
    if (oldAt >= old.end && at >= now.end) return;
    const was = oldAt < old.end ? before.entries[oldAt] : undefined;
    const is = at < now.end ? after.entries[at] : undefined;
    const order = was && is ? comparePaths(was.path, is.path) : was ? -1 : 1;
    if (order <= 0) oldAt++;
    if (order >= 0) at++;
    const there = [order <= 0 ? was : undefined, order >= 0 ? is : undefined] as const;
    if (!sameEntry(before, there[0], after, there[1])) {
      const path = (there[0] ?? there[1])?.path ?? '';
      yield { path, file: there.some((entry) => entry !== undefined && entry.type !== 'directory') };
    }
  }
}

/** How many entries two listings share from these places on: all but a few of a hundred thousand. */
function sharedFrom(a: Listing, fromA: number, b: Listing, fromB: number, most: number): number {
  let count = 0;
  while (count < most && a[fromA + count] === b[fromB + count]) count++;
  return count;
}

/** Where a path's entry stands with all that is below it; nothing where it is not there. */
function rangeOf({ entries }: ContextSnapshot, path: string): { readonly start: number; readonly end: number } {
  if (path === '') return { start: 0, end: entries.length };
  const start = indexOf(entries, path);
  return start < 0 ? { start: 0, end: 0 } : { start, end: endOfFolder(entries, start) };
}

/** A link is its target's name here: what it leads to is a file of its own. Content that nobody has read is the same in nothing else. */
function sameEntry(before: ContextSnapshot, old: Entry | undefined, after: ContextSnapshot, entry: Entry | undefined) {
  if (!old || !entry || old.type !== entry.type || old.target !== entry.target) return false;
  if (entry.type === 'directory') return true;
  if (old.mode !== entry.mode) return false;
  if (entry.type === 'symlink') return true;
  const [was, is] = [before.digest(entry.path), after.digest(entry.path)];
  if (was !== undefined || is !== undefined) return was === is;
  const text = after.text(entry.path);
  return text !== undefined && text === before.text(entry.path);
}

const linksOf = perObject(({ entries }: ContextSnapshot): readonly string[] =>
  entries.filter(({ type }) => type === 'symlink').map(({ path }) => path),
);

/** Whether links stand on the way to a path or lie below it: what it selects may then lie elsewhere. */
export const meetsLinks = (context: ContextSnapshot, path: string): boolean =>
  linksOf(context).some(
    (link) => path === '' || link === path || link.startsWith(`${path}/`) || path.startsWith(`${link}/`),
  );
