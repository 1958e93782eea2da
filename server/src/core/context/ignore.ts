import { cleanPath } from '../build/paths.ts';
import type { Comment } from '../syntax/dockerfile.ts';
import type { Span } from '../syntax/span.ts';
import { folderOf } from './path.ts';
import { type Level, type Pattern, type PatternMatcher, parsePattern, patternMatcher } from './patternMatcher.ts';
import { trimSpace, trimStart } from './trim.ts';

/** One pattern of an ignore file. */
export interface IgnorePattern extends Pattern {
  /** Of the pattern in the file, its `!` included, blanks around it not. */
  readonly span: Span;
  /** As written. */
  readonly text: string;
  /** Zero-based. */
  readonly line: number;
}

export interface IgnoreDecision {
  readonly ignored: boolean;
  /** The last pattern that holds for the path, an exception where it is not ignored; undefined where none does. */
  readonly pattern: IgnorePattern | undefined;
}

export interface IgnoreMatcher {
  /** What the ignore file says of a context-relative path, file or folder. Paths in sorted order are fastest. */
  matches(path: string): IgnoreDecision;
  /** Whether a folder is left out with all that it may hold: no exception brings anything back. */
  canPrune(folder: string): boolean;
  /** The same for one who walks the folders himself, without looking anything up. */
  readonly walker: PatternMatcher;
}

export interface IgnoreFile {
  readonly text: string;
  /** In file order, malformed ones included. */
  readonly patterns: readonly IgnorePattern[];
  /** The builder stops at the first of them. `matcher` goes by the others. */
  readonly errors: readonly IgnorePattern[];
  readonly comments: readonly Comment[];
  /** `\r\n` where the first line break is one. */
  readonly eol: '\n' | '\r\n';
  readonly matcher: IgnoreMatcher;
}

/** Of longer lines Go's bufio.Scanner says "token too long". */
export const longestLine = 64 * 1024 - 1;

/** Reads a .dockerignore as moby/patternmatcher's `ignorefile.ReadAll` and `patternmatcher.New` do. Never throws. */
export function parseIgnore(text: string): IgnoreFile {
  const patterns: IgnorePattern[] = [];
  const comments: Comment[] = [];
  let start = text.startsWith('\uFEFF') ? 1 : 0;
  for (let line = 0; start < text.length; line++) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    const content = text.slice(start, end);
    const pattern = content.startsWith('#') ? undefined : parseLine(content, start, line);
    if (content.startsWith('#')) comments.push(commentOf(content, start, line));
    else if (pattern) patterns.push(pattern);
    start = end + 1;
  }
  const errors = patterns.filter(({ error }) => error !== undefined);
  const eol = /\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n';
  return { text, patterns, errors, comments, eol, matcher: ignoreMatcher(patterns) };
}

const commentOf = (content: string, start: number, line: number): Comment => ({
  span: { start, end: start + content.trimEnd().length },
  text: content.slice(1).trim(),
  line,
});

function parseLine(line: string, start: number, number: number): IgnorePattern | undefined {
  const text = trimSpace(line);
  const pattern = parsePattern(normalized(text));
  if (!pattern) return undefined;
  const from = start + line.length - trimStart(line).length;
  const tooLong = line.length > longestLine ? 'a line may have at most 65,535 characters' : undefined;
  return {
    ...pattern,
    text,
    line: number,
    span: { start: from, end: from + text.length },
    error: tooLong ?? pattern.error,
  };
}

/** What ignorefile.go makes of a line: the blanks behind `!` and a leading slash are dropped. */
function normalized(text: string): string {
  if (text === '') return text;
  const inverted = text.startsWith('!');
  const pattern = inverted ? trimSpace(text.slice(1)) : text;
  const cleaned = pattern === '' ? '' : cleanPath(pattern);
  const relative = cleaned.length > 1 && cleaned.startsWith('/') ? cleaned.slice(1) : cleaned;
  return inverted ? `!${relative}` : relative;
}

function ignoreMatcher(patterns: readonly IgnorePattern[]): IgnoreMatcher {
  const walker = patternMatcher(patterns, { skipFolders: true });
  const levels = new Map<string, Level>([['', walker.root]]);
  const levelOf = (folder: string): Level => {
    const known = levels.get(folder);
    if (known) return known;
    const level = walker.directory(folder, levelOf(folderOf(folder)));
    levels.set(folder, level);
    return level;
  };
  const matches = (path: string): IgnoreDecision => {
    const pattern = patterns[walker.decide(path, levelOf(folderOf(path)))];
    return { ignored: pattern?.negated === false, pattern };
  };
  const canPrune = (folder: string): boolean => {
    const { matched, settled } = levelOf(folder);
    return matched && settled;
  };
  return { matches, canPrune, walker };
}
