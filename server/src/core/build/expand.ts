import { BadPattern, replace, trimPrefix, trimSuffix } from './shellPattern.ts';

/**
 * Text whose variables are expanded. Where a variable's value cannot be known (the base image's own), `known` is false and the text holds the
 * reference as written, `${PATH}`: equal texts still compare equal.
 */
export interface Expanded {
  readonly text: string;
  readonly known: boolean;
}

/**
 * What a name stands for. `open`: nothing in the Dockerfile sets it, the base image may. `argument`: declared by an ARG without a value, so
 * that it is empty unless the build passes one: a reference is not known, but `${v:-default}` takes the default.
 */
export type Binding = Expanded | 'unset' | 'open' | 'argument';

export type Lookup = (name: string) => Binding;

export interface ExpandOptions {
  readonly escape: string;
  /** Bodies of COPY heredocs: quotes and what they hold are ordinary text. */
  readonly ignoreQuotes?: boolean;
}

/** The word as BuildKit's shell/lex.go (ProcessWord) expands it. What it refuses comes back as written, not known. */
export function expand(word: string, lookup: Lookup, options: ExpandOptions): Expanded {
  if (!needsWork.test(word) && !word.includes(options.escape)) return { text: word, known: true };
  try {
    const state: State = { word, at: 0, lookup, escape: options.escape, quotes: !options.ignoreQuotes, known: true };
    const text = readUntil(state, undefined, false);
    return { text, known: state.known };
  } catch (error) {
    if (error instanceof Refused || error instanceof BadPattern) return { text: word, known: false };
    throw error;
  }
}

const needsWork = /[$'"]/;

/** A word that BuildKit fails on, or that comes to more than any environment can hold. */
class Refused extends Error {}

/** Characters; Linux allows 128 KiB for a variable. Variables that double each other would otherwise fill the memory. */
const longest = 128 * 1024;

interface State {
  readonly word: string;
  at: number;
  readonly lookup: Lookup;
  readonly escape: string;
  readonly quotes: boolean;
  known: boolean;
}

const peek = (state: State): string | undefined => {
  const code = state.word.codePointAt(state.at);
  return code === undefined ? undefined : String.fromCodePoint(code);
};

function next(state: State): string | undefined {
  const char = peek(state);
  state.at += char?.length ?? 0;
  return char;
}

/** processStopOn: the text up to `stop`, which is consumed, or up to the end. */
function readUntil(state: State, stop: string | undefined, keepEscapes: boolean): string {
  let result = '';
  for (let char = peek(state); char !== undefined; char = peek(state)) {
    if (char === stop) {
      next(state);
      return result;
    }
    if (char === '$') result += dollar(state);
    else if (state.quotes && char === "'") result += singleQuoted(state);
    else if (state.quotes && char === '"') result += doubleQuoted(state, keepEscapes);
    else {
      next(state);
      result += char === state.escape ? escaped(state, keepEscapes) : char;
    }
    if (result.length > longest) throw new Refused('too long');
  }
  if (stop !== undefined) throw new Refused(`missing ${stop}`);
  return result;
}

const escaped = (state: State, keepEscapes: boolean): string => (keepEscapes ? state.escape : '') + (next(state) ?? '');

function singleQuoted(state: State): string {
  const end = state.word.indexOf("'", state.at + 1);
  if (end < 0) throw new Refused('missing single quote');
  const text = state.word.slice(state.at + 1, end);
  state.at = end + 1;
  return text;
}

function doubleQuoted(state: State, keepEscapes: boolean): string {
  let result = '';
  next(state);
  for (let char = peek(state); char !== undefined; char = peek(state)) {
    if (result.length > longest) throw new Refused('too long');
    if (char === '$') {
      result += dollar(state);
      continue;
    }
    next(state);
    if (char === '"') return result;
    result += char === state.escape ? escapedInQuotes(state, keepEscapes) : char;
  }
  throw new Refused('missing double quote');
}

/** Inside double quotes only `"`, `$` and the escape character can be escaped; an escape at the word's end is dropped. */
function escapedInQuotes(state: State, keepEscapes: boolean): string {
  const kept = keepEscapes ? state.escape : '';
  const char = peek(state);
  if (char === undefined) return kept;
  return kept + (char === '"' || char === '$' || char === state.escape ? (next(state) ?? '') : state.escape);
}

function dollar(state: State): string {
  next(state);
  if (peek(state) !== '{') {
    const name = readName(state);
    return name === '' ? '$' : reference(state, name, `\${${name}}`);
  }
  next(state);
  const first = peek(state);
  if (first === undefined || first === '{' || first === '}' || first === ':') throw new Refused('bad substitution');
  const name = readName(state);
  const operator = next(state);
  if (operator === '}') return reference(state, name, `\${${name}}`);
  if (operator === '/') return replaced(state, name);
  return modified(state, name, operator);
}

/** A reference without a modifier. */
function reference(state: State, name: string, written: string): string {
  const binding = state.lookup(name);
  if (binding === 'unset') return '';
  if (typeof binding === 'object') return taken(state, binding);
  state.known = false;
  return written;
}

function taken(state: State, { text, known }: Expanded): string {
  if (!known) state.known = false;
  return text;
}

/** A `${…}` whose value is not known: it stays, with what is known of it filled in. */
function opaque(state: State, name: string, binding: Binding, rest: string): string {
  state.known = false;
  return `\${${typeof binding === 'object' ? binding.text : name}${rest}}`;
}

/** `:-`, `-`, `:+`, `+`, `:?`, `?`, `#`, `##`, `%`, `%%`. */
function modified(state: State, name: string, operator: string | undefined): string {
  const emptyIsUnset = operator === ':';
  const sign = emptyIsUnset ? next(state) : operator;
  const trims = sign === '#' || sign === '%';
  if (sign === undefined || !'-+?#%'.includes(sign) || (emptyIsUnset && trims)) throw new Refused('bad modifier');
  const before = state.known;
  const word = readUntil(state, '}', trims);
  const binding = state.lookup(name);
  const written = `${emptyIsUnset ? ':' : ''}${sign}${word}`;
  const partly = typeof binding === 'object' && !binding.known;
  if (binding === 'open' || (partly && (trims || emptyIsUnset))) return opaque(state, name, binding, written);
  if (trims && before !== state.known) return opaque(state, name, binding, written);
  if (trims) return trimmed(typeof binding === 'object' ? binding.text : '', sign, word);
  const set = typeof binding === 'object' && !(emptyIsUnset && binding.text === '');
  if (set ? sign === '+' : sign === '-') return word;
  state.known = before;
  if (sign === '+') return '';
  if (set) return taken(state, binding);
  if (binding === 'argument') return opaque(state, name, binding, written);
  throw new Refused(`${name} is not set`);
}

function trimmed(value: string, sign: string, word: string): string {
  const greedy = word.startsWith(sign);
  const pattern = greedy ? word.slice(1) : word;
  return sign === '#' ? trimPrefix(value, pattern, greedy) : trimSuffix(value, pattern, greedy);
}

/** `${v/pattern/replacement}` and `${v//pattern/replacement}`. */
function replaced(state: State, name: string): string {
  const all = peek(state) === '/';
  if (all) next(state);
  const pattern = readUntil(state, '/', true);
  const replacement = readUntil(state, '}', true);
  const binding = state.lookup(name);
  const value = binding === 'unset' ? { text: '', known: true } : binding;
  if (typeof value !== 'object' || !value.known || !state.known)
    return opaque(state, name, binding, `${all ? '//' : '/'}${pattern}/${replacement}`);
  return replace(value.text, pattern, replacement, all);
}

const letter = /[\p{L}\p{Nd}_]/u;
const digit = /\p{Nd}/u;

/** A name: letters, digits and `_`; a number; or one special parameter. */
function readName(state: State): string {
  const first = peek(state);
  if (first === undefined) return '';
  if ('@*#?-$!'.includes(first)) return next(state) ?? '';
  const allowed = digit.test(first) ? digit : letter;
  let name = '';
  for (let char = peek(state); char !== undefined && allowed.test(char); char = peek(state)) name += next(state);
  return name;
}
