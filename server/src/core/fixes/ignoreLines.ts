import type { IgnoreFile, IgnorePattern } from '../context/ignore.ts';
import { type Edit, lineStart, nextLine } from '../fixes.ts';
import type { Span } from '../syntax/span.ts';

/** "line 12", as editors count. */
export const lineOf = ({ line }: IgnorePattern): string => `line ${line + 1}`;

/** "`*.log` on line 12". */
export const quoted = (pattern: IgnorePattern): string => `\`${pattern.text}\` on ${lineOf(pattern)}`;

/** The whole line with its break; a byte order mark before it stays. */
export const lineSpan = ({ text }: IgnoreFile, { span: { start, end } }: Pick<IgnorePattern, 'span'>): Span => ({
  start: Math.max(lineStart(text, start), text.startsWith('\uFEFF') ? 1 : 0),
  end: nextLine(text, end),
});

/** Takes lines out. */
export const removeLines = (file: IgnoreFile, patterns: readonly IgnorePattern[]): Edit[] =>
  patterns.map((pattern) => ({ span: lineSpan(file, pattern), newText: '' }));

/** Inserts lines, without the last break, below a pattern. */
export function insertBelow({ text, eol }: IgnoreFile, { span }: IgnorePattern, lines: string): Edit {
  const at = nextLine(text, span.end);
  const isLast = at === text.length && !text.endsWith('\n');
  return { span: { start: at, end: at }, newText: isLast ? eol + lines : lines + eol };
}
