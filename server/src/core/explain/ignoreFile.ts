import type { IgnoreAnalysis } from '../analyzeIgnoreFile.ts';
import { type Futile, futilePatterns } from '../context/effect.ts';
import type { Count, Evaluation, Tally } from '../context/evaluation.ts';
import type { IgnoreFile, IgnorePattern } from '../context/ignore.ts';
import { folderOf } from '../context/path.ts';
import { covers, isLiteral, mayMeet } from '../context/relations.ts';
import type { Explanation } from '../explain.ts';
import { bytes, code, listing, plural } from '../prose.ts';
import { touches } from '../syntax/span.ts';

/** What a name with wildcards stands for: "all that ends with `.log`". */
function nameInWords(name: string): string {
  if (name === '*') return 'everything';
  const [, ends] = /^\*([^*?[\\]+)$/.exec(name) ?? [];
  if (ends) return `everything that ends with ${code(ends)}`;
  const [, starts] = /^([^*?[\\]+)\*$/.exec(name) ?? [];
  if (starts) return `everything that begins with ${code(starts)}`;
  return /[*?[\\]/.test(name) ? `everything that matches ${code(name)}` : code(name);
}

function placeInWords(parts: readonly string[]): string {
  if (parts.length === 0) return 'at the root of the build context';
  if (parts.join() === '**') return 'at every depth';
  const deep = parts.includes('**');
  const folder = parts.filter((part) => part !== '**').join('/');
  const start = parts[0] === '**' ? 'in every folder' : 'in the folder';
  return `${start} ${code(folder)}${deep && parts[0] !== '**' ? ', at every depth' : ''}`;
}

/** A pattern in words: "Excludes `node_modules` at every depth, with all that is in it." */
export function patternInWords({ cleaned, negated, error }: IgnorePattern): string {
  if (error !== undefined) return `The builder refuses this pattern: ${error}.`;
  const parts = cleaned.split('/');
  const tail = parts.at(-1) === '**' ? '*' : (parts.at(-1) ?? '');
  const place = placeInWords(parts.at(-1) === '**' ? parts.slice(0, -1) : parts.slice(0, -1));
  const what = `${nameInWords(tail)} ${place}`;
  return negated ? `Brings back ${what}, where a line above excludes it.` : `Excludes ${what}, with all that is in it.`;
}

export const count = ({ files, bytes: size }: Count): string => `${plural(files, 'file')}, ${bytes(size)}`;

/** "3 files, 1.2 kB: a, b and c". */
function tallyInWords(tally: Tally, negated: boolean): string {
  const verb = negated ? 'brings back' : 'excludes';
  const open = tally.uncounted.length > 0 ? `, and what is in ${listing(tally.uncounted)}, which was not counted` : '';
  if (tally.files === 0 && open === '') return `It ${verb} nothing that is there now.`;
  const rest = tally.files - tally.examples.length;
  const examples = tally.examples.map((path) => code(path)).join(', ');
  return `It ${verb} **${count(tally)}**${open}: ${examples}${rest > 0 ? ' …' : ''}`;
}

const nameOf = (pattern: IgnorePattern): string => `line ${pattern.line + 1} (${code(pattern.text)})`;

/** Why a line has no effect at all; undefined where it may have one, and where a later line says it better. */
function idleness(futile: Futile | undefined): string | undefined {
  switch (futile?.kind) {
    case 'repeated':
      return `It has no effect: ${nameOf(futile.by)} says it already.`;
    case 'shallow':
      return `It has no effect: ${nameOf(futile.inner)} excludes something in this folder, not the folder itself.`;
    case 'idle':
      return futile.later
        ? `It has no effect: ${nameOf(futile.later)} excludes it later, and the last line that matches wins.`
        : 'It has no effect: where it stands, nothing of what it names is excluded.';
    default:
      return undefined;
  }
}

function relations({ file }: IgnoreAnalysis, pattern: IgnorePattern): string[] {
  const idle = idleness(futilePatterns(file).get(pattern));
  if (idle) return [idle];
  const later = file.patterns.slice(file.patterns.indexOf(pattern) + 1);
  const opposite = later.filter((other) => other.negated !== pattern.negated);
  const again = pattern.negated ? ' again' : '';
  const whole = opposite.find((other) => covers(other, pattern, { below: false }));
  if (whole)
    return [
      `Undone by ${nameOf(whole)}, which ${pattern.negated ? 'excludes' : 'brings back'} all of it${again}: the last line that matches wins.`,
    ];
  const partly = opposite.filter((other) => mayMeet(other, pattern)).map(nameOf);
  return partly.length > 0
    ? [`${listing(partly)} may ${pattern.negated ? 'exclude' : 'bring back'} part of it${again}.`]
    : [];
}

/** Whether an exception brings something back from a folder that is excluded. */
const worksBelowFolder = ({ matcher }: IgnoreFile, { cleaned }: IgnorePattern): boolean =>
  matcher.matches(folderOf(cleaned)).ignored && !matcher.matches(cleaned).ignored;

/** What there is to say about the pattern at an offset; undefined elsewhere. */
export function explainPatternAt(analysis: IgnoreAnalysis, offset: number): Explanation | undefined {
  const { file, evaluation } = analysis;
  const pattern = file.patterns.find(({ span }) => touches(span, offset));
  if (!pattern) return undefined;
  const tally = evaluation?.tally(file.patterns.indexOf(pattern));
  const items = [
    ...(tally && pattern.error === undefined ? [tallyInWords(tally, pattern.negated)] : []),
    ...relations(analysis, pattern),
    ...(pattern.negated && isLiteral(pattern) && worksBelowFolder(file, pattern)
      ? [`Other than in .gitignore this works although ${code(folderOf(pattern.cleaned))} is excluded.`]
      : []),
  ];
  const sections = items.length > 0 ? [{ heading: '**In this build context**', items }] : [];
  return { span: pattern.span, title: patternInWords(pattern), sections };
}

/** The biggest that enters of what is directly in the folder. */
function biggest({ folder, enters }: Evaluation): { readonly path: string; readonly size: number }[] {
  const items: { readonly path: string; size: number }[] = [];
  for (const [index, { path, type, size }] of folder.listing.entries()) {
    if (!path.includes('/')) items.push({ path, size: 0 });
    const item = items.at(-1);
    if (item && type !== 'directory' && enters(index)) item.size += size;
  }
  const entering = items.filter(({ size }) => size > 0);
  return entering.sort((a, b) => b.size - a.size).slice(0, 3);
}

/** "Context of Dockerfile: 214 files, 3.1 MB; excluded 41,022 files, 312 MB; biggest: src (2.0 MB)". */
export function contextInWords({ evaluation, users }: IgnoreAnalysis): string | undefined {
  if (!evaluation) return undefined;
  const { entering, excluded, uncounted, folder } = evaluation;
  const of =
    users.length > 0
      ? `Context of ${listing(
          users.map(({ path }) => path),
          2,
        )}`
      : 'This folder as a build context';
  const more = folder.truncated ? 'more than ' : '';
  const rest = uncounted.length > 0 ? ` and what is in ${listing(uncounted, 2)}` : '';
  const largest = biggest(evaluation).map(({ path, size }) => `${path} (${bytes(size)})`);
  const tail = largest.length > 0 ? `; biggest: ${largest.join(', ')}` : '';
  return `${of}: ${more}${count(entering)}; excluded ${count(excluded)}${rest}${tail}`;
}
