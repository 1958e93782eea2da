import { interpolate, type Setting, type Variables } from './interpolate.ts';

/** White space without line breaks, as compose-go counts it. */
const blanks = /[\t\v\f\r \u0085\u00a0]*/y;
const beforeStatement = /(?:\s+|#[^\n]*)*/y;
const key = /(?:export[\t\f\r ]+)?([\p{L}\p{N}_.\-[\]\t\v\f\r \u0085\u00a0]*)([=:\n]|$)/uy;
const quoted = /(["'])((?:\\[\s\S]|(?!\1)[^\\])*)\1/y;
const unquoted = /[^\n]*/y;

/** The match at an offset, and where it ends. */
function take(pattern: RegExp, text: string, at: number): [RegExpExecArray, number] | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match ? [match, pattern.lastIndex] : undefined;
}

const skip = (pattern: RegExp, text: string, at: number): number => take(pattern, text, at)?.[1] ?? at;

/**
 * The variables of a `.env` file as compose reads it (compose-go's dotenv/parser.go). Undefined for a file that it refuses.
 * Their values may be secrets: they decide, but are never shown. Never throws.
 */
export function parseDotEnv(text: string): Variables | undefined {
  const found = new Map<string, Setting>();
  const source = text.replace(/^\uFEFF/, '');
  const variables: Variables = (name) => found.get(name);
  for (let at = skip(beforeStatement, source, 0); at < source.length; at = skip(beforeStatement, source, at)) {
    const [named, behind] = take(key, source, at) ?? [];
    const [, name = '', separator = ''] = named ?? [];
    if (behind === undefined || name.trimEnd().includes(' ')) return undefined;
    at = behind;
    // A name alone has the shell's value, or none.
    if (!/[=:]/.test(separator)) continue;
    const statement = valueAt(source, skip(blanks, source, behind), variables);
    if (!statement) return undefined;
    found.set(name.trimEnd(), { value: statement.value });
    at = statement.end;
  }
  return variables;
}

function valueAt(source: string, start: number, variables: Variables): (Setting & { end: number }) | undefined {
  const first = source[start];
  if (first !== '"' && first !== "'") {
    const end = skip(unquoted, source, start);
    const [value = ''] = source.slice(start, end).split(' #');
    return { value: interpolate(value.trimEnd(), variables), end };
  }
  const [match, end = 0] = take(quoted, source, start) ?? [];
  if (!match) return undefined;
  const value = (match[2] ?? '').replaceAll(`\\${first}`, first);
  return { value: first === "'" ? value : interpolate(unescaped(value), variables), end };
}

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  $: '$$',
  '"': '"',
  '\\': '\\',
};

/** An escaped `$` becomes a doubled one, which stands for itself. */
const unescaped = (value: string): string =>
  value.replace(/\\(?:([abfnrtv$"\\])|0([0-3][0-7]{2}))/g, (_, letter?: string, octal?: string) =>
    letter === undefined ? String.fromCharCode(Number.parseInt(octal ?? '', 8)) : (escapes[letter] ?? ''),
  );
