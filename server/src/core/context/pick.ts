import type { ContextSnapshot } from '../workspace.ts';
import { filterTree } from './filterTree.ts';
import { parseGlob } from './glob.ts';
import { endOfFolder, indexOf } from './listing.ts';
import { type PatternMatcher, parsePattern, patternMatcher } from './patternMatcher.ts';
import { contextPath, type Resolved, resolveLinks } from './resolve.ts';

/** How sources are read, besides their names. */
export interface SelectOptions {
  /** The values of `--exclude`. */
  readonly exclude?: readonly string[] | undefined;
  /** `--parents`. */
  readonly parents?: boolean | undefined;
  /** False for the source of a bind mount, which is a path and no pattern. */
  readonly wildcards?: boolean | undefined;
}

/** A file or folder that a source names, or that its wildcards match, and what it brings along. */
export interface Picked {
  readonly resolved: Resolved;
  /** Below the folder that the source's parts without wildcards name; '' where it has none. */
  readonly name: string;
  /** Of the context's entries, itself first; -1 is the root. */
  readonly indexes: readonly number[];
  /** Set where a file is copied without being digested. */
  readonly uncounted?: boolean | undefined;
  /** The same where nothing is filtered: all up to before `end`. */
  readonly whole?: { readonly start: number; readonly end: number } | undefined;
}

type Root = Pick<Picked, 'resolved' | 'name'>;

/** Compiled patterns of `--exclude` or `--parents`; undefined where the builder refuses one. */
export function compilePatterns(patterns: readonly string[]): PatternMatcher | undefined {
  const parsed = patterns.map(parsePattern).filter((pattern) => pattern !== undefined);
  return parsed.some(({ error }) => error !== undefined) ? undefined : patternMatcher(parsed, { skipFolders: false });
}

/**
 * What one source of COPY, ADD or a bind mount selects, in BuildKit's order; nothing where it matches nothing.
 * dispatchCopy in frontend/dockerfile/dockerfile2llb/convert_copy.go, fsutil's copy/copy.go, cache/contenthash/checksum.go.
 */
export function pickSource(
  context: ContextSnapshot,
  source: string,
  exclude: PatternMatcher,
  { parents = false, wildcards = true }: SelectOptions,
): Picked[] {
  if (parents) return pickParents(context, source, exclude);
  const path = contextPath(source);
  const roots = wildcards && hasWildcards(path) ? matchingRoots(context, path) : literalRoot(context, path);
  return roots.map((root) => pick(context, root, exclude, undefined));
}

/** `--parents`: the source is a pattern of patternmatcher below the root, or below what stands before a `/./`. */
function pickParents(context: ContextSnapshot, source: string, exclude: PatternMatcher): Picked[] {
  const pivot = source.indexOf('/./');
  const path = contextPath(pivot < 0 ? '' : source.slice(0, pivot));
  const pattern = contextPath(pivot < 0 ? source : source.slice(pivot + 3));
  const roots = hasWildcards(path) ? matchingRoots(context, path) : literalRoot(context, path);
  // `.` comes to an empty pattern, which matches nothing: it is there, and brings nothing.
  if (pattern === '') return roots.map((root) => ({ ...root, indexes: [] }));
  const include = compilePatterns([pattern]);
  if (!include) return [];
  return roots.map((root) => pick(context, root, exclude, include)).filter(({ indexes }) => indexes.length > 0);
}

/** `*`, `?` or `[` that no backslash precedes. Without them a backslash is part of the name. */
export const hasWildcards = (path: string): boolean => /^(?:\\.|[^\\*?[])*[*?[]/s.test(path);

function literalRoot(context: ContextSnapshot, path: string): Root[] {
  const resolved = resolveLinks(context, path);
  return resolved ? [{ resolved, name: '' }] : [];
}

/** What a pattern matches below the folder that its parts without wildcards name. What lies in a match is not matched itself. */
function matchingRoots(context: ContextSnapshot, pattern: string): Root[] {
  const parts = pattern.split('/');
  const literal = parts.findIndex(hasWildcards);
  const base = resolveLinks(context, parts.slice(0, literal).join('/'));
  const glob = parseGlob(parts.slice(literal).join('/'));
  if (!base || !glob.valid) return [];
  const roots: Root[] = [];
  const { entries } = context;
  const start = indexOfResolved(context, base);
  const end = endOfFolder(entries, start);
  // Only a list of characters matches a slash: without one, matches are as deep as the pattern.
  const deepest = pattern.includes('[') ? Number.POSITIVE_INFINITY : parts.length - literal;
  for (let index = start + 1; index < end; index++) {
    const path = entries[index]?.path ?? '';
    const name = below(base, path);
    if (!glob.matches(name)) {
      if (depthOf(name) >= deepest) index = endOfFolder(entries, index) - 1;
      continue;
    }
    const resolved = resolveLinks(context, path);
    if (resolved) roots.push({ resolved: { ...resolved, links: [...base.links, ...resolved.links] }, name });
    index = endOfFolder(entries, index) - 1;
  }
  return roots;
}

const depthOf = (name: string): number => {
  let depth = 1;
  for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1)) depth++;
  return depth;
};

const indexOfResolved = ({ entries }: ContextSnapshot, { path }: Resolved): number =>
  path === '' ? -1 : indexOf(entries, path);

/** A path as the folder in which it lies names it. */
const below = (folder: Resolved, path: string): string =>
  folder.path === '' ? path : path.slice(folder.path.length + 1);

/**
 * A file that a source names has an empty path to the patterns. Those that match it, `*` for one, keep the file out of the digest, though it is
 * copied all the same (`shouldIncludePath` in cache/contenthash/checksum.go against `exclude` in fsutil's copy/copy.go).
 */
const matchesNothing = (exclude: PatternMatcher): boolean => exclude.matches('', exclude.root);

/** Whether these values of `--exclude` keep files that a source names out of the digest. */
export function excludesNamedFiles(patterns: readonly string[]): boolean {
  const exclude = patterns.length > 0 ? compilePatterns(patterns) : undefined;
  return exclude !== undefined && matchesNothing(exclude);
}

/** The patterns filter what lies in a folder, never what the source itself names. */
function pick(
  context: ContextSnapshot,
  root: Root,
  exclude: PatternMatcher,
  include: PatternMatcher | undefined,
): Picked {
  const { entries } = context;
  const start = indexOfResolved(context, root.resolved);
  const isFile = root.resolved.entry !== undefined && root.resolved.entry.type !== 'directory';
  if (isFile) return { ...root, indexes: include ? [] : [start], uncounted: matchesNothing(exclude) };
  const filtered = include !== undefined || exclude.patterns.length > 0;
  if (filtered) {
    const content = filterTree(entries, start, { exclude, include });
    return { ...root, indexes: include && content.length === 0 ? [] : [start, ...content] };
  }
  const end = endOfFolder(entries, start);
  return {
    ...root,
    whole: { start, end },
    get indexes() {
      return numbersBetween(start, end);
    },
  };
}

function numbersBetween(from: number, to: number): number[] {
  const numbers: number[] = [];
  for (let number = from; number < to; number++) numbers.push(number);
  return numbers;
}

/** How the content of a source names one of its entries: relative to the folder that its parts without wildcards name. */
export function nameOf({ resolved, name }: Picked, path: string | undefined): string {
  if (path === undefined || path === resolved.path) return name;
  return name === '' ? below(resolved, path) : `${name}/${below(resolved, path)}`;
}
