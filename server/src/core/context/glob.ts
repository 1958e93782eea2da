/** What Go's `path/filepath.Match` (Linux) makes of a pattern: BuildKit resolves the wildcards of COPY and ADD with it. */
export interface Glob {
  /** False where `path.Match` returns ErrBadPattern: an unclosed, empty or ill-ranged class, or a backslash at the end. */
  readonly valid: boolean;
  /**
   * Whether the pattern matches the whole name. `*` and `?` never match a `/`; a class may. Undefined where `filepath.Match` returns
   * ErrBadPattern: other than `path.Match` it looks at a malformed part only when what stands before it matches.
   */
  matches(name: string): boolean | undefined;
}

interface CharacterClass {
  readonly negated: boolean;
  readonly ranges: readonly (readonly [low: number, high: number])[];
}

/** A byte, any one character, or a class of characters. */
type Element = number | 'any' | CharacterClass;

/** What stands between two stars; `star` is the one before it. */
interface Chunk {
  readonly star: boolean;
  readonly elements: Element[];
  malformed: boolean;
}

const slash = 0x2f;
const replacement = 0xfffd;

/** A string whose characters are the bytes of `text` in UTF-8: Go compares bytes, and lets a star end within a character. */
export function utf8(text: string): string {
  let bytes = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x80) bytes += character;
    else bytes += encode(code >= 0xd800 && code <= 0xdfff ? replacement : code);
  }
  return bytes;
}

function encode(code: number): string {
  const tail = (shift: number): number => 0x80 | ((code >> shift) & 0x3f);
  if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), tail(0));
  if (code < 0x10000) return String.fromCharCode(0xe0 | (code >> 12), tail(6), tail(0));
  return String.fromCharCode(0xf0 | (code >> 18), tail(12), tail(6), tail(0));
}

const ascii = /^[\0-\x7f]*$/;
const toBytes = (text: string): string => (ascii.test(text) ? text : utf8(text));

/** The character at `at` of a string of bytes, and how many bytes it has; an invalid byte is U+FFFD and one byte long. */
function decode(bytes: string, at: number): { readonly code: number; readonly size: number } {
  const first = bytes.charCodeAt(at);
  if (first < 0x80) return { code: first, size: 1 };
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 1;
  let code = first & (0xff >> (size + 1));
  for (let i = 1; i < size; i++) {
    const next = bytes.charCodeAt(at + i);
    if ((next & 0xc0) !== 0x80) return { code: replacement, size: 1 };
    code = (code << 6) | (next & 0x3f);
  }
  return size === 1 ? { code: replacement, size } : { code, size };
}

/** One character of a class, escaped or not; undefined where the pattern is malformed. */
function classCharacter(bytes: string, at: number): { readonly code: number; readonly end: number } | undefined {
  const first = bytes[at];
  if (first === undefined || first === '-' || first === ']') return undefined;
  const start = first === '\\' ? at + 1 : at;
  if (start >= bytes.length) return undefined;
  const { code, size } = decode(bytes, start);
  return { code, end: start + size };
}

/** The class whose `[` stands before `at`. */
function parseClass(bytes: string, at: number): { readonly element: CharacterClass; readonly end: number } | undefined {
  const negated = bytes[at] === '^';
  const ranges: [number, number][] = [];
  let next = negated ? at + 1 : at;
  while (bytes[next] !== ']' || ranges.length === 0) {
    const low = classCharacter(bytes, next);
    if (!low) return undefined;
    const high = bytes[low.end] === '-' ? classCharacter(bytes, low.end + 1) : low;
    if (!high) return undefined;
    ranges.push([low.code, high.code]);
    next = high.end;
  }
  return { element: { negated, ranges }, end: next + 1 };
}

export function parseGlob(pattern: string): Glob {
  const chunks = parseChunks(toBytes(pattern));
  return {
    valid: chunks.at(-1)?.malformed !== true,
    matches: (name) => matchChunks(chunks, toBytes(name)),
  };
}

/** Ends with the first malformed chunk. */
function parseChunks(bytes: string): Chunk[] {
  const chunks: Chunk[] = [];
  let chunk: Chunk | undefined;
  const open = (star: boolean): Chunk => {
    chunk = { star, elements: [], malformed: false };
    chunks.push(chunk);
    return chunk;
  };
  for (let at = 0; at < bytes.length; ) {
    if (bytes[at] === '*') {
      if (chunk?.elements.length !== 0) chunk = open(true);
      at++;
      continue;
    }
    chunk ??= open(false);
    const found = parseElement(bytes, at);
    if (!found) {
      chunk.malformed = true;
      break;
    }
    chunk.elements.push(found.element);
    at = found.end;
  }
  return chunks;
}

function parseElement(bytes: string, at: number): { readonly element: Element; readonly end: number } | undefined {
  if (bytes[at] === '?') return { element: 'any', end: at + 1 };
  if (bytes[at] === '[') return parseClass(bytes, at + 1);
  const literal = bytes[at] === '\\' ? at + 1 : at;
  return literal < bytes.length ? { element: bytes.charCodeAt(literal), end: literal + 1 } : undefined;
}

/** As Go does it, each star takes as little as it can and never more later, even where that misses a match. */
function matchChunks(chunks: readonly Chunk[], name: string): boolean | undefined {
  let at = 0;
  for (const [index, { star, elements, malformed }] of chunks.entries()) {
    if (malformed) return undefined;
    if (star && elements.length === 0) return !name.includes('/', at);
    const last = index === chunks.length - 1;
    const fits = (end: number): boolean => end >= 0 && (!last || end === name.length);
    let end = matchElements(elements, name, at);
    for (let skip = at; star && !fits(end) && skip < name.length && name.charCodeAt(skip) !== slash; skip++)
      end = matchElements(elements, name, skip + 1);
    if (!fits(end)) return false;
    at = end;
  }
  return at === name.length;
}

/** Where the match ends, -1 where there is none. */
function matchElements(elements: readonly Element[], name: string, start: number): number {
  let at = start;
  for (const element of elements) {
    if (at >= name.length) return -1;
    if (typeof element === 'number') {
      if (name.charCodeAt(at++) !== element) return -1;
      continue;
    }
    const { code, size } = decode(name, at);
    if (element === 'any' ? code === slash : inClass(element, code) === element.negated) return -1;
    at += size;
  }
  return at;
}

const inClass = ({ ranges }: CharacterClass, code: number): boolean =>
  ranges.some(([low, high]) => low <= code && code <= high);
