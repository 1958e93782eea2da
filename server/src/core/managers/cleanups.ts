import type { ShellWord } from '../syntax/shell.ts';
import { homeOf } from './account.ts';
import type { Call, Defeater, Manager } from './manager.ts';
import { isWithin, normalize } from './paths.ts';

/** Programs that delete what they name. */
export const isRemoval = ({ program, args }: Call): boolean =>
  program === 'rm' || (program === 'find' && args.some(({ value }) => value === '-delete' || value === 'rm'));

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
  const text = (word.value ?? word.text).replace(/["']/g, '').replace(/^(~|\$HOME|\$\{HOME\})(?=\/|$)/, home);
  return alternatives(text)
    .filter((path) => /^[/~]/.test(path))
    .map((path) => path.replace(/\/[^/]*[*?[].*$/, ''))
    .map((path) => (path.startsWith('/') ? normalize(path) : path.replace(/\/+$/, '')));
}

/** The folders that a removal empties, absolute: `/var/lib/apt/lists` for `rm -rf /var/lib/apt/lists/*`, but none for some of its files (`*.bin`). */
export const emptiedFolders = (call: Call): string[] =>
  operands(call)
    .filter(({ text }) => !/\/[^/]*[*?[][^/]*$/.test(text) || /\/\*["']?$/.test(text))
    .flatMap((word) => emptied(call, word));

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

/**
 * Whether a removal empties what a manager keeps. `above`: folders that contain the kept ones count too (`rm -rf /var/cache/*`), for
 * managers that are at work in the same RUN.
 */
export const cleans = (call: Call, manager: Manager, above: boolean): boolean =>
  operands(call).some((word) => touches(call, word, manager, above));

/** What of a removal empties the manager's cache: all of the command, or the words that do. */
export function removalDefeaters(call: Call, manager: Manager): Defeater[] {
  const words = operands(call);
  const guilty = words.filter((word) => touches(call, word, manager, true));
  if (guilty.length === words.length || call.program === 'find') {
    const what = [call.program, ...call.args.map(({ text }) => text)].join(' ');
    return [{ span: call.command.span, what, kind: 'command' }];
  }
  return guilty.map(({ span, text }) => ({ span, what: `${call.program} ${text}`, kind: 'words' }));
}
