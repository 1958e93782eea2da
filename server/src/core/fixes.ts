import type { Comment, Dockerfile, Instruction } from './syntax/dockerfile.ts';
import { contains, overlaps, type Span } from './syntax/span.ts';

/** Replaces `span` of a document by `newText`. */
export interface Edit {
  /** Context-relative path of another file; the analysed document where undefined. A file that does not exist is created (span 0–0). */
  readonly path?: string | undefined;
  readonly span: Span;
  readonly newText: string;
}

/**
 * `safe`: the image's content stays the same, only caching changes, and the facts prove it.
 * `suggestion`: a person should look.
 */
export type Applicability = 'safe' | 'suggestion';

export interface Fix {
  readonly title: string;
  readonly applicability: Applicability;
  readonly edits: readonly Edit[];
  /** Where the document's own file goes, besides the edits: relative to its context's root, with `../` above it. Nothing may be overwritten there. */
  readonly moveTo?: string | undefined;
}

/** The text after the edits. They must not overlap; their order does not matter. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let result = '';
  let at = 0;
  for (const edit of sorted) {
    if (edit.span.start < at || edit.span.end > text.length)
      throw new RangeError('edits overlap or lie outside the text');
    result += text.slice(at, edit.span.start) + edit.newText;
    at = edit.span.end;
  }
  return result + text.slice(at);
}

export const sameEdit = (a: Edit, b: Edit): boolean =>
  a.path === b.path && a.span.start === b.span.start && a.span.end === b.span.end && a.newText === b.newText;

/** Two edits that cannot both be applied: they touch the same text, or insert at the same place, and are not identical. */
const conflict = (a: Edit, b: Edit): boolean =>
  a.path === b.path && !sameEdit(a, b) && (overlaps(a.span, b.span) || a.span.start === b.span.start);

/** What a fix takes away in one place and puts elsewhere: the deletion and the insertion. */
const movesOf = (text: string, { edits }: Fix): [Edit, Edit][] =>
  edits.flatMap((from) => {
    const taken =
      from.newText === '' && from.path === undefined ? text.slice(from.span.start, from.span.end).trim() : '';
    const to =
      taken === '' ? undefined : edits.find(({ path, newText }) => path === undefined && newText.includes(taken));
    return to ? [[from, to]] : [];
  });

/** Whether both move the same text, and not to the same place: it would stand there twice. */
const moveApart = (text: string, a: Fix, b: Fix): boolean =>
  movesOf(text, a).some(([from, to]) =>
    movesOf(text, b).some((other) => sameEdit(from, other[0]) && !sameEdit(to, other[1])),
  );

/** As many of the fixes of a text as go together, in the order given; identical edits are merged. A later pass takes the rest. */
export function mergeFixes(fixes: readonly Fix[], text: string): Edit[] {
  const merged: Edit[] = [];
  const taken: Fix[] = [];
  for (const fix of fixes) {
    if (fix.edits.some((edit) => merged.some((other) => conflict(edit, other)))) continue;
    if (taken.some((other) => moveApart(text, fix, other))) continue;
    taken.push(fix);
    merged.push(...fix.edits.filter((edit) => !merged.some((other) => sameEdit(edit, other))));
  }
  return merged;
}

/** Start of the line that holds `offset`. */
export const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** Start of the line after the one that holds `offset`; the text's end on the last line. */
export function nextLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

/** The comments on the lines directly above an instruction, top one first. */
export function attachedComments({ comments }: Dockerfile, instruction: Instruction): Comment[] {
  const attached: Comment[] = [];
  for (let at = comments.findLastIndex(({ line }) => line < instruction.line); at >= 0; at--) {
    const comment = comments[at];
    if (comment?.line !== instruction.line - attached.length - 1) break;
    attached.unshift(comment);
  }
  return attached;
}

/** Where a new instruction goes so that it stands before `instruction` and the comments that belong to it. */
export function placeBefore(dockerfile: Dockerfile, instruction: Instruction): number {
  const first = attachedComments(dockerfile, instruction)[0];
  return lineStart(dockerfile.text, (first ?? instruction).span.start);
}

/** Whether BuildKit would refuse the instruction: nobody can tell what an edit makes of a text that is not read as its author meant it. */
export const isBroken = ({ problems }: Dockerfile, instruction: Instruction): boolean =>
  problems.some(({ span }) => contains(instruction.span, span));

/** Whole lines of an instruction, its line break included. */
export const wholeLines = ({ text }: Dockerfile, { span: { start, end } }: Instruction): Span => ({
  start: lineStart(text, start),
  end: nextLine(text, end),
});

/**
 * Whole lines of an instruction with the comments above it. Comments stay behind where the line below is an instruction of the same kind
 * that does not go along: they may speak of the group.
 */
function block(dockerfile: Dockerfile, instruction: Instruction, moved: readonly Instruction[]): Span {
  const lines = wholeLines(dockerfile, instruction);
  const below = dockerfile.instructions.find(({ span }) => lineStart(dockerfile.text, span.start) === lines.end);
  const ofGroup = below && below.keyword === instruction.keyword && !moved.includes(below);
  return ofGroup ? lines : { start: placeBefore(dockerfile, instruction), end: lines.end };
}

function joinAdjacent(spans: readonly Span[]): Span[] {
  const joined: Span[] = [];
  for (const next of spans) {
    const last = joined.at(-1);
    if (last && last.end >= next.start)
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, next.end) };
    else joined.push(next);
  }
  return joined;
}

/** Whole lines to delete; of the blank lines before and after them only one set stays. */
function withoutDoubleBlank(text: string, { start, end }: Span): Span {
  const above = text.slice(lineStart(text, start - 1), start);
  const blankAbove = start === 0 || above.trim() === '';
  const below = text.slice(end, nextLine(text, end));
  return blankAbove && below.trim() === '' ? { start, end: nextLine(text, end) } : { start, end };
}

const terminated = (lines: string, eol: string): string => (lines.endsWith('\n') ? lines : lines + eol);

/** Deletes instructions with the comments that belong to them. */
export const removeInstructions = (dockerfile: Dockerfile, removed: readonly Instruction[]): Edit[] =>
  joinAdjacent(removed.map((instruction) => block(dockerfile, instruction, removed))).map((lines) => ({
    span: withoutDoubleBlank(dockerfile.text, lines),
    newText: '',
  }));

/** Inserts whole lines (without the last line break) before or behind an instruction. */
export function insertLines(
  dockerfile: Dockerfile,
  lines: string,
  place: { readonly before: Instruction } | { readonly after: Instruction },
): Edit {
  const { text, eol } = dockerfile;
  if ('before' in place) {
    const at = placeBefore(dockerfile, place.before);
    return { span: { start: at, end: at }, newText: terminated(lines, eol) };
  }
  const at = nextLine(text, place.after.span.end);
  const atEnd = at === text.length && !text.endsWith('\n');
  return { span: { start: at, end: at }, newText: atEnd ? eol + lines.replace(/\r?\n$/, '') : terminated(lines, eol) };
}

/** Moves whole instructions, with the comments that belong to them, before or behind another one; their order is kept. */
export function moveInstructions(
  dockerfile: Dockerfile,
  moved: readonly Instruction[],
  place: { readonly before: Instruction } | { readonly after: Instruction },
): Edit[] {
  const blocks = joinAdjacent(moved.map((instruction) => block(dockerfile, instruction, moved)));
  const lines = blocks.map(({ start, end }) => terminated(dockerfile.text.slice(start, end), dockerfile.eol)).join('');
  return [...removeInstructions(dockerfile, moved), insertLines(dockerfile, lines, place)];
}
