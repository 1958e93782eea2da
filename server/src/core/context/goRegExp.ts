/**
 * The JavaScript RegExp that matches what Go's `regexp` makes of `source` (no flags). Only the syntax that moby/patternmatcher can
 * produce: classes, escapes, anchors, alternatives, repetitions and `(.*\/)?`. Undefined where Go refuses to compile it.
 * Sources: Go's regexp/syntax documentation and parse.go.
 */
export function goRegExp(source: string): RegExp | undefined {
  let translated = '';
  let repeatable: Repeatable = 'no';
  for (let at = 0; at < source.length; ) {
    const repetition = repetitionAt(source, at);
    const part = repetition ? translateRepetition(repetition, at, repeatable) : translatePart(source, at);
    if (!part) return undefined;
    translated += part.text;
    repeatable = repetition ? 'already' : source[at] === '|' || source[at] === '(' ? 'no' : 'yes';
    at = part.end;
  }
  try {
    return new RegExp(translated, 'u');
  } catch {
    return undefined;
  }
}

/** Whether what stands before can be repeated: not at the start of an alternative, and Go repeats nothing twice. */
type Repeatable = 'no' | 'yes' | 'already';

/** `*`, `?` or `{n,m}`; a brace that is none of these stands for itself. */
const repetitionAt = (source: string, at: number): string | undefined =>
  /^(?:[*?]|\{(?:0|[1-9]\d*)(?:,(?:0|[1-9]\d*)?)?\})/.exec(source.slice(at, at + 24))?.[0];

function translateRepetition(text: string, at: number, repeatable: Repeatable): Part | undefined {
  const [low = 0, high = low] = (text.match(/\d+/g) ?? []).map(Number);
  if (repeatable !== 'yes' || low > high || high > 1000) return undefined;
  return { text, end: at + text.length };
}

interface Part {
  readonly text: string;
  readonly end: number;
}

function translatePart(source: string, at: number): Part | undefined {
  const character = source[at] ?? '';
  if (character === '.') return { text: '[^\\n]', end: at + 1 };
  if (character === '^') return { text: source[at + 1] === '{' ? '(?:^)' : '^', end: at + 1 };
  if (']{}'.includes(character)) return { text: `\\${character}`, end: at + 1 };
  if (character === '[') return translateClass(source, at);
  if (character !== '\\') return { text: String.fromCodePoint(source.codePointAt(at) ?? 0), end: next(source, at) };
  return translateEscape(source, at);
}

const next = (source: string, at: number): number => at + ((source.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);

const anchors = new Map(Object.entries({ b: '\\b', B: '\\B', A: '^', z: '$' }));

/** Outside of classes. */
function translateEscape(source: string, at: number): Part | undefined {
  const letter = source[at + 1] ?? '';
  const anchor = anchors.get(letter);
  if (anchor) return { text: `(?:${anchor})`, end: at + 2 };
  if (letter === 'Q') {
    const close = source.indexOf('\\E', at + 2);
    const quoted = source.slice(at + 2, close === -1 ? undefined : close);
    return { text: [...quoted].map(literal).join(''), end: close === -1 ? source.length : close + 2 };
  }
  const set = perlClass(letter) ?? unicodeClass(source, at);
  if (set) return { text: `[${set.text}]`, end: set.end ?? at + 2 };
  const escaped = escapedCharacter(source, at);
  return escaped && { text: literal(escaped.character), end: escaped.end };
}

const literal = (character: string): string => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;

const perlClasses = new Map(
  Object.entries({
    d: '0-9',
    D: '\\0-\\x2f\\x3a-\\u{10ffff}',
    s: '\\t\\n\\f\\r ',
    S: '\\0-\\x08\\x0b\\x0e-\\x1f\\x21-\\u{10ffff}',
    w: '0-9A-Za-z_',
    W: '\\0-\\x2f\\x3a-\\x40\\x5b-\\x5e\\x60\\x7b-\\u{10ffff}',
  }),
);

const perlClass = (letter: string): { readonly text: string; readonly end?: undefined } | undefined => {
  const text = perlClasses.get(letter);
  return text === undefined ? undefined : { text };
};

/** `\pL`, `\p{Greek}`, `\P{^Lu}`: categories and scripts. */
function unicodeClass(source: string, at: number): Part | undefined {
  const found = /^\\([pP])(?:\{(\^?)(\w+)\}|(\w))/.exec(source.slice(at, at + 64));
  if (!found) return undefined;
  const [all, letter, caret, long, short] = found;
  const negated = (letter === 'P') !== (caret === '^');
  const name = long ?? short ?? '';
  const property = /^[CLMNPSZ][a-z]?$/.test(name) ? name : `Script=${name}`;
  return { text: `\\${negated ? 'P' : 'p'}{${property}}`, end: at + all.length };
}

const controls = new Map(Object.entries({ a: '\x07', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' }));

/** The character that an escape stands for; undefined where Go knows no such escape. */
function escapedCharacter(
  source: string,
  at: number,
): { readonly character: string; readonly end: number } | undefined {
  const letter = source[at + 1] ?? '';
  const control = controls.get(letter);
  if (control !== undefined) return { character: control, end: at + 2 };
  const rest = source.slice(at + 1, at + 16);
  const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(rest)?.[0];
  if (octal) return { character: String.fromCodePoint(Number.parseInt(octal, 8)), end: at + 1 + octal.length };
  const hex = /^x(?:\{([\da-fA-F]+)\}|([\da-fA-F]{2}))/.exec(rest);
  const code = Number.parseInt(hex?.[1] ?? hex?.[2] ?? '', 16);
  if (hex) return code > 0x10ffff ? undefined : { character: String.fromCodePoint(code), end: at + 1 + hex[0].length };
  return letter !== '' && letter < '\x80' && !/\w/.test(letter.replace('_', ''))
    ? { character: letter, end: at + 2 }
    : undefined;
}

const posixClasses = new Map(
  Object.entries({
    alnum: '0-9A-Za-z',
    alpha: 'A-Za-z',
    ascii: '\\0-\\x7f',
    blank: '\\t ',
    cntrl: '\\0-\\x1f\\x7f',
    digit: '0-9',
    graph: '!-~',
    lower: 'a-z',
    print: ' -~',
    punct: '!-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-~',
    space: '\\t\\n\\v\\f\\r ',
    upper: 'A-Z',
    word: '0-9A-Za-z_',
    xdigit: '0-9A-Fa-f',
  }),
);

function translateClass(source: string, start: number): Part | undefined {
  const negated = source[start + 1] === '^';
  const first = start + (negated ? 2 : 1);
  const alternatives: string[] = [];
  let at = first;
  while (source[at] !== ']' || at === first) {
    const item = at < source.length ? classItem(source, at) : undefined;
    if (!item) return undefined;
    alternatives.push(item.text);
    at = item.end;
  }
  return { text: oneOf(alternatives, negated), end: at + 1 };
}

/** Alternatives that begin with `^` are negated POSIX classes, which cannot stand inside a JavaScript class. */
function oneOf(alternatives: readonly string[], negated: boolean): string {
  const inverse = alternatives.filter((text) => text.startsWith('^'));
  const plain = alternatives.filter((text) => !text.startsWith('^')).join('');
  if (inverse.length === 0) return `[${negated ? '^' : ''}${plain}]`;
  const union = [plain, ...inverse].flatMap((text) => (text === '' ? [] : [`[${text}]`])).join('|');
  return negated ? `(?:(?!${union})[^])` : `(?:${union})`;
}

function classItem(source: string, at: number): Part | undefined {
  const close = source.startsWith('[:', at) ? source.indexOf(':]', at + 2) : -1;
  if (close !== -1) {
    const name = source.slice(at + 2, close);
    const text = posixClasses.get(name.replace(/^\^/, ''));
    return text === undefined ? undefined : { text: name.startsWith('^') ? `^${text}` : text, end: close + 2 };
  }
  const set = source[at] === '\\' ? (perlClass(source[at + 1] ?? '') ?? unicodeClass(source, at)) : undefined;
  if (set) return { text: set.text, end: set.end ?? at + 2 };
  return classRange(source, at);
}

function classRange(source: string, at: number): Part | undefined {
  const low = classCharacter(source, at);
  if (!low) return undefined;
  const isRange = source[low.end] === '-' && low.end + 1 < source.length && source[low.end + 1] !== ']';
  if (!isRange) return { text: literal(low.character), end: low.end };
  const high = classCharacter(source, low.end + 1);
  if (!high || (high.character.codePointAt(0) ?? 0) < (low.character.codePointAt(0) ?? 0)) return undefined;
  return { text: `${literal(low.character)}-${literal(high.character)}`, end: high.end };
}

function classCharacter(source: string, at: number): { readonly character: string; readonly end: number } | undefined {
  if (at >= source.length) return undefined;
  if (source[at] === '\\') return escapedCharacter(source, at);
  return { character: String.fromCodePoint(source.codePointAt(at) ?? 0), end: next(source, at) };
}
