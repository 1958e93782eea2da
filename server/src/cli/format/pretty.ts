import { plural } from '../../core/prose.ts';
import type { Finding, Severity } from '../../core/rule.ts';
import type { Span } from '../../core/syntax/span.ts';
import type { CheckedFile, Report } from '../check.ts';
import type { TextDocument } from '../document.ts';
import { type Io, printable } from '../io.ts';
import { type Style, styleFor, widthOf, wrap } from '../style.ts';

interface Paper {
  readonly style: Style;
  readonly width: number;
}

const paint: Readonly<Record<Severity, keyof Style>> = {
  error: 'red',
  warning: 'yellow',
  information: 'blue',
  hint: 'dim',
};

/** For people: each finding with the lines it is about, and a summary. */
export function pretty({ files, problems }: Report, io: Io): string {
  const paper = { style: styleFor(io), width: widthOf(io) };
  const findings = files.flatMap((file) => file.findings.map((finding) => `${block(paper, file, finding)}\n\n`));
  const fixed = files.flatMap((file) => (file.fixed ? [fixedLine(paper, file, file.fixed)] : []));
  return [...findings, ...fixed, `${summary(files, problems.length)}\n`].join('');
}

function block(paper: Paper, file: CheckedFile, finding: Finding): string {
  const { style, width } = paper;
  const { start } = file.document.rangeOf(finding.span);
  const place = style.bold(printable(`${file.path}:${start.line + 1}:${start.character + 1}`));
  const severity = style[paint[finding.severity]](finding.severity);
  const message = wrap(printable(finding.message), width - 2).map((line) => `  ${line}`);
  const fixes = finding.fixes.flatMap(({ title, applicability }) => {
    const how = applicability === 'safe' ? 'safe' : 'suggestion';
    return wrap(printable(`fix (${how}): ${title}`), width - 2).map((line) => `  ${style.green(line)}`);
  });
  return [
    `${place} ${severity} ${finding.rule}`,
    ...message,
    '',
    ...source(paper, file.document, finding),
    ...fixes,
  ].join('\n');
}

/** The line of the cause and those of the steps it makes run again, in their order, each with carets. */
function source(paper: Paper, document: TextDocument, { span, related, severity }: Finding): string[] {
  const marks = [
    { span, message: '', colour: paint[severity] },
    ...related.map((item) => ({ ...item, colour: 'blue' as const })),
  ].sort((a, b) => a.span.start - b.span.start);
  const numbers = marks.map((mark) => document.positionAt(mark.span.start).line + 1);
  const gutter = String(Math.max(...numbers)).length;
  let last = 0;
  const left = (text: string) => paper.style.dim(`  ${text.padStart(gutter)} │ `);
  const width = paper.width - gutter - 5;
  return marks.flatMap((mark, index) => {
    const number = numbers[index] ?? 0;
    const [line, { pad, marks: carets }] = frame(document, mark.span, width);
    const [first, ...more] = beside(`${pad}${carets}`.length, printable(mark.message), width);
    const below = `${left('')}${pad}${paper.style[mark.colour](carets)} ${first}`.trimEnd();
    const shown = [below, ...more.map((text) => `${left('')}${text}`)];
    const isNew = number !== last;
    last = number;
    return isNew ? [`${left(String(number))}${line}`, ...shown] : shown;
  });
}

/** A message behind the carets where there is room, otherwise below them. */
const beside = (taken: number, message: string, width: number): string[] =>
  taken + 1 + message.length <= width ? [message] : ['', ...wrap(message, width)];

/** The first line of a span and the carets under it; a line that is too wide is cut around the span. */
function frame(document: TextDocument, span: Span, width: number): [string, { pad: string; marks: string }] {
  const { start, end } = document.rangeOf(span);
  const text = printable(document.lineText(start.line));
  const to = Math.max(start.line === end.line ? end.character : text.length, start.character + 1);
  const cut = to <= width ? 0 : Math.max(0, Math.min(start.character - 10, text.length - width));
  const shown = text.slice(cut, cut + width);
  const pad = text.slice(cut, start.character).replace(/[^\t]/g, ' ');
  return [shown, { pad, marks: '^'.repeat(Math.max(1, Math.min(to, cut + width) - start.character)) }];
}

function fixedLine({ style }: Paper, file: CheckedFile, fixed: NonNullable<CheckedFile['fixed']>): string {
  const { rules, others, movedFrom } = fixed;
  const counts = [...rules].map(([rule, count]) => (count > 1 ? `${rule} (${count} times)` : rule));
  const also = others.length > 0 ? `; wrote ${others.join(', ')} as well` : '';
  const moved = movedFrom === undefined ? '' : `; moved from ${movedFrom}`;
  return `${style.green('fixed')} ${printable(`${file.path}: ${counts.join(', ') || 'formatting'}${also}${moved}`)}\n`;
}

/** "3 findings in 2 of 14 files: 1 warning, 2 hints. --fix mends 1 of them, --fix=all 2." */
function summary(files: readonly CheckedFile[], problems: number): string {
  const findings = files.flatMap((file) => file.findings);
  const unread = problems > 0 ? ` ${plural(problems, 'problem')} above.` : '';
  if (findings.length === 0) return `No findings in ${plural(files.length, 'file')}.${unread}`;
  const affected = files.filter((file) => file.findings.length > 0).length;
  const kinds = (['error', 'warning', 'information', 'hint'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [severity === 'information' ? `${count} information` : plural(count, severity)];
  });
  const where = `${plural(findings.length, 'finding')} in ${affected} of ${plural(files.length, 'file')}`;
  return `${where}: ${kinds.join(', ')}.${mendable(findings)}${unread}`;
}

function mendable(findings: readonly Finding[]): string {
  const any = findings.filter(({ fixes }) => fixes.length > 0);
  const safe = any.filter(({ fixes }) => fixes.some(({ applicability }) => applicability === 'safe'));
  if (any.length === 0) return '';
  if (safe.length === any.length) return ` --fix mends ${safe.length}.`;
  return safe.length === 0
    ? ` --fix=all mends ${any.length}.`
    : ` --fix mends ${safe.length}, --fix=all ${any.length}.`;
}
