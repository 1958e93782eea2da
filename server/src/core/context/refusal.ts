import type { RefusedLine } from '../workspace.ts';
import { parseGlob } from './glob.ts';
import { type IgnoreFile, type IgnorePattern, longestLine, parseIgnore } from './ignore.ts';
import type { Listing } from './listing.ts';

/**
 * The malformed patterns for which the builder refuses a context. One that only its regular expression shows to be malformed is refused
 * when it is first compared with a path: an exception not before something matched, the others not where everything has
 * (`MatchesUsingParentResults` in moby/patternmatcher).
 */
export const refusedLines = ({ text, errors }: IgnoreFile, listing: Listing): RefusedLine[] =>
  errors
    .filter((pattern) => isRefusedAtOnce(pattern) || isCompared(text, pattern, listing))
    .map(({ span, text: written, error = '' }) => ({ start: span.start, text: written, error }));

/** Too long lines are not even read; `patternmatcher.New` tries each pattern on ".". */
const isRefusedAtOnce = ({ text, cleaned }: IgnorePattern): boolean =>
  cleaned === '' || text.length > longestLine || parseGlob(cleaned).matches('.') === undefined;

function isCompared(text: string, { span, negated }: IgnorePattern, listing: Listing): boolean {
  const { matcher } = parseIgnore(text.slice(0, span.start));
  return listing.some(({ path }) => matcher.matches(path).ignored === negated);
}
