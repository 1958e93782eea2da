import type { ShellWord } from '../syntax/shell.ts';
import { homeOf, variableOf } from './account.ts';
import type { Call, Defeater, Manager } from './manager.ts';
import { isWithin, normalize, resolve } from './paths.ts';

/** Tests of `find` that leave no files out. */
const takesAll = /^-(delete|depth|mindepth|maxdepth|type|mount|xdev)$|^[^-(!]/;

/** Programs that delete what they name. */
export const isRemoval = (call: Call): boolean =>
  call.program === 'rm' || (call.program === 'find' && deletesAll(call));

/** Whether `find` deletes all it finds. One told by name (`-name '*.c'`) picks some files of what an install has left. */
function deletesAll({ args }: Call): boolean {
  const words = args.map(({ value, text }) => value ?? text);
  const end = words.findIndex((word) => word === '-exec' || word === '-execdir');
  const tests = end < 0 ? words : words.slice(0, end);
  return words.some((word) => word === '-delete' || word === 'rm') && tests.every((word) => takesAll.test(word));
}

const maxAlternatives = 64;

/** `/var/lib/{apt,dpkg}/` as the shell expands it. */
function alternatives(text: string): string[] {
  const found = /\{([^{}]*,[^{}]*)\}/.exec(text);
  if (!found || text.length > 1000) return [text];
  const [whole, inside = ''] = found;
  return inside
    .split(',')
    .flatMap((part) => alternatives(text.slice(0, found.index) + part + text.slice(found.index + whole.length)))
    .slice(0, maxAlternatives);
}

/** The folders that a word of `rm` empties, absolute: `/var/lib/apt/lists` for `/var/lib/apt/lists/*`. */
function emptied(call: Call, word: ShellWord): string[] {
  const home = homeOf(call).path ?? '~';
  const text = (word.value ?? word.text)
    .replace(/["']/g, '')
    .replace(/^(~|\$HOME|\$\{HOME\})(?=\/|$)/, home)
    .replace(/^\$\{?(\w+)\}?(?=\/|$)/, (written, name) => variableOf(call, name) ?? written);
  return alternatives(text)
    .map((path) => (/^\.{0,2}[\w/-][^$]*$/.test(path) && call.shellCwd ? resolve(call.shellCwd, path) : path))
    .filter((path) => /^[/~]/.test(path))
    .map((path) => path.replace(/\/[^/]*[*?[].*$/, ''))
    .map((path) => (path.startsWith('/') ? normalize(path) : path.replace(/\/+$/, '')));
}

const absolute = (call: Call, path: string): string =>
  path.startsWith('~/') ? `${homeOf(call).path ?? '~'}${path.slice(1)}` : path;

/** How far a removal goes: the folder itself or something in it, or a folder far above that may hold more than caches. */
function touches(call: Call, word: ShellWord, { kept }: Manager, above: boolean): boolean {
  const folders = kept.map((path) => absolute(call, path));
  return emptied(call, word).some((gone) =>
    folders.some((folder) => isWithin(gone, folder) || (above && gone !== '/' && isWithin(folder, gone))),
  );
}

const operands = ({ program, args }: Call): readonly ShellWord[] => {
  if (program !== 'find') return args.filter(({ text }) => !text.startsWith('-'));
  const end = args.findIndex(({ text }) => /^[-(!]/.test(text));
  return end === -1 ? args : args.slice(0, end);
};

/** The folders that a removal empties, absolute. */
export const emptiedBy = (call: Call): string[] =>
  isRemoval(call) ? operands(call).flatMap((word) => emptied(call, word)) : [];

/**
 * Whether a removal empties what a manager keeps. `above`: folders that contain the kept ones count too (`rm -rf /var/cache/*`), for
 * managers that are at work in the same RUN.
 */
export const cleans = (call: Call, manager: Manager, above: boolean): boolean =>
  operands(call).some((word) => touches(call, word, manager, above));

/** The words of a removal that empty nothing but what the managers keep; undefined where the command takes no words, or all it empties is theirs. */
export function ownPart(call: Call, managers: readonly Manager[]): readonly ShellWord[] | undefined {
  const words = isRemoval(call) ? operands(call) : [];
  const kept = managers.flatMap((manager) => manager.kept.map((path) => absolute(call, path)));
  const own = words.filter((word) => {
    const gone = emptied(call, word);
    return gone.length > 0 && gone.every((path) => kept.some((folder) => isWithin(path, folder)));
  });
  return own.length === words.length ? undefined : own;
}

/** What of a removal empties the manager's cache: all of the command, or the words that do. */
export const removalDefeaters = (call: Call, manager: Manager): Defeater[] =>
  removing(call, (word) => touches(call, word, manager, true));

/** What of a removal empties folders (absolute) as a whole: `rm -rf /x` and `rm -rf /x/*` do, `rm /x/*.bin` does not. */
export const removalsOf = (call: Call, isKept: (folder: string) => boolean): Defeater[] =>
  removing(call, (word) => !takesSome(word) && emptied(call, word).some(isKept));

/** A pattern that leaves other files behind. */
const takesSome = ({ text }: ShellWord): boolean => /[*?[]/.test(text) && !/^[^*?[]*\/\*["']?$/.test(text);

function removing(call: Call, isGuilty: (word: ShellWord) => boolean): Defeater[] {
  const words = operands(call);
  const guilty = words.filter(isGuilty);
  if (guilty.length > 0 && (guilty.length === words.length || call.program === 'find')) {
    const what = [call.program, ...call.args.map(({ text }) => text)].join(' ');
    return [{ span: call.command.span, what, kind: 'command' }];
  }
  return guilty.map(({ span, text }) => ({ span, what: `${call.program} ${text}`, kind: 'words' }));
}
