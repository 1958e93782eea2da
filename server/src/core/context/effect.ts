import { perObject } from '../syntax/memo.ts';
import type { IgnoreFile, IgnorePattern } from './ignore.ts';
import { folderOf } from './path.ts';
import { covers, isLiteral, mayMeet } from './relations.ts';

/** Why a line can be left out, whatever files there are. */
export type Futile =
  /** Another line says it already. */
  | { readonly kind: 'repeated'; readonly by: IgnorePattern }
  /** An exception for what is not excluded where it stands. `later`: a line below excludes it; `earlier`: an exception has brought it back. */
  | { readonly kind: 'idle'; readonly later: IgnorePattern | undefined; readonly earlier: IgnorePattern | undefined }
  /** An exception for a folder that is not excluded itself, while `inner` excludes something in it. */
  | { readonly kind: 'shallow'; readonly inner: IgnorePattern }
  /** A later line takes all of it back. */
  | { readonly kind: 'undone'; readonly by: IgnorePattern };

/** Each line is compared with each other: in longer files nothing is said. */
const mostPatterns = 500;

/** The lines that have no effect on any path, each with the reason. What cannot be proved is left out. */
export const futilePatterns = perObject(({ patterns }: IgnoreFile): ReadonlyMap<IgnorePattern, Futile> => {
  const found = new Map<IgnorePattern, Futile>();
  if (patterns.length > mostPatterns) return found;
  for (const index of patterns.keys()) {
    const pattern = patterns[index];
    if (!pattern || pattern.error !== undefined || opensFolders(patterns, pattern)) continue;
    const futile = repeated(patterns, index, found) ?? idle(patterns, index) ?? undone(patterns, index);
    if (futile) found.set(pattern, futile);
  }
  return found;
});

/**
 * Whether an exception may decide which excluded folders are looked into at all. fsutil's filter.go goes by the names of the exceptions without
 * a wildcard at their end, unless one has a wildcard elsewhere: `!a/*` and `!a/**` by themselves do not open the folders in `a`.
 */
const opensFolders = (patterns: readonly IgnorePattern[], pattern: IgnorePattern): boolean =>
  pattern.negated &&
  patterns
    .filter((other) => other !== pattern && other.negated && /\/\*+$/.test(other.cleaned))
    .some((other) => /[*?[\\^]/.test(pattern.cleaned) || mayMeet(other, pattern));

/**
 * An equal line, or for exclusions one that covers it, with no line of the other kind in its way. Of two lines that cover each other the
 * second one is repeated. A line that is covered only by way of a folder is left alone where exceptions come first: a pattern that
 * was skipped for a folder is not known to hold for what is in it.
 */
function repeated(
  patterns: readonly IgnorePattern[],
  index: number,
  known: ReadonlyMap<IgnorePattern, Futile>,
): Futile | undefined {
  const pattern = patterns[index] as IgnorePattern;
  const free = (from: number, to: number): boolean =>
    !patterns.slice(from, to).some((other) => other.negated !== pattern.negated && mayMeet(other, pattern));
  const isEqual = (other: IgnorePattern): boolean => other.cleaned === pattern.cleaned;
  const by = patterns.find((other, at) => {
    if (at === index || other.negated !== pattern.negated || known.get(other)?.kind === 'repeated') return false;
    if (isEqual(other)) return at < index && free(at, index);
    if (pattern.negated || !covers(other, pattern, { below: true })) return false;
    return free(0, Math.max(at, index));
  });
  return by && { kind: 'repeated', by };
}

function idle(patterns: readonly IgnorePattern[], index: number): Futile | undefined {
  const pattern = patterns[index] as IgnorePattern;
  if (!pattern.negated) return undefined;
  const earlier = patterns.slice(0, index).filter((other) => !other.negated && mayMeet(other, pattern));
  const later = patterns.slice(index + 1).find((other) => !other.negated && covers(other, pattern, { below: true }));
  const exception = patterns.slice(0, index).find((other) => other.negated && covers(other, pattern, { below: true }));
  if (earlier.length === 0) return { kind: 'idle', later, earlier: undefined };
  if (!isLiteral(pattern) || matchedBefore(patterns, index)) return undefined;
  const inner = earlier.find((other) => other.cleaned.startsWith(`${pattern.cleaned}/`));
  return inner ? { kind: 'shallow', inner } : { kind: 'idle', later, earlier: exception };
}

/** Whether the path that the literal pattern at `index` names is excluded by the lines before it: `MatchesUsingParentResults`. */
function matchedBefore(patterns: readonly IgnorePattern[], index: number): boolean {
  const before = patterns.slice(0, index);
  let holding = before.map(() => false);
  let matched = false;
  for (const path of foldersTo(patterns[index]?.cleaned ?? '')) {
    matched = false;
    holding = before.map((pattern, at) => {
      const holds = holding[at] === true || (pattern.negated === matched && pattern.test.matches(path));
      if (holds) matched = !pattern.negated;
      return holds;
    });
  }
  return matched;
}

const foldersTo = (path: string): string[] => (path === '' ? [] : [...foldersTo(folderOf(path)), path]);

/**
 * A later line of the other kind matches all that this one does. Where other lines may decide before it, the first one may matter after
 * all: a line that is skipped for a folder does not hold for what is in it.
 */
function undone(patterns: readonly IgnorePattern[], index: number): Futile | undefined {
  const pattern = patterns[index] as IgnorePattern;
  const at = patterns.findIndex(
    (other, later) => later > index && other.negated !== pattern.negated && covers(other, pattern, { below: false }),
  );
  const by = patterns[at];
  const others = patterns.slice(0, Math.max(at, 0)).filter((other) => other !== pattern);
  const isMixed = others.some((other) => other.negated === pattern.negated && mayMeet(other, pattern));
  return by && !isMixed ? { kind: 'undone', by } : undefined;
}
