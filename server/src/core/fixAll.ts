import { type Analysis, analyze } from './analyze.ts';
import { analyzeIgnoreFile, type IgnoreAnalysis } from './analyzeIgnoreFile.ts';
import { type Applicability, applyEdits, type Edit, type Fix, mergeFixes, sameEdit } from './fixes.ts';
import type { Finding } from './rule.ts';

export interface FixedAll<A> {
  /** The document's new text. */
  readonly text: string;
  /** What leads there from the text as it was, other files included. Empty where there is nothing to do. */
  readonly edits: readonly Edit[];
  /** The analysis of the new text. */
  readonly analysis: A;
}

/** Fixes make room for others (two that overlap never go together); real files settle in two or three passes, few need more. */
const mostPasses = 12;

/**
 * Applies every fix that is at most `applicability` until none is left: `safe` takes the safe ones, `suggestion` the first of
 * each finding; moving the file is left to those who can. Another file is edited in one pass alone, because the facts do not show its new text to the next one.
 */
export const fixAll = (analysis: Analysis, applicability: Applicability): FixedAll<Analysis> =>
  applyAll(analysis, analysis.dockerfile.text, (text) => analyze(text, analysis.facts, analysis.config), applicability);

/** The same for an ignore file. */
export const fixAllOfIgnoreFile = (analysis: IgnoreAnalysis, applicability: Applicability): FixedAll<IgnoreAnalysis> =>
  applyAll(
    analysis,
    analysis.file.text,
    (text) => analyzeIgnoreFile(text, analysis.facts, analysis.config),
    applicability,
  );

function applyAll<A extends { readonly findings: readonly Finding[] }>(
  analysis: A,
  original: string,
  again: (text: string) => A,
  applicability: Applicability,
): FixedAll<A> {
  let last: FixedAll<A> = { text: original, edits: [], analysis };
  for (let pass = 0; pass < mostPasses; pass++) {
    const others = last.edits.filter((edit) => !isOwn(edit));
    const fixes = last.analysis.findings.flatMap((finding) => chosen(finding, applicability, others));
    const edits = mergeFixes(fixes, last.text);
    if (edits.length === 0) break;
    last = next(original, last, edits, again);
  }
  return last;
}

function next<A>(original: string, last: FixedAll<A>, edits: readonly Edit[], again: (text: string) => A): FixedAll<A> {
  const text = applyEdits(last.text, edits.filter(isOwn));
  const others = [...last.edits, ...edits].filter((edit) => !isOwn(edit));
  const own = last.text === original ? edits.filter(isOwn) : replacement(original, text);
  return { text, edits: [...own, ...others], analysis: again(text) };
}

const isOwn = (edit: Edit): boolean => edit.path === undefined;

/** The first fix of a finding that may be applied unasked; what it would do to another file is left out where an earlier pass has done just that. */
function chosen(finding: Finding, applicability: Applicability, others: readonly Edit[]): Fix[] {
  const isDone = (edit: Edit): boolean => others.some((other) => sameEdit(edit, other));
  const fix = finding.fixes.find(
    (each) =>
      (applicability === 'suggestion' || each.applicability === 'safe') &&
      each.moveTo === undefined &&
      each.edits.every((edit) => isDone(edit) || !others.some(({ path }) => path === edit.path)),
  );
  return fix ? [{ ...fix, edits: fix.edits.filter((edit) => !isDone(edit)) }] : [];
}

const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

const length = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + line.length, 0);

/** One edit of whole lines that turns `before` into `after`; whole, so that no \r\n is split. */
function replacement(before: string, after: string): Edit[] {
  if (before === after) return [];
  const old = linesOf(before);
  const now = linesOf(after);
  const most = Math.min(old.length, now.length);
  let head = 0;
  while (head < most && old[head] === now[head]) head++;
  let tail = 0;
  while (tail < most - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++;
  const changed = old.slice(head, old.length - tail);
  const start = length(old.slice(0, head));
  const newText = now.slice(head, now.length - tail).join('');
  return [{ span: { start, end: start + length(changed) }, newText }];
}
