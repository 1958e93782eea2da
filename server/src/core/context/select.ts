import { perObject } from '../syntax/memo.ts';
import type { ContextSnapshot, Entry } from '../workspace.ts';
import { indexOf } from './listing.ts';
import { compilePatterns, nameOf, type Picked, pickSource, type SelectOptions } from './pick.ts';
import type { Selection } from './selection.ts';

export type { SelectOptions } from './pick.ts';

/** One entry of what a source brings, as it enters a cache key. */
export interface ContentEntry {
  /** Relative to the folder that the source names; '' for a file or folder that it names itself, whose own name does not count. */
  readonly path: string;
  readonly type: Entry['type'];
  /** Permission bits; 0 for folders, whose mode does not count. */
  readonly mode: number;
  /** A file's content, equal exactly where the content is known to be equal; a symbolic link's target; empty for folders. */
  readonly content: string;
}

interface Resolution {
  readonly selection: Selection;
  readonly content: readonly (readonly ContentEntry[])[];
}

const resolutions = perObject((_: ContextSnapshot) => new Map<string, Resolution>());

/** A person who types makes many; more than this are of no use any more. */
const mostRemembered = 500;

/**
 * The files of the context that a COPY or ADD (its sources without URLs and heredocs) or a bind mount reads. Computed when something of it
 * is looked at, and once for a snapshot.
 */
export const selectFiles = (
  context: ContextSnapshot | undefined,
  sources: readonly string[],
  options: SelectOptions = {},
): Selection => (context ? resolution(context, sources, options).selection : unknownSelection);

/** What the sources bring, source by source, in BuildKit's order: two equal contents give the same cache key. Sources that match nothing are empty. */
export const selectionContent = (
  context: ContextSnapshot,
  sources: readonly string[],
  options: SelectOptions = {},
): readonly (readonly ContentEntry[])[] => resolution(context, sources, options).content;

const unknownSelection: Selection = { files: [], bytes: 0, known: false, missing: [], has: () => false };

function resolution(context: ContextSnapshot, sources: readonly string[], options: SelectOptions): Resolution {
  const key = JSON.stringify([sources, options.exclude ?? [], options.parents ?? false, options.wildcards ?? true]);
  const known = resolutions(context);
  const found = known.get(key);
  if (found) return found;
  if (known.size >= mostRemembered) known.clear();
  const made = resolve(context, sources, options);
  known.set(key, made);
  return made;
}

function resolve(context: ContextSnapshot, sources: readonly string[], options: SelectOptions): Resolution {
  const picked = lazy(() => pickAll(context, sources, options));
  const marks = lazy(() => marksOf(context, picked()));
  const summary = lazy(() => summarize(context, marks()));
  const missing = lazy(() => sources.filter((_, index) => picked()?.[index]?.length === 0));
  const content = lazy(() => (picked() ?? []).map((roots) => roots.flatMap((root) => contentOf(context, root))));
  return {
    selection: {
      get files() {
        return summary().files;
      },
      get bytes() {
        return summary().bytes;
      },
      get known() {
        return picked() !== undefined;
      },
      get missing() {
        return missing();
      },
      has: (path) => marks()[indexOf(context.entries, path)] === 1,
    },
    get content() {
      return content();
    },
  };
}

function lazy<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Undefined where the builder refuses an `--exclude`. */
function pickAll(context: ContextSnapshot, sources: readonly string[], options: SelectOptions): Picked[][] | undefined {
  const exclude = compilePatterns(options.exclude ?? []);
  return exclude && sources.map((source) => pickSource(context, source, exclude, options));
}

/** By index, 1 for an entry that is selected. */
function marksOf({ entries }: ContextSnapshot, picked: readonly Picked[][] = []): Uint8Array {
  const marks = new Uint8Array(entries.length);
  for (const each of picked.flat()) {
    if (each.whole) marks.fill(1, Math.max(0, each.whole.start), each.whole.end);
    else for (const index of each.indexes) if (index >= 0) marks[index] = 1;
    for (const link of each.resolved.links) marks[indexOf(entries, link)] = 1;
  }
  return marks;
}

function summarize({ entries }: ContextSnapshot, marks: Uint8Array): Pick<Selection, 'files' | 'bytes'> {
  const files: string[] = [];
  let bytes = 0;
  const end = marks.lastIndexOf(1) + 1;
  for (let index = Math.max(0, marks.indexOf(1)); index < end; index++) {
    const entry = entries[index];
    if (!entry || marks[index] === 0 || entry.type === 'directory') continue;
    files.push(entry.path);
    bytes += entry.size;
  }
  return { files, bytes };
}

function contentOf(context: ContextSnapshot, picked: Picked): ContentEntry[] {
  if (picked.uncounted) return [];
  return picked.indexes.map((index) => {
    const entry = context.entries[index];
    const path = nameOf(picked, entry?.path);
    if (!entry || entry.type === 'directory') return { path, type: 'directory', mode: 0, content: '' };
    return { path, type: entry.type, mode: entry.mode, content: identity(context, entry) };
  });
}

function identity(context: ContextSnapshot, entry: Entry): string {
  if (entry.type === 'symlink') return entry.target ?? '';
  const digest = context.digest(entry.path);
  if (digest !== undefined) return `sha256:${digest}`;
  const text = context.text(entry.path);
  return text === undefined ? `unknown:${numberOf(entry)}` : `text:${text}`;
}

let lastNumber = 0;

/** Content that is not known equals only itself: the same entry, which snapshots share as long as the file is not changed. */
const numberOf = perObject((_: Entry): number => ++lastNumber);
