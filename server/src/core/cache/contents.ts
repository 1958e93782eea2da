import { type BuildGraph, mountFrom, type Step } from '../build/graph.ts';
import { baseName } from '../build/paths.ts';
import { excludesNamedFiles, hasWildcards } from '../context/pick.ts';
import { type ContentEntry, type SelectOptions, selectFiles, selectionContent } from '../context/select.ts';
import { perObject } from '../syntax/memo.ts';
import type { ContextSnapshot } from '../workspace.ts';
import type { ContentInput, Selector, Source } from './definition.ts';
import { differences, meetsLinks } from './difference.ts';
import type { Model, Selection } from './model.ts';
import { sameSource } from './mountDefinition.ts';

const exactly: SelectOptions = { wildcards: false };

type Contexted = Pick<Model, 'context' | 'contexts'>;

/** The files of the build context, or of a named one. */
const contextOf = ({ context, contexts }: Contexted, { source }: ContentInput): ContextSnapshot | undefined =>
  source.kind === 'context' && source.name !== undefined ? contexts?.get(source.name) : context;

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
  const [was, is] = [contextOf(before, old), contextOf(after, input)];
  if (isOpen || !was || !is || was === is) {
    if (sameSelectors(old, input) && sameSource(old.source, input.source)) return true;
    if (isOpen || !was || !is) return false;
  }
  const same = remembered(was)(is);
  const key = JSON.stringify([old.selectors, input.selectors]);
  const known =
    same.get(key) ??
    quickAnswer(was, old, is, input) ??
    sameLists(listings(was, old), listings(is, input), sameEntries);
  same.set(key, known);
  return known;
}

/** Whether inputs of two contexts are digested alike, by their selectors, as far as somebody asked. */
const remembered = perObject((_before: ContextSnapshot) =>
  perObject((_after: ContextSnapshot) => new Map<string, boolean>()),
);

/** Without lists of all that is selected, which only differ where an entry of them does; undefined where files might have changed places. */
function quickAnswer(
  before: ContextSnapshot,
  old: ContentInput,
  after: ContextSnapshot,
  input: ContentInput,
): boolean | undefined {
  if (!sameSelectors(old, input) || looksBehindLinks(before, after, input.selectors)) return undefined;
  const answers = input.selectors.map((selector) => sameSelected(before, after, selector));
  if (answers.includes(false)) return false;
  return answers.includes(undefined) ? undefined : true;
}

function sameSelected(before: ContextSnapshot, after: ContextSnapshot, selector: Selector): boolean | undefined {
  if (excludesNamedFiles(selector.exclude)) return undefined;
  const found = differences(before, after, placeOf(selector));
  if (isWhole(selector)) return found.next().done === true;
  const [was, is] = [before, after].map((context) => selectionOf(context, selector));
  let [left, came] = [0, 0];
  for (const { path } of found) {
    const [old, now] = [was?.has(path), is?.has(path)];
    if (old && now) return false;
    if (old) left++;
    if (now) came++;
  }
  if (left !== came) return false;
  return left === 0 ? true : undefined;
}

/** Whether what the selectors take may lie elsewhere. */
const looksBehindLinks = (before: ContextSnapshot, after: ContextSnapshot, selectors: readonly Selector[]): boolean =>
  selectors.map(placeOf).some((place) => meetsLinks(before, place) || meetsLinks(after, place));

/** The file or folder at or below which all lies that a selector takes where there are no links: its parts without wildcards. */
function placeOf({ path, glob }: Selector): string {
  const parts = path.split('/').slice(1);
  const wild = glob ? parts.findIndex((part) => hasWildcards(part)) : -1;
  return (wild < 0 ? parts : parts.slice(0, wild)).join('/');
}

const isWhole = ({ path, glob, parents, exclude }: Selector): boolean =>
  parents === undefined && exclude.length === 0 && !(glob && hasWildcards(path));

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
  const [oldContext, context] = [contextOf(before, old), contextOf(after, input)];
  if (!oldContext || !context) return [];
  const was = selectionsOf(oldContext, old);
  const is = selectionsOf(context, input);
  const isSelected = ({ path }: { path: string }) => [...was, ...is].some(({ has }) => has(path));
  const changed = differing(oldContext, context, [...old.selectors, ...input.selectors]).filter(isSelected);
  return changed.length > 0 ? changed.map(({ path }) => path) : onlyOneSelects(was, is);
}

/** The files that differ where the selectors look. */
function differing(before: ContextSnapshot, after: ContextSnapshot, selectors: readonly Selector[]) {
  const places = looksBehindLinks(before, after, selectors) ? [''] : selectors.map(placeOf);
  const found = places.flatMap((place) => [...differences(before, after, place)]);
  return [...new Map(found.map((difference) => [difference.path, difference])).values()].filter(({ file }) => file);
}

const selectionOf = (context: ContextSnapshot, selector: Selector): Selection =>
  selectFiles(context, [sourceText(selector)], optionsOf(selector));

const selectionsOf = (context: ContextSnapshot, { selectors }: ContentInput): Selection[] =>
  selectors.map((selector) => selectionOf(context, selector));

/** Where no file changed, other files are selected. */
function onlyOneSelects(was: readonly Selection[], is: readonly Selection[]): string[] {
  const [old, now] = [was, is].map((selections) => new Set(selections.flatMap(({ files }) => files)));
  const left = [...(old ?? [])].filter((path) => !now?.has(path));
  return [...left, ...[...(now ?? [])].filter((path) => !old?.has(path))].sort();
}
