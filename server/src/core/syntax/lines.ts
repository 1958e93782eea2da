import { isSpace, skipSpaces } from './blanks.ts';
import type { Comment } from './dockerfile.ts';
import type { Piece } from './logical.ts';
import { span } from './span.ts';

/** One physical line. BuildKit breaks lines at `\n` alone and drops all `\r` before it. */
export interface Line {
  readonly start: number;
  /** Without the line break. */
  readonly end: number;
  /** Where the next line starts; the text's length for the last one. */
  readonly next: number;
}

export function lineAt(text: string, start: number): Line {
  const feed = text.indexOf('\n', start);
  const next = feed < 0 ? text.length : feed + 1;
  let end = feed < 0 ? text.length : feed;
  while (end > start && text[end - 1] === '\r') end--;
  return { start, end, next };
}

/** The source of one instruction, heredoc bodies excluded. */
export interface LogicalLine {
  readonly pieces: readonly Piece[];
  /** Number of the line that holds the first character that is no space. */
  readonly line: number;
  /** End of the last line that belongs to it, comments and blank lines behind it left out. */
  readonly end: number;
  readonly next: number;
  readonly nextLine: number;
}

/**
 * Whether the text before `end` ends in a continuation: the escape character and blanks, no second one before it; its place, or -1.
 * Source: lineContinuationRegex in frontend/dockerfile/parser/parser.go.
 */
function continuationAt(text: string, start: number, end: number, escapeChar: string): number {
  let at = end - 1;
  while (at >= start && (text[at] === ' ' || text[at] === '\t')) at--;
  if (at < start || text[at] !== escapeChar) return -1;
  return at > start && text[at - 1] === escapeChar ? -1 : at;
}

export function commentOf(text: string, start: number, end: number, line: number): Comment {
  return { span: span(start, end), text: text.slice(start + 1, end).trim(), line };
}

/** Reads the instruction that starts at `start`, a place that is no space. Comments between its lines go to `comments`. */
export function readLogicalLine(
  text: string,
  start: number,
  first: Line,
  firstNumber: number,
  escapeChar: string,
  comments: Comment[],
): LogicalLine {
  const pieces: Piece[] = [];
  let current = first;
  let from = start;
  let number = firstNumber;
  let line = -1;
  let { end } = first;
  for (;;) {
    const content = skipSpaces(text, from, current.end);
    const skipped = current !== first && (content === current.end || text[content] === '#');
    let continues = true;
    if (!skipped) {
      const at = continuationAt(text, from, current.end, escapeChar);
      continues = at >= 0;
      pieces.push(span(from, continues ? at : current.end));
      if (line < 0 && content !== at) line = number;
      end = current.end;
    } else if (content < current.end) comments.push(commentOf(text, content, current.end, number));
    number++;
    if (!continues || current.next >= text.length) break;
    current = lineAt(text, current.next);
    from = current.start;
  }
  return { pieces, line: Math.max(line, firstNumber), end, next: current.next, nextLine: number };
}

/** Whether nothing but spaces is in `[start, end)`. */
export function isBlankRange(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isSpace(text.charAt(at))) return false;
  return true;
}
