import { parseShell, type ShellCommand, type ShellWord } from '../syntax/shell.ts';
import type { WrittenBuild } from './declared.ts';

/** Flags of `docker build` that stand alone: all others take a value. */
const alone =
  /^(-q|-D|--(quiet|pull|push|load|no-cache|rm|force-rm|squash|compress|debug|call|check|disable-content-trust|isolation-default|layers|stream))$/;

/** The `docker build` commands of a script, in words that are known; those after a change of folder are left out. */
export function dockerCommands(script: string): Omit<WrittenBuild, 'clause'>[] {
  if (!/\b(docker|podman|buildah)\b/.test(script)) return [];
  const { commands } = parseShell(script, 0);
  if (commands.some(({ words }) => /^(cd|pushd)$/.test(words[0]?.value ?? ''))) return [];
  return commands.flatMap((command) => buildOf(command) ?? []);
}

function buildOf({ words }: ShellCommand): Omit<WrittenBuild, 'clause'> | undefined {
  const [program, ...rest] = words[0]?.value === 'sudo' ? words.slice(1) : words;
  const isBuild = isBuilder(program?.value ?? '', rest);
  if (isBuild === 0) return undefined;
  const flags: [string, ShellWord | undefined][] = [];
  const places: ShellWord[] = [];
  const args = rest.slice(isBuild);
  for (let index = 0; index < args.length; index++) {
    const word = args[index];
    const [, flag, value] = /^(--?[\w-]+)(?:=(.*))?$/s.exec(word?.text ?? '') ?? [];
    if (!word || flag === undefined) {
      if (word) places.push(word);
    } else if (value !== undefined) flags.push([flag, withoutFlag(word, flag)]);
    else if (!alone.test(flag)) flags.push([flag, args[++index]]);
  }
  const context = places[0]?.value;
  // "-" reads it from standard input.
  return places.length === 1 && context !== undefined && context !== '-' ? described(context, flags) : undefined;
}

/** How many words after the program say that it builds; 0 where it does not. */
function isBuilder(program: string, words: readonly ShellWord[]): number {
  const [first, second] = words.map(({ value }) => value);
  if (program === 'buildah') return first === 'bud' || first === 'build' ? 1 : 0;
  if (program !== 'docker' && program !== 'podman') return 0;
  if (first === 'build') return 1;
  return (first === 'buildx' || first === 'image') && second === 'build' ? 2 : 0;
}

const withoutFlag = (word: ShellWord, flag: string): ShellWord => ({
  ...word,
  text: word.text.slice(flag.length + 1),
  value: word.value?.slice(flag.length + 1),
});

function described(
  context: string,
  flags: readonly (readonly [string, ShellWord | undefined])[],
): Omit<WrittenBuild, 'clause'> | undefined {
  const all = (...names: string[]) => flags.flatMap(([name, word]) => (names.includes(name) && word ? [word] : []));
  const file = all('-f', '--file').at(-1);
  if (file && file.value === undefined) return undefined;
  return {
    context,
    dockerfile: file?.value ?? 'Dockerfile',
    dockerfileFrom: file ? 'base' : 'context',
    target: all('--target').at(-1)?.value,
    args: new Map(all('--build-arg').flatMap(pair)),
    named: all('--build-context')
      .flatMap(pair)
      .map(([name]) => name),
  };
}

/** `NAME=VALUE`, or a NAME that takes its value from the environment. */
function pair({ text, value }: ShellWord): [string, string | undefined][] {
  const [, name, rest] = /^["']?(\w[\w.-]*)(=)?/.exec(text) ?? [];
  if (name === undefined) return [];
  return [[name, rest === undefined ? undefined : value?.slice(name.length + 1)]];
}
