import path from 'node:path';
import type { Edit } from '../../core/fixes.ts';
import type { CheckedFile } from '../check.ts';
import { displayPath, type Range, textDocument } from '../document.ts';

/** An edit with its file and its place in it. */
export interface PlacedEdit {
  /** As results name files. */
  readonly path: string;
  readonly range: Range;
  readonly newText: string;
}

/** Places edits of the checked file, and of other files of its build context. */
export function placeEdit(cwd: string, { path: own, document, context }: CheckedFile, edit: Edit): PlacedEdit {
  const { path: other, span, newText } = edit;
  if (other === undefined) return { path: own, range: document.rangeOf(span), newText };
  const text = (context?.ignore?.path === other ? context.ignore.text : context?.text(other)) ?? '';
  const file = path.resolve(context?.root ?? cwd, other);
  return { path: displayPath(cwd, file), range: textDocument(text).rangeOf(span), newText };
}
