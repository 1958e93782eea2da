import { overlaps, type Span } from './syntax/span.ts';

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

const sameEdit = (a: Edit, b: Edit): boolean =>
  a.path === b.path && a.span.start === b.span.start && a.span.end === b.span.end && a.newText === b.newText;

/** Two edits that cannot both be applied: they touch the same text, or insert at the same place, and are not identical. */
const conflict = (a: Edit, b: Edit): boolean =>
  a.path === b.path && !sameEdit(a, b) && (overlaps(a.span, b.span) || a.span.start === b.span.start);

/** As many of the fixes as go together, in the order given; identical edits are merged. A later pass takes the rest. */
export function mergeFixes(fixes: readonly Fix[]): Edit[] {
  const merged: Edit[] = [];
  for (const fix of fixes) {
    if (fix.edits.some((edit) => merged.some((taken) => conflict(edit, taken)))) continue;
    merged.push(...fix.edits.filter((edit) => !merged.some((taken) => sameEdit(edit, taken))));
  }
  return merged;
}
