import { within } from '../cache/placement.ts';
import { baseName } from '../syntax/path.ts';
import type { ShellCommand, ShellWord } from '../syntax/shell.ts';

/** Commands whose arguments are no files. */
const withoutFiles = new Set(
  ': [ addgroup adduser basename cd date dirname echo env exit export false getent groupadd groupmod hostname id locale-gen nproc printf pwd set shopt sleep test tr true type umask uname unset update-ca-certificates useradd usermod which whoami xx-info'.split(
    ' ',
  ),
);

/** Commands that touch exactly the files they are given. */
const withFiles = new Set(
  'cat chgrp chmod chown cp curl gpg gzip gunzip install ln ls mkdir mv rm rmdir sed tar tee touch unzip wget xz'.split(
    ' ',
  ),
);

/** Set-up of the package manager itself: it reads no file of the project. */
const setUp: readonly RegExp[] = [
  /^corepack (enable|disable)\b/,
  /^corepack (prepare|install -g|install --global) [a-z]+@/,
  /^npm (config set|set)\b/,
  /^(yarn|pnpm) config set\b/,
  /^git config --(global|system)\b/,
  /^pip3? (config set|check)\b/,
  /^poetry config (?!.*--local)/,
  /^npm pkg get\b/,
  /^pip3? (check|freeze|list)$/,
  /^python3? -m ensurepip\b/,
  /^(apt-key (adv|add) (-|--\S+)|add-apt-repository)(\s|$)/,
  /^ccache -[szM]/,
];

/**
 * Whether a command leaves the project's files alone: it reads and writes none of them, neither those in the working directory nor those in
 * `folders` (absolute paths). Unknown programs are not harmless.
 */
export function isHarmless(command: ShellCommand, folders: readonly string[] = []): boolean {
  if (!command.redirects.every(({ target, operator }) => operator.includes('&') || isElsewhere(target?.value, folders)))
    return false;
  const [program, ...args] = command.words;
  if (!program) return true;
  const name = program.value === undefined ? '' : baseName(program.value);
  if (withoutFiles.has(name)) return true;
  if (setUp.some((pattern) => pattern.test([name, ...args.map(({ text }) => text)].join(' ')))) return true;
  if (/^[ef]?grep$/.test(name)) return searchesElsewhere(args, folders);
  if (name === 'sed') return editsElsewhere(args, folders);
  return withFiles.has(name) && args.every((word) => isElsewhere(word.value ?? fixedFolder(word), folders));
}

/** `/var/lib/apt` of `/var/lib/apt/*` and `/var/lib/apt/{lists,mirrors}`: whatever the shell makes of it lies there. */
const fixedFolder = ({ text }: ShellWord): string | undefined =>
  text.includes('..') ? undefined : /^((?:\/[\w.@+-]+)+)\/[\w./@+*?,{}[\]-]*$/.exec(text)?.[1];

/** Whether grep looks through what is piped to it, or through files outside of the folders. */
function searchesElsewhere(args: readonly ShellWord[], folders: readonly string[]): boolean {
  if (args.some(({ text }) => /^-(-(recursive|dereference-recursive|file|include)|[a-zA-Z]*[rRf])/.test(text)))
    return false;
  const [, ...files] = args.filter(({ text }) => !text.startsWith('-'));
  return files.every(({ value }) => isElsewhere(value, folders));
}

/** Scripts of sed that replace and delete, and so neither write to other files nor run anything. */
const plainEdit = /^(\d*s(\W).*\2.*\2[gIip\d]*|(\/[^;]*\/|\$|\d+(,(\d+|\$))?)!?d)$/;

/** Whether sed edits what is piped to it, or files outside of the folders. */
function editsElsewhere(args: readonly ShellWord[], folders: readonly string[]): boolean {
  if (
    !args.every(
      ({ text }) => !text.startsWith('-') || /^-(i(\.\w+)?|[Eren]+|-in-place|-regexp-extended|-expression)$/.test(text),
    )
  )
    return false;
  const given = args.flatMap((word, at) => (/^-([Ern]*e|-expression)$/.test(args[at - 1]?.text ?? '') ? [word] : []));
  const operands = args.filter((word) => !word.text.startsWith('-') && !given.includes(word));
  const [scripts, files] = given.length > 0 ? [given, operands] : [operands.slice(0, 1), operands.slice(1)];
  return (
    scripts.every(({ value, text }) => plainEdit.test(value ?? text.replace(/^"|"$/g, ''))) &&
    files.every(({ value }) => isElsewhere(value, folders))
  );
}

/** A word that names no file of the project: an option, a URL, a mode, an absolute path outside the folders. */
const isElsewhere = (value: string | undefined, folders: readonly string[]): boolean =>
  value !== undefined &&
  (/^(-|[a-z][a-z+.-]*:\/\/|[0-7]{3,4}$|[ugoa]*[+=-][rwxXst]+$)/.test(value) ||
    (value.startsWith('/') && folders.length > 0
      ? folders.every((folder) => isApart(folder, value))
      : /^\/(etc|usr|var|tmp|root|home|dev|run|proc)\b/.test(value)));

const isApart = (folder: string, path: string): boolean =>
  within(folder, path) === undefined && within(path, folder) === undefined;
