import { type BuildGraph, mountFrom, type Step } from '../build/graph.ts';
import { baseName } from '../build/paths.ts';
import { type ContentEntry, type SelectOptions, selectFiles, selectionContent } from '../context/select.ts';
import type { ContextSnapshot, Entry } from '../workspace.ts';
import type { ContentInput, Selector, Source } from './definition.ts';
import type { Selection } from './model.ts';

const exactly: SelectOptions = { wildcards: false };

interface Contexted {
  readonly context: ContextSnapshot | undefined;
}

/** What a COPY, an ADD or the bind mounts of a RUN read from the build context. */
export function selectFor(graph: BuildGraph, context: ContextSnapshot | undefined, step: Step): Selection {
  const { copy } = step;
  if (copy?.from) return selectFiles(context, []);
  if (!copy) return selectFiles(context, boundPaths(graph, step), { wildcards: false });
  const texts = copy.sources.filter(({ known }) => known).map(({ text }) => text);
  const selection = selectFiles(context, texts, { exclude: copy.exclude, parents: copy.parents });
  return texts.length === copy.sources.length ? selection : partlyKnown(selection);
}

const boundPaths = (graph: BuildGraph, step: Step): string[] =>
  step.mounts
    .filter((mount) => mount.type === 'bind' && !mountFrom(graph, step, mount))
    .map(({ source }) => source ?? '/');

/** A selection without the sources whose variables are not known. */
const partlyKnown = (selection: Selection): Selection => ({
  get files() {
    return selection.files;
  },
  get bytes() {
    return selection.bytes;
  },
  get missing() {
    return selection.missing;
  },
  known: false,
  has: (path) => selection.has(path),
});

export const sameSelectors = (a: ContentInput, b: ContentInput): boolean =>
  JSON.stringify(a.selectors) === JSON.stringify(b.selectors);

/** Whether two inputs that are no other operation's files are digested alike. Content is looked at only where the selectors leave it open. */
export function sameContent(before: Contexted, old: ContentInput, after: Contexted, input: ContentInput): boolean {
  if (old.source.kind === 'remote' || input.source.kind === 'remote') return sameRemote(old.source, input.source);
  const isOpen = [...old.selectors, ...input.selectors].some(({ known }) => !known);
  if (isOpen || !before.context || !after.context || before.context === after.context) {
    if (sameSelectors(old, input)) return true;
    if (isOpen || !before.context || !after.context) return false;
  }
  const { same } = differenceOf(before.context, after.context);
  const key = JSON.stringify([old.selectors, input.selectors]);
  const known = same.get(key) ?? sameLists(listings(before.context, old), listings(after.context, input), sameEntries);
  same.set(key, known);
  return known;
}

/** What is known of how two contexts differ. */
interface Difference {
  /** Files and links that are new, gone or not the same; sorted. */
  readonly paths: readonly string[];
  /** Whether inputs are digested alike, by their selectors. */
  readonly same: Map<string, boolean>;
}

const differences = new WeakMap<ContextSnapshot, WeakMap<ContextSnapshot, Difference>>();

function differenceOf(before: ContextSnapshot, after: ContextSnapshot): Difference {
  const ofBefore = differences.get(before) ?? new WeakMap<ContextSnapshot, Difference>();
  differences.set(before, ofBefore);
  const made = ofBefore.get(after) ?? { paths: differingPaths(before, after), same: new Map() };
  ofBefore.set(after, made);
  return made;
}

/** One address is one content; so is one checksum. */
function sameRemote(a: Source, b: Source): boolean {
  if (a.kind !== 'remote' || b.kind !== 'remote') return false;
  return a.checksum && b.checksum ? a.checksum === b.checksum : a.url === b.url;
}

const sourceText = ({ path, parents }: Selector): string =>
  parents === undefined ? path : `${path === '/' ? '' : path}/./${parents}`;

const optionsOf = ({ glob, parents, exclude }: Selector): SelectOptions => ({
  exclude,
  parents: parents !== undefined,
  wildcards: glob,
});

/**
 * What selectors bring. The place of a file that is alone, and named like the last part of the path, does not count: `COPY a?/x.js` does not see
 * its folder renamed (Checksum in cache/contenthash/checksum.go).
 */
const listings = (context: ContextSnapshot, { selectors }: ContentInput): (readonly ContentEntry[])[] =>
  selectors.flatMap((selector) => {
    const lists = selectionContent(context, [sourceText(selector)], optionsOf(selector));
    const [only, ...more] = lists.flat();
    if (only && more.length === 0 && baseName(only.path) === baseName(selector.path)) return [[{ ...only, path: '' }]];
    const filtersRoot = selector.path === '/' && (selector.parents !== undefined || selector.exclude.length > 0);
    return filtersRoot ? [...lists, ...lists.flatMap((list) => followedLinks(context, list))] : lists;
  });

/**
 * Where the whole context is filtered, links that lie directly in it count by what they lead to, excluded or not: `includedPaths` in
 * cache/contenthash/checksum.go keeps no header for a folder whose path ends in a slash, and takes what is in it for a match of its own.
 */
const followedLinks = (context: ContextSnapshot, list: readonly ContentEntry[]): (readonly ContentEntry[])[] =>
  list
    .filter(({ type, path }) => type === 'symlink' && !path.includes('/'))
    .flatMap(({ path }) => selectionContent(context, [path], exactly));

const sameLists = <T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): boolean =>
  a.length === b.length &&
  a.every((item, at) => {
    const other = b[at];
    return other !== undefined && same(item, other);
  });

const sameEntries = (a: readonly ContentEntry[], b: readonly ContentEntry[]): boolean =>
  sameLists(a, b, (x, y) => x.path === y.path && x.type === y.type && x.mode === y.mode && x.content === y.content);

/** The files through which two inputs from the build context differ; empty where only folders do. */
export function changedFiles(before: Contexted, old: ContentInput, after: Contexted, input: ContentInput): string[] {
  const [oldContext, context] = [before.context, after.context];
  if (!oldContext || !context) return [];
  const was = selectionsOf(oldContext, old);
  const is = selectionsOf(context, input);
  const differs = new Set(differenceOf(oldContext, context).paths);
  const selected = (selections: readonly Selection[], path: string) => selections.some(({ has }) => has(path));
  const changed = [...differs].filter((path) => selected(was, path) || selected(is, path));
  return changed.length > 0 ? changed : onlyOneSelects(was, is);
}

const selectionsOf = (context: ContextSnapshot, { selectors }: ContentInput): Selection[] =>
  selectors.map((selector) => selectFiles(context, [sourceText(selector)], optionsOf(selector)));

/** Where no file changed, other files are selected. */
function onlyOneSelects(was: readonly Selection[], is: readonly Selection[]): string[] {
  const [old, now] = [was, is].map((selections) => new Set(selections.flatMap(({ files }) => files)));
  const left = [...(old ?? [])].filter((path) => !now?.has(path));
  return [...left, ...[...(now ?? [])].filter((path) => !old?.has(path))].sort();
}

function differingPaths(before: ContextSnapshot, after: ContextSnapshot): string[] {
  const old = new Map(before.entries.map((entry) => [entry.path, entry]));
  const paths: string[] = [];
  for (const entry of after.entries) {
    const was = old.get(entry.path);
    old.delete(entry.path);
    if (entry.type === 'directory' && was?.type !== 'file' && was?.type !== 'symlink') continue;
    if (!was || !sameEntry(before, was, after, entry)) paths.push(entry.path);
  }
  const gone = [...old.values()].filter(({ type }) => type !== 'directory');
  return [...paths, ...gone.map(({ path }) => path)].sort();
}

/** A link is its target's name here: what it leads to is a file of its own. Content that nobody has read is the same in the same entry. */
function sameEntry(before: ContextSnapshot, old: Entry, after: ContextSnapshot, entry: Entry): boolean {
  if (old.type !== entry.type || old.mode !== entry.mode || old.target !== entry.target) return false;
  if (entry.type === 'symlink') return true;
  const [was, is] = [before.digest(entry.path), after.digest(entry.path)];
  if (was !== undefined || is !== undefined) return was === is;
  const text = after.text(entry.path);
  return text === before.text(entry.path) && (text !== undefined || old === entry);
}
