import type { Finding } from '../../../server/src/core/rule.ts';
import type { Span } from '../../../server/src/core/syntax/span.ts';

/** Carets under a source line: `#   ^^^ rule-id`, `#   ^^^ rule-id hint`, `#   ^^^ related` or `#   ^^^ related: part of its message`. */
export interface Annotation {
  readonly span: Span;
  /** A rule's id, or `related`. */
  readonly label: string;
  readonly severity: string | undefined;
  /** Part of a related message. */
  readonly message: string | undefined;
}

const pattern = /^#?( *)(<)?(\^+)(>)?(?: +(related|[a-z][a-z0-9-]*)(?: (error|warning|information|hint)|: (.+))?)?$/;

/** Offsets at which a span on several lines begins, by label: `^>` under its first line waits for `<^` under its last. */
type Open = Map<string, number>;

function annotationOf(match: RegExpExecArray, lineStart: number, open: Open): Annotation | undefined {
  const [line, , closes, carets = '', opens, label = '', severity, message] = match;
  const start = lineStart + line.indexOf('^');
  if (!label) throw new Error(`"${line}" names no rule`);
  if (opens) {
    open.set(label, start);
    return undefined;
  }
  const begun = closes ? open.get(label) : start;
  if (begun === undefined) throw new Error(`"${line}" closes a span that nothing opens`);
  if (closes) open.delete(label);
  return { span: { start: begun, end: start + carets.length }, label, severity, message };
}

/**
 * Takes the annotation lines out of a document. Each speaks of the last line before it that is none; its carets stand under the
 * characters they mean. A line may begin with a caret, to reach the first column.
 * @throws Error for an annotation that points behind its line, at no line, or names nothing.
 */
export function readAnnotated(source: string): { text: string; annotations: Annotation[] } {
  const annotations: Annotation[] = [];
  const open: Open = new Map();
  let text = '';
  let lineStart = -1;
  for (const line of source.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const match = pattern.exec(line.trimEnd());
    if (!match) {
      lineStart = text.length;
      text += line;
      continue;
    }
    if (lineStart < 0) throw new Error(`"${line.trimEnd()}" stands under no line`);
    const annotation = annotationOf(match, lineStart, open);
    if (annotation && annotation.span.end > text.trimEnd().length)
      throw new Error(`"${line.trimEnd()}" points behind the end of its line`);
    if (annotation) annotations.push(annotation);
  }
  if (open.size > 0) throw new Error(`the span of ${[...open.keys()].join()} is never closed`);
  return { text, annotations };
}

/** "3:6-3:7", one-based, as an editor shows it. */
export function position(text: string, { start, end }: Span): string {
  const at = (offset: number) => {
    const before = text.slice(0, offset).split('\n');
    return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
  };
  return `${at(start)}-${at(end)}`;
}

/** The source with carets under what was found, to read in a failure and to paste into a fixture. */
export function annotate(text: string, findings: readonly Finding[]): string {
  const marks = findings.flatMap(({ span, rule, related }) => [
    { span, label: rule },
    ...related.map((item) => ({ span: item.span, label: 'related' })),
  ]);
  let offset = 0;
  return text
    .split('\n')
    .flatMap((line) => {
      const start = offset;
      offset += line.length + 1;
      return [line, ...marks.flatMap(({ span, label }) => markLine(line, start, span, label))];
    })
    .join('\n');
}

function markLine(line: string, start: number, span: Span, label: string): string[] {
  const end = start + line.length;
  const begins = start <= span.start && span.start <= end;
  const ends = start < span.end && span.end <= end;
  if (!begins && !ends) return [];
  const from = (begins ? span.start : Math.max(start, span.end - 1)) - start;
  const carets = begins && ends ? '^'.repeat(span.end - span.start) : begins ? '^>' : '^';
  const lead = `${begins || from === 0 ? '' : '<'}`;
  const blanks = from - lead.length;
  return [`${blanks > 0 ? '#'.padEnd(blanks) : ''}${lead}${carets} ${label}`];
}
