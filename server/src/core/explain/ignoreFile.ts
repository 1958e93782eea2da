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

/** "in every folder `a`, at every depth": where `**` or wildcards stand elsewhere the folders are given as they are written. */
function placeInWords(parts: readonly string[]): string {
  if (parts.length === 0) return 'at the root of the build context';
  const isDeep = parts.at(-1) === '**';
  const isAnywhere = parts[0] === '**';
  const names = parts.slice(isAnywhere ? 1 : 0, isDeep ? -1 : undefined);
  if (parts.every((part) => part === '**')) return 'at every depth';
  const folder = code(names.join('/'));
  const start = isAnywhere ? 'in every folder' : 'in the folder';
  const isPattern = /[*?[\\]/.test(folder);
  return `${isPattern ? `in every folder${isAnywhere ? ', at every depth,' : ''} that matches` : start} ${folder}${isDeep ? ', at every depth' : ''}`;
}

/** A pattern in words: "Excludes `node_modules` at every depth; a folder with all that is in it." */
export function patternInWords({ cleaned, negated, error }: IgnorePattern): string {
  if (error !== undefined) return `The builder refuses this pattern: ${error}.`;
  const parts = cleaned.split('/');
  const tail = parts.at(-1) === '**' ? '*' : (parts.at(-1) ?? '');
  const place = placeInWords(parts.at(-1) === '**' ? parts.slice(0, -1) : parts.slice(0, -1));
  const what = `${nameInWords(tail)} ${place}`;
  return negated
    ? `Brings back ${what}, where a line above excludes it.`
    : `Excludes ${what}; a folder with all that is in it.`;
}

export const count = ({ files, bytes: size }: Count): string => `${plural(files, 'file')}, ${bytes(size)}`;

/** "3 files, 1.2 kB: a, b and c". */
function tallyInWords(tally: Tally, negated: boolean): string {
  const verb = negated ? 'brings back' : 'excludes';
  const open = inUncounted(tally.uncounted.map(code));
  if (tally.files === 0)
    return `It ${verb} ${open === '' ? 'nothing that is there now' : `${open}, which was not counted`}.`;
  const rest = tally.files + tally.uncounted.length - tally.examples.length;
  const examples = tally.examples.map(code).join(', ');
  return `It ${verb} **${count(tally)}**${open && `, and ${open}, which was not counted`}: ${examples}${rest > 0 ? ' …' : ''}`;
}

/** What the counts leave out: "what is in .git and .github". */
const inUncounted = (folders: readonly string[], most?: number): string =>
  folders.length > 0 ? `what is in ${listing(folders, most)}` : '';

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
    ? [`${listing(partly).replace(/^l/, 'L')} may ${pattern.negated ? 'exclude' : 'bring back'} part of it${again}.`]
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
  const isFutile = idleness(futilePatterns(file).get(pattern)) !== undefined;
  const items = [
    ...(tally && pattern.error === undefined && !isFutile ? [tallyInWords(tally, pattern.negated)] : []),
    ...relations(analysis, pattern),
    ...(pattern.negated && isLiteral(pattern) && worksBelowFolder(file, pattern)
      ? [`Unlike in .gitignore this works although ${code(folderOf(pattern.cleaned))} is excluded.`]
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
  const rest = inUncounted(uncounted, 2);
  const left = rest && excluded.files === 0 ? rest : [count(excluded), ...(rest ? [rest] : [])].join(' and ');
  const largest = biggest(evaluation).map(({ path, size }) => `${path} (${bytes(size)})`);
  const tail = largest.length > 0 ? `; biggest: ${largest.join(', ')}` : '';
  return `${of}: ${more}${count(entering)}; excluded ${left}${tail}`;
}
