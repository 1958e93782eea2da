import { cleanPath } from '../build/paths.ts';
import { parseGlob } from './glob.ts';
import { type PathTest, pathTest } from './pattern.ts';
import { trimSpace } from './trim.ts';

/** One pattern of moby/patternmatcher. */
export interface Pattern {
  /** Cleaned, without the `!`. */
  readonly cleaned: string;
  readonly negated: boolean;
  /** Why the builder refuses it, as a clause without a full stop; undefined for a good one. */
  readonly error: string | undefined;
  readonly test: PathTest;
}

/** What is known of a folder before its content is looked at: `MatchInfo` of patternmatcher, without what cannot matter any more. */
export interface Level {
  readonly path: string;
  /** Whether the folder itself matches, exceptions considered. */
  readonly matched: boolean;
  /** The last pattern that holds here; -1 for none. */
  readonly deciding: number;
  /** Nothing below can differ from the folder itself: it need not be read. */
  readonly settled: boolean;
  /** The patterns behind `deciding` that may match something below. */
  readonly active: ActivePatterns;
}

/** Patterns by the last character of a path, which rules most of them out. Folders with the same patterns share it. */
interface ActivePatterns {
  readonly indexes: readonly number[];
  /** Filled when first asked for. */
  readonly byLast: Map<number, readonly number[]>;
}

export interface PatternMatcher {
  readonly patterns: readonly Pattern[];
  readonly root: Level;
  /** `path` is a folder directly in `parent`. */
  directory(path: string, parent: Level): Level;
  /** The index of the pattern that decides for a path directly in `parent`; -1 for none. */
  decide(path: string, parent: Level): number;
  /** Whether a path directly in `parent` matches. */
  matches(path: string, parent: Level): boolean;
}

const never: PathTest = { prefix: '', suffix: '', exact: true, matches: () => false };

/** As `patternmatcher.New` reads one; undefined for a blank one, which it skips. */
export function parsePattern(text: string): Pattern | undefined {
  const trimmed = trimSpace(text);
  if (trimmed === '') return undefined;
  const whole = cleanPath(trimmed);
  const negated = whole.startsWith('!');
  const cleaned = negated ? whole.slice(1) : whole;
  if (cleaned === '') return { cleaned, negated, error: 'a "!" needs a pattern behind it', test: never };
  const test = parseGlob(cleaned).matches('.') === undefined ? undefined : pathTest(cleaned);
  return { cleaned, negated, error: test ? undefined : mistake(cleaned), test: test ?? never };
}

function mistake(pattern: string): string {
  if (/(^|[^\\])(\\\\)*\\$/.test(pattern)) return 'a backslash at its end escapes nothing';
  if (pattern.includes('['))
    return 'a "[" begins a list of characters, which must be well formed and end with "]"; "\\[" is the character itself';
  const letter = /\\[\dA-Za-z]|\\[^\x20-\x7e]/u.exec(pattern)?.[0];
  return letter
    ? `"${letter}" is no escape; folders are separated by "/"`
    : 'a number in braces repeats what stands before it';
}

/** A pattern whose wildcards, if any, stand at its end as `/**` or `/*`: filter.go's `patternWithoutTrailingGlob`. */
const withoutTrailingGlob = (pattern: string): string => pattern.replace(/\/\*\*$/, '').replace(/\/\*$/, '');

const below = (folder: string): string => (folder === '' ? '' : `${folder}/`);

function mayMatchBelow({ prefix, exact }: PathTest, folder: string): boolean {
  const start = below(folder);
  return prefix.startsWith(start) || (!exact && start.startsWith(prefix));
}

/**
 * Matches paths as `MatchesUsingParentResults` does from folder to folder: a pattern that holds for a folder holds for all that is in it,
 * the last one wins, and an exception is looked at only where something matched before it.
 * `skipFolders`: leaves out folders as fsutil's filter.go does, which for plain exceptions looks only at their names.
 */
export function patternMatcher(
  patterns: readonly Pattern[],
  { skipFolders }: { skipFolders: boolean },
): PatternMatcher {
  const exceptions = patterns.filter(({ negated }) => negated).map(({ cleaned }) => withoutTrailingGlob(cleaned));
  const plain = skipFolders && !exceptions.some((exception) => /[*[\]?^\\]/.test(exception));

  const lastCodes = patterns.map(({ test }) =>
    test.suffix === '' ? -1 : test.suffix.charCodeAt(test.suffix.length - 1),
  );
  const isMatch = (index: number): boolean => patterns[index]?.negated === false;

  const endingLike = (path: string, { indexes, byLast }: ActivePatterns): readonly number[] => {
    const last = path.charCodeAt(path.length - 1);
    const known = byLast.get(last);
    if (known) return known;
    const found = indexes.filter((index) => lastCodes[index] === -1 || lastCodes[index] === last);
    byLast.set(last, found);
    return found;
  };

  const decide = (path: string, { deciding, active }: Level): number => {
    let decided = deciding;
    let matched = isMatch(deciding);
    for (const index of endingLike(path, active)) {
      const pattern = patterns[index];
      if (!pattern || pattern.negated !== matched || !pattern.test.matches(path)) continue;
      decided = index;
      matched = !pattern.negated;
    }
    return decided;
  };

  const level = (path: string, deciding: number, candidates: ActivePatterns): Level => {
    const indexes = candidates.indexes.filter((index) => {
      const test = index > deciding ? patterns[index]?.test : undefined;
      return test !== undefined && mayMatchBelow(test, path);
    });
    const active = indexes.length === candidates.indexes.length ? candidates : { indexes, byLast: new Map() };
    const matched = isMatch(deciding);
    const skipped = matched && plain && !exceptions.some((exception) => `${exception}/`.startsWith(`${path}/`));
    const settled = skipped || !indexes.some((index) => patterns[index]?.negated === matched);
    return { path, matched, deciding, settled, active };
  };

  const directory = (path: string, parent: Level): Level =>
    parent.settled ? { ...parent, path } : level(path, decide(path, parent), parent.active);

  const root = level('', -1, { indexes: [...patterns.keys()], byLast: new Map() });
  const decideIn = (path: string, parent: Level): number => (parent.settled ? parent.deciding : decide(path, parent));
  return { patterns, root, directory, decide: decideIn, matches: (path, parent) => isMatch(decideIn(path, parent)) };
}
