import { type BuildGraph, mountFrom, type Step } from '../build/graph.ts';
import { baseName } from '../build/paths.ts';
import { type ContentEntry, type SelectOptions, selectFiles, selectionContent } from '../context/select.ts';
import type { ContextSnapshot } from '../workspace.ts';
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
  return sameLists(listings(before.context, old), listings(after.context, input), sameEntries);
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
  const was = filesOf(oldContext, old);
  const is = filesOf(context, input);
  const kept = [...is].filter((path) => !was.has(path) || !sameFile(oldContext, context, path));
  return [...kept, ...[...was].filter((path) => !is.has(path))].sort();
}

const filesOf = (context: ContextSnapshot, { selectors }: ContentInput): Set<string> =>
  new Set(selectors.flatMap((selector) => selectFiles(context, [sourceText(selector)], optionsOf(selector)).files));

/** A link is its target's name here: what it leads to is a file of its own. Content that nobody has read is the same in the same entry. */
function sameFile(before: ContextSnapshot, after: ContextSnapshot, path: string): boolean {
  const [old, entry] = [before.get(path), after.get(path)];
  if (!old || !entry || old.type !== entry.type || old.mode !== entry.mode || old.target !== entry.target) return false;
  if (entry.type === 'symlink') return true;
  const [was, is] = [before.digest(path), after.digest(path)];
  if (was !== undefined || is !== undefined) return was === is;
  const text = after.text(path);
  return text === before.text(path) && (text !== undefined || old === entry);
}
