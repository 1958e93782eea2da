import type { LogicalText } from './dockerfile.ts';
import { type Span, span } from './span.ts';

/** A run of document text that goes into a logical text unchanged. */
export type Piece = Span;

/** Joins pieces of `source`. Offsets of the result are offsets in `source`. */
export function joinPieces(source: string, pieces: readonly Piece[]): LogicalText {
  const [only] = pieces;
  if (pieces.length === 1 && only) {
    return { text: source.slice(only.start, only.end), offsetAt: (index) => only.start + index };
  }
  const starts: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    starts.push(length);
    length += piece.end - piece.start;
  }
  const text = pieces.map((piece) => source.slice(piece.start, piece.end)).join('');
  const offsetAt = (index: number): number => {
    if (index >= length) return (pieces.at(-1)?.end ?? 0) + index - length;
    const at = lastAtOrBefore(starts, index);
    return (pieces[at]?.start ?? 0) + index - (starts[at] ?? 0);
  };
  return { text, offsetAt };
}

/** The place of the last number that is not greater; the numbers ascend. */
function lastAtOrBefore(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The document span of `[from, to)` of a logical text: it ends behind the last character, not where the next piece begins. */
export function spanOf(logical: LogicalText, from: number, to: number): Span {
  const start = logical.offsetAt(from);
  return from < to ? span(start, logical.offsetAt(to - 1) + 1) : span(start, start);
}

/** The part `[from, to)` of a logical text. */
export function part(logical: LogicalText, from: number, to: number): LogicalText {
  const { end } = spanOf(logical, from, to);
  const text = logical.text.slice(from, to);
  return { text, offsetAt: (index) => (index < text.length ? logical.offsetAt(from + index) : end) };
}
