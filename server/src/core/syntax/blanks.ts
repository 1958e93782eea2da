/** What Go's unicode.IsSpace calls a space: JavaScript's \s lacks U+0085 and has U+FEFF. */
const space = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

export function isSpace(char: string): boolean {
  if (char === ' ' || char === '\t') return true;
  return (char <= '\r' && char >= '\n') || (char > '~' && space.test(char));
}

/** BuildKit's reWhitespace: what separates words, line breaks excepted (frontend/dockerfile/parser/parser.go). */
export const isBlank = (char: string): boolean =>
  char === ' ' || char === '\t' || char === '\v' || char === '\f' || char === '\r';

/** The first place at or after `from` that holds no space, `to` at most. */
export function skipSpaces(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isSpace(text.charAt(at))) at++;
  return at;
}

/** The end of the text before `to` without the spaces that trail it, `from` at least. */
export function trimEnd(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && isSpace(text.charAt(at - 1))) at--;
  return at;
}
