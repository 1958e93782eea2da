import type { ShellWord } from '../syntax/shell.ts';
import type { Span } from '../syntax/span.ts';
import type { Call } from './manager.ts';

export interface Option {
  /** With its dashes: `--prefix`, `-r`, `-mod`. */
  readonly name: string;
  /** Undefined for a flag without a value, and where the value is not known (`known` tells). */
  readonly value: string | undefined;
  readonly known: boolean;
  /** Its own word, and the next one where that is its value. */
  readonly span: Span;
  /** Of the option's first word; the value ends `span`. */
  readonly word: ShellWord;
}

/** A command line cut into options and operands. */
export interface Arguments {
  readonly options: readonly Option[];
  /** What is no option, in order: the subcommand first, for most tools. */
  readonly operands: readonly ShellWord[];
  /** False where a word depends on variables or globs, so that options may hide in it. */
  readonly known: boolean;
  /** Value of the first operand, '' where there is none or it is not known. */
  readonly subcommand: string;
  /** The last option of these names; `-y` is found in `-qy` too where the tool joins short options. */
  find(...names: readonly string[]): Option | undefined;
  /** Whether one is given and not switched off (`--flag=false`). */
  has(...names: readonly string[]): boolean;
  all(...names: readonly string[]): readonly Option[];
}

export interface Syntax {
  /** Options whose value may be the next word: `--prefix`, `-r`. */
  readonly values: ReadonlySet<string>;
  /** True where `-abc` means `-a -b -c` and `-rfile` means `-r file`. */
  readonly joined: boolean;
}

/** A syntax from the names of options that take a value, separated by blanks. */
export const syntax = (values: string, joined = false): Syntax => ({
  values: new Set(values.split(/\s+/).filter(Boolean)),
  joined,
});

const isOff = (value: string | undefined): boolean => value !== undefined && /^(false|0|no|off)$/i.test(value);

/** The option with a value at the end of joined ones: `-r` of `-qr file` and `-qrfile`. */
function joinedOption(text: string, values: ReadonlySet<string>): { name: string; rest: string } | undefined {
  const at = [...text].findIndex((letter, index) => index > 0 && values.has(`-${letter}`));
  return at === -1 ? undefined : { name: `-${text[at]}`, rest: text.slice(at + 1) };
}

function optionOf(word: ShellWord, next: ShellWord | undefined, { values, joined }: Syntax): Option {
  const text = word.value ?? word.text;
  const equals = text.indexOf('=');
  const name = equals > 0 ? text.slice(0, equals) : text;
  const known = word.value !== undefined;
  if (equals > 0) return { name, value: known ? text.slice(equals + 1) : undefined, known, span: word.span, word };
  const short = joined && !name.startsWith('--') && !values.has(name) ? joinedOption(name, values) : undefined;
  if (short && short.rest !== '')
    return { name: short.name, value: known ? short.rest : undefined, known, span: word.span, word };
  if ((short || values.has(name)) && next)
    return {
      name: short?.name ?? name,
      value: next.value,
      known: next.value !== undefined,
      span: { start: word.span.start, end: next.span.end },
      word,
    };
  return { name, value: undefined, known, span: word.span, word };
}

function matches({ name }: Option, wanted: string, joined: boolean): boolean {
  if (name === wanted) return true;
  const isJoined = joined && /^-[A-Za-z]{2,}$/.test(name) && /^-[A-Za-z]$/.test(wanted);
  return isJoined && name.includes(wanted.slice(1));
}

export function parseArgs(words: readonly ShellWord[], of: Syntax): Arguments {
  const options: Option[] = [];
  const operands: ShellWord[] = [];
  let known = true;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as ShellWord;
    const text = word.value ?? word.text;
    if (text === '--') {
      operands.push(...words.slice(at + 1));
      break;
    }
    if (text.startsWith('-') && text.length > 1) {
      const next = words[at + 1];
      const option = optionOf(word, next, of);
      options.push(option);
      if (next && option.span.end === next.span.end) at++;
    } else {
      operands.push(word);
      known &&= word.value !== undefined;
    }
  }
  const all = (...names: readonly string[]): Option[] =>
    options.filter((option) => names.some((name) => matches(option, name, of.joined)));
  return {
    options,
    operands,
    known,
    subcommand: operands[0]?.value ?? '',
    all,
    find: (...names) => all(...names).at(-1),
    has: (...names) => all(...names).some(({ value }) => !isOff(value)),
  };
}

/** The word of a command that stands before a call's own arguments: its program, as written. */
export function wordBefore({ command, args }: Pick<Call, 'command' | 'args'>): ShellWord {
  const from = args[0]?.span.start ?? Number.POSITIVE_INFINITY;
  return command.words.findLast(({ span }) => span.end <= from) ?? (command.words[0] as ShellWord);
}
