/** A half-open range of a document, in UTF-16 code units from its start. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export const span = (start: number, end: number): Span => ({ start, end });

/** Whether `inner` lies within `outer`, touching ends included. */
export const contains = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** Whether the offset lies in the span; its end counts, so that a cursor behind the last character is inside. */
export const touches = (s: Span, offset: number): boolean => s.start <= offset && offset <= s.end;

/** Whether two spans share at least one character. */
export const overlaps = (a: Span, b: Span): boolean => a.start < b.end && b.start < a.end;
