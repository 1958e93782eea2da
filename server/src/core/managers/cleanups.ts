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

/** What a word of `rm` names, absolute, with the patterns that are in it. */
function namesOf(call: Call, word: ShellWord): string[] {
  const home = homeOf(call).path ?? '~';
  const text = (word.value ?? word.text)
    .replace(/["']/g, '')
    .replace(/^(~|\$HOME|\$\{HOME\})(?=\/|$)/, home)
    .replace(/^\$\{?(\w+)\}?(?=\/|$)/, (written, name) => variableOf(call, name) ?? written);
  return alternatives(text)
    .map((path) => (/^\.{0,2}[\w/-][^$]*$/.test(path) && call.shellCwd ? resolve(call.shellCwd, path) : path))
    .filter((path) => /^[/~]/.test(path));
}

/** The folders that a word of `rm` empties, absolute: `/var/lib/apt/lists` for `/var/lib/apt/lists/*`. */
const emptied = (call: Call, word: ShellWord): string[] =>
  namesOf(call, word)
    .map((path) => path.replace(/\/[^/]*[*?[].*$/, '') || '/')
    .map((path) => (path.startsWith('/') ? normalize(path) : path.replace(/\/+$/, '')));

/** More wildcards, or longer names, would take a regular expression too long. */
const mostWildcards = 3;
const longestName = 200;

/** Whether a segment of a pattern matches a name; `[…]` any character. As in the shell, what begins with a wildcard passes by dot files. */
function matches(segment: string, name: string): boolean {
  const pattern = segment.replace(/\*+/g, '*');
  if (pattern.split('*').length - 1 > mostWildcards || name.length > longestName) return pattern === name;
  const source = pattern.replace(/\[[^\]]*\]|[\\^$.|+(){}[\]*?]/g, (found) =>
    found === '*' ? '.*' : found === '?' || found.length > 1 ? '.' : `\\${found}`,
  );
  return new RegExp(`^${/^[*?[]/.test(pattern) ? '(?!\\.)' : ''}${source}$`).test(name);
}

/** Whether a name of `rm` means a folder or one above it: `/opt/*` does `/opt/conda/pkgs`, `/docker-entrypoint*` does not. */
function isAbove(name: string, folder: string): boolean {
  const own = folder.split('/').filter(Boolean);
  const parts = name.split('/').filter(Boolean);
  return parts.length > 0 && parts.every((part, at) => matches(part, own[at] ?? ''));
}

const absolute = (call: Call, path: string): string =>
  path.startsWith('~/') ? `${homeOf(call).path ?? '~'}${path.slice(1)}` : path;

/** `$(poetry config cache-dir)`, `$(pip cache dir)`, `$(go env GOCACHE)`: the manager says itself where its cache is. */
const asksManager = ({ text }: ShellWord, { programs }: Manager): boolean => {
  const [, asked = ''] = /^["']?(?:\$\(|`)([^()`]*)(?:\)|`)/.exec(text) ?? [];
  return /cache|store/i.test(asked) && asked.split(/\s+/).some((word) => programs.includes(word));
};

/**
 * How far a removal goes: the folder itself or something in it, or a folder far above that may hold more than caches. `places`: where calls of the
 * same RUN keep their cache; folders above count for them alone.
 */
function touches(call: Call, word: ShellWord, manager: Manager, places: readonly string[] | undefined): boolean {
  if (places && asksManager(word, manager)) return true;
  const folders = [...manager.kept.map((path) => absolute(call, path)), ...(places ?? [])];
  return (
    emptied(call, word).some((gone) => folders.some((folder) => isWithin(gone, folder))) ||
    (places !== undefined && namesOf(call, word).some((name) => folders.some((folder) => isAbove(name, folder))))
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

/** Whether a removal takes away a folder with one in it, by name or by a pattern: `rm` fails where a mount lies in there. */
export const removesAround = (call: Call, folder: string): boolean =>
  isRemoval(call) &&
  operands(call)
    .flatMap((word) => namesOf(call, word))
    .some(
      (name) =>
        name.split('/').filter(Boolean).length <= folder.split('/').filter(Boolean).length &&
        isAbove(name, folder) &&
        normalize(name) !== folder,
    );

/** The folders in which `find` deletes some files, absolute: `find /opt/conda -name '*.a' -delete`. */
export const thinnedBy = (call: Call): string[] =>
  call.program === 'find' && !isRemoval(call) && call.args.some(({ text }) => /^(-delete|rm|unlink)$/.test(text))
    ? operands(call).flatMap((word) => emptied(call, word))
    : [];

/**
 * Whether a removal empties what a manager keeps. For managers that are at work in the same RUN, `places` says where, and folders that contain the
 * kept ones count too (`rm -rf /var/cache/*`).
 */
export const cleans = (call: Call, manager: Manager, places: readonly string[] | undefined): boolean =>
  operands(call).some((word) => touches(call, word, manager, places));

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
export const removalDefeaters = (call: Call, manager: Manager, places: readonly string[] = []): Defeater[] =>
  removing(call, (word) => touches(call, word, manager, places));

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
