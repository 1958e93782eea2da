import { isBlank, isSpace } from './blanks.ts';
import { type Span, span } from './span.ts';

/** Words separated by blanks; quotes mean nothing (parseStringsWhitespaceDelimited in BuildKit's line_parsers.go). */
export function splitAtBlanks(text: string): Span[] {
  const words: Span[] = [];
  let start = -1;
  for (let at = 0; at <= text.length; at++) {
    const inWord = at < text.length && !isBlank(text.charAt(at));
    if (inWord && start < 0) start = at;
    if (inWord || start < 0) continue;
    words.push(span(start, at));
    start = -1;
  }
  return words;
}

/** Words separated by spaces outside quotes, quotes and escapes kept (parseWords in BuildKit's line_parsers.go). */
export function splitWords(text: string, escapeChar: string): Span[] {
  const words: Span[] = [];
  let start = -1;
  let quote = '';
  let at = 0;
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote === '' && isSpace(char)) {
      if (start >= 0) words.push(span(start, at));
      start = -1;
      continue;
    }
    // BuildKit drops an escape character that escapes nothing.
    if (char === escapeChar && quote !== "'" && at + 1 === text.length) break;
    if (start < 0) start = at;
    if (char === escapeChar && quote !== "'") at++;
    else if (char === quote) quote = '';
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
  }
  if (start >= 0) words.push(span(start, Math.min(at, text.length)));
  return words;
}

/** The items of a JSON array of strings with the spans of their quoted text. */
export interface JsonItem {
  readonly value: string;
  readonly span: Span;
}

/**
 * Reads the exec form. `undefined`: no JSON array, so BuildKit takes the text as it stands; `invalid`: an array with
 * something else than strings, which BuildKit refuses (parseJSON in line_parsers.go).
 */
export function jsonItems(text: string): readonly JsonItem[] | 'invalid' | undefined {
  if (!text.startsWith('[')) return undefined;
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!Array.isArray(values)) return undefined;
  if (!values.every((value) => typeof value === 'string')) return 'invalid';
  const quoted = text.matchAll(/"(?:[^"\\]|\\.)*"/g);
  return Array.from(quoted, (match, index) => ({
    value: String(values[index]),
    span: span(match.index, match.index + match[0].length),
  }));
}

/** BuildKit looks at bytes where flags are: the wider spaces are none before a flag, though two of them end one. */
const isAsciiSpace = (char: string): boolean => char === ' ' || (char >= '\t' && char <= '\r');

export interface FlagWord {
  /** Quotes and escape characters taken out. */
  readonly text: string;
  readonly span: Span;
}

/**
 * Takes `--flags` off the start of an instruction's arguments; `rest` is where the arguments begin
 * (extractBuilderFlags in BuildKit's split_command.go).
 */
export function takeFlags(
  text: string,
  from: number,
  escapeChar: string,
): { readonly flags: readonly FlagWord[]; readonly rest: number } {
  const flags: FlagWord[] = [];
  let at = from;
  for (;;) {
    while (isAsciiSpace(text.charAt(at))) at++;
    if (!text.startsWith('--', at)) return { flags, rest: at };
    const word = flagWord(text, at, escapeChar);
    at = word.span.end;
    if (!isAsciiSpace(text.charAt(at)) && at < text.length) at++;
    if (word.text === '--') return { flags, rest: at };
    flags.push(word);
  }
}

function flagWord(text: string, start: number, escapeChar: string): FlagWord {
  let quote = '';
  let value = '';
  let at = start;
  for (; at < text.length; at++) {
    let char = text.charAt(at);
    if (quote === '' && (isAsciiSpace(char) || char === '\u0085' || char === '\u00a0')) break;
    if (quote === '' ? char === '"' || char === "'" : char === quote) {
      quote = quote === '' ? char : '';
      continue;
    }
    if (char === escapeChar) {
      if (++at >= text.length) break;
      char = text.charAt(at);
    }
    value += char;
  }
  return { text: value, span: span(start, Math.min(at, text.length)) };
}
