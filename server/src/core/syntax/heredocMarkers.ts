import { isSpace, skipSpaces } from './blanks.ts';
import { type Span, span } from './span.ts';

/** `<<EOF` on an instruction's line, before its body is read. */
export interface HeredocMarker {
  readonly delimiter: string;
  readonly expand: boolean;
  readonly stripTabs: boolean;
  /** `<< EOF`: new frontends take it for a heredoc, older ones do not. */
  readonly spaced: boolean;
  /** Of the word in the line. */
  readonly span: Span;
}

/** Deeper `${a:-${b…` than anybody writes is taken for an error, as it would exhaust the stack. */
const maxDepth = 100;

/**
 * The heredocs that a line begins, as BuildKit finds them: a word of their own outside quotes. A line that its lexer cannot read
 * (an open quote, `${x^^}`) has none. Source: heredocsFromLine in frontend/dockerfile/parser/parser.go; shell/lex.go.
 */
export function heredocMarkers(line: string): HeredocMarker[] {
  if (!line.includes('<<')) return [];
  const markers: HeredocMarker[] = [];
  for (const word of lexWords(line) ?? []) {
    const match = /^\d*<<(-?)(\s*)([^<]+)$/.exec(line.slice(word.start, word.end));
    const name = match?.[3] === undefined ? undefined : unquote(match[3]);
    if (!match || !name) continue;
    markers.push({ ...name, stripTabs: match[1] === '-', spaced: match[2] !== '', span: word });
  }
  return markers;
}

/** The delimiter without quotes and escapes; undefined where it is no single word. */
function unquote(word: string): { delimiter: string; expand: boolean } | undefined {
  let delimiter = '';
  let quoted = false;
  for (let at = 0; at < word.length; ) {
    const char = word.charAt(at);
    const end = skipOne(word, at, 0);
    // A name that only expansion would give (`<<${A:-EOF}`) ends no heredoc.
    const computed = char === '$' && /^\$\{.*\W.*\}$/.test(word.slice(at, end));
    if (end < 0 || isSpace(char) || computed) return undefined;
    if (char === "'" || char === '"') {
      quoted = true;
      const inner = word.slice(at + 1, end - 1);
      delimiter += char === '"' ? inner.replace(/\\(["$\\])/g, '$1') : inner;
    } else delimiter += char === '\\' ? word.slice(at + 1, end) : word.slice(at, end);
    at = end;
  }
  return delimiter === '' ? undefined : { delimiter, expand: !quoted };
}

function lexWords(line: string): Span[] | undefined {
  const words: Span[] = [];
  let start = -1;
  const close = (at: number) => {
    if (start >= 0) words.push(span(start, at));
    start = -1;
  };
  for (let at = 0; at < line.length; ) {
    const end = skipOne(line, at, 0);
    if (end < 0) return undefined;
    // An unquoted expansion is split at its spaces like plain text; quotes and escapes are not.
    const splits = end === at + 1 || line[at] === '$';
    for (; at < end; at++) {
      if (splits && isSpace(line.charAt(at))) close(at);
      else if (start < 0) start = at;
    }
  }
  close(line.length);
  return words;
}

/** Behind the character, quotation, escape or expansion at `at`; -1 where BuildKit's lexer gives up. */
function skipOne(line: string, at: number, depth: number): number {
  switch (line[at]) {
    case "'":
      return line.indexOf("'", at + 1) + 1 || -1;
    case '"':
      return skipDoubleQuoted(line, at + 1, depth);
    case '$':
      return skipDollar(line, at + 1, depth);
    case '\\':
      return Math.min(at + 2, line.length);
    case '<':
      return line[at + 1] === '<' ? skipSpaces(line, at + 2, line.length) : at + 1;
    default:
      return at + 1;
  }
}

function skipDoubleQuoted(line: string, from: number, depth: number): number {
  for (let at = from; at >= 0 && at < line.length; ) {
    const char = line.charAt(at);
    if (char === '"') return at + 1;
    if (char === '$') at = skipDollar(line, at + 1, depth);
    else at += char === '\\' && /["$\\]/.test(line.charAt(at + 1)) ? 2 : 1;
  }
  return -1;
}

/** Behind a name, a number or one special parameter. */
function skipName(line: string, from: number): number {
  const name = /[0-9]+|[@*#?\-$!]|[\p{L}\p{Nd}_]*/uy;
  name.lastIndex = from;
  name.exec(line);
  return name.lastIndex;
}

function skipDollar(line: string, from: number, depth: number): number {
  if (line[from] !== '{') return skipName(line, from);
  if (depth > maxDepth || from + 1 >= line.length || /[{}:]/.test(line.charAt(from + 1))) return -1;
  const at = skipName(line, from + 1);
  const operator = line.charAt(at);
  if (operator === '}') return at + 1;
  if (operator === ':') return /[#%]/.test(line.charAt(at + 1)) ? -1 : skipUntil(line, at + 2, '}', depth + 1);
  if (operator === '/') {
    const pattern = skipUntil(line, line[at + 1] === '/' ? at + 2 : at + 1, '/', depth + 1);
    return pattern < 0 ? -1 : skipUntil(line, pattern, '}', depth + 1);
  }
  return operator !== '' && '+-?#%'.includes(operator) ? skipUntil(line, at + 1, '}', depth + 1) : -1;
}

function skipUntil(line: string, from: number, stop: string, depth: number): number {
  for (let at = from; at >= 0 && at < line.length; at = skipOne(line, at, depth)) {
    if (line[at] === stop) return at + 1;
  }
  return -1;
}
