import type { ShellCommand, ShellWord } from '../syntax/shell.ts';
import type { Vertex } from './definition.ts';

/**
 * The content of a file that a RUN leaves, where its script says so word by word: `mkdir /o && echo text > /o/file`, with nothing but such commands
 * behind it. The folder must be made there, so that the file is new and has the mode that new files have. Undefined for everything else.
 */
export function literalOutput(vertex: Vertex | undefined, path: string): string | undefined {
  const script = vertex?.step?.script;
  if (!script?.complete || vertex?.step?.mounts.length !== 0) return undefined;
  const folders = new Set<string>();
  let content: string | undefined;
  for (const command of script.commands) {
    const effect = effectOf(command);
    if (!effect) return undefined;
    for (const folder of effect.folders) folders.add(folder);
    if (effect.file === path) content = folders.has(path.slice(0, path.lastIndexOf('/'))) ? effect.text : undefined;
  }
  return content;
}

interface Effect {
  readonly folders: readonly string[];
  readonly file: string | undefined;
  readonly text: string;
}

/** `mkdir` and `echo` with words that say exactly what they do. */
function effectOf({
  words,
  assignments,
  redirects,
  unconditional,
  within,
  connector,
}: ShellCommand): Effect | undefined {
  const [program, ...args] = words.map(plainWord);
  const isPlain = unconditional && within.length === 0 && assignments.length === 0 && connector?.operator !== '|';
  if (!isPlain || args.includes(undefined)) return undefined;
  const texts = args.filter((arg) => arg !== undefined);
  if (program === 'mkdir' && redirects.length === 0) return { folders: texts, file: undefined, text: '' };
  const [redirect] = redirects;
  if (program !== 'echo' || redirects.length !== 1 || redirect?.operator !== '>') return undefined;
  const file = redirect.target && plainWord(redirect.target);
  return file?.startsWith('/') ? { folders: [], file, text: `${texts.join(' ')}\n` } : undefined;
}

/** Options and backslashes mean different things to different shells. */
const plainWord = ({ value }: ShellWord): string | undefined =>
  value === undefined || /^-|\\/.test(value) ? undefined : value;
