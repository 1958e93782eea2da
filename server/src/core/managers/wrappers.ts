import { baseName } from '../syntax/path.ts';
import type { ShellWord } from '../syntax/shell.ts';

/** A command line without the programs that only start another one. */
export interface Unwrapped {
  readonly words: readonly ShellWord[];
  /** Variables that `env` or `sudo` sets for it. */
  readonly env: ReadonlyMap<string, string | undefined>;
  /** Whether it runs as root whatever USER says. */
  readonly sudo: boolean;
}

interface Wrapper {
  /** Options that take the next word as their value. */
  readonly values?: readonly string[];
  /** Words before the command besides options: the duration of `timeout`, the environment of `conda run`. */
  readonly operands?: number;
  /** Words that must follow the program: `run` of `poetry run`. */
  readonly subcommand?: string;
  /** Options that change who runs it, or where: the command behind is left alone. */
  readonly opaque?: readonly string[];
  readonly assigns?: boolean;
}

/**
 * Programs that run the command behind their options once, in the same directory. Those that run it repeatedly, for each of several arguments,
 * or as somebody else (`retry`, `xargs`, `su -c`, `gosu`) are left out on purpose.
 */
const wrappers: Readonly<Record<string, readonly Wrapper[]>> = {
  sudo: [
    {
      opaque: ['-u', '--user', '-i', '--login', '-s', '--shell', '-D', '--chdir'],
      values: ['-g', '-h', '-p', '-C'],
      assigns: true,
    },
  ],
  doas: [{ opaque: ['-u', '-s'] }],
  env: [
    {
      opaque: ['-C', '--chdir', '-i', '-', '--ignore-environment', '-S', '--split-string'],
      values: ['-u', '--unset'],
      assigns: true,
    },
  ],
  exec: [{ values: ['-a'] }],
  command: [{ opaque: ['-v', '-V'] }],
  builtin: [{}],
  time: [{ values: ['-o', '-f'] }],
  nice: [{ values: ['-n', '--adjustment'] }],
  ionice: [{ values: ['-c', '-n'] }],
  nohup: [{}],
  eatmydata: [{}],
  mold: [{ subcommand: '-run' }, { subcommand: '--run' }],
  chronic: [{}],
  stdbuf: [{ values: ['-i', '-o', '-e'] }],
  timeout: [{ values: ['-s', '--signal', '-k', '--kill-after'], operands: 1 }],
  'xvfb-run': [{ values: ['-e', '-n', '-s', '-f', '-p', '-w'] }],
  tini: [{}],
  'dumb-init': [{}],
  corepack: [{}],
  npx: [{ opaque: ['-c', '--call', '-w', '--workspace'], values: ['-p', '--package'] }],
  bunx: [{}],
  npm: [
    {
      subcommand: 'exec',
      opaque: ['-c', '--call', '-w', '--workspace', '--prefix', '-C'],
      values: ['-p', '--package'],
    },
  ],
  pnpm: [
    { subcommand: 'exec', opaque: ['-r', '--recursive', '-C', '--dir', '--filter', '-F', '-c'] },
    { subcommand: 'dlx', opaque: ['-C', '--dir', '-c'], values: ['--package'] },
  ],
  yarn: [
    { subcommand: 'exec', opaque: ['--cwd'] },
    { subcommand: 'dlx', opaque: ['--cwd'], values: ['-p', '--package'] },
  ],
  poetry: [{ subcommand: 'run', opaque: ['-C', '--directory', '-P', '--project'] }],
  pipenv: [{ subcommand: 'run' }],
  pdm: [{ subcommand: 'run', opaque: ['-p', '--project'] }],
  conda: [{ subcommand: 'run', opaque: ['--cwd'], values: ['-n', '--name', '-p', '--prefix'] }],
  mamba: [{ subcommand: 'run', opaque: ['--cwd'], values: ['-n', '--name', '-p', '--prefix'] }],
  rustup: [{ subcommand: 'run', operands: 1 }],
  micromamba: [{ subcommand: 'run', opaque: ['--cwd'], values: ['-n', '--name', '-p', '--prefix'] }],
};

/** Python modules that are package managers: `python -m pip`. */
const modules = new Set(['pip', 'pipenv', 'poetry', 'uv', 'pdm', 'hatch', 'conda']);

const deepest = 6;

/** The program's base name, without the version of `npx pnpm@9` or `pip3.12`. */
export const programOf = (word: ShellWord | undefined): string =>
  baseName(word?.value ?? '').replace(/(?<=.)@[^/]*$/, '');

/** Takes all wrappers off. `isProgram` tells the names worth unwrapping a script or an `npx` for. */
export function unwrap(words: readonly ShellWord[], isProgram: (name: string) => boolean): Unwrapped {
  const env = new Map<string, string | undefined>();
  let current = words;
  let sudo = false;
  for (let depth = 0; depth < deepest; depth++) {
    const next = inner(current, env);
    if (!next || (isTool(current) && !isProgram(programOf(next[0])) && !Object.hasOwn(wrappers, programOf(next[0]))))
      break;
    sudo ||= ['sudo', 'doas'].includes(programOf(current[0]));
    current = next;
  }
  return { words: current, env, sudo };
}

/** Package managers that can run other programs: worth taking off only where such a program is a package manager itself. */
const isTool = (words: readonly ShellWord[]): boolean =>
  [
    'npm',
    'pnpm',
    'yarn',
    'npx',
    'bunx',
    'poetry',
    'pipenv',
    'pdm',
    'conda',
    'mamba',
    'micromamba',
    'corepack',
    'rustup',
  ].includes(programOf(words[0]));

function inner(words: readonly ShellWord[], env: Map<string, string | undefined>): readonly ShellWord[] | undefined {
  const program = programOf(words[0]);
  if (/^(python|pypy)[\d.]*$/.test(program) || program === 'py') return moduleOf(words);
  if (/^(ba|da|z|a)?sh$/.test(program) || /^php[\d.]*$/.test(program)) return scriptOf(words);
  if (!Object.hasOwn(wrappers, program)) return undefined;
  for (const wrapper of wrappers[program] ?? []) {
    const found = behind(words.slice(1), wrapper, env);
    if (found && found.length > 0) return found;
  }
  return undefined;
}

/** `python -m pip install`: what is behind `-m`, for modules that are package managers. */
function moduleOf(words: readonly ShellWord[]): readonly ShellWord[] | undefined {
  const at = words.findIndex(({ value }) => value === '-m');
  const plain = words
    .slice(1, at)
    .every(({ value }) => value !== undefined && /^-[A-Za-z]+$/.test(value) && !/[cWX]/.test(value));
  return at > 0 && plain && modules.has(words[at + 1]?.value ?? '') ? words.slice(at + 1) : undefined;
}

/** `sh ./gradlew build`, `php composer.phar install`. */
function scriptOf(words: readonly ShellWord[]): readonly ShellWord[] | undefined {
  const at = words.findIndex(({ value }, index) => index > 0 && !/^-([eux]+|d.*)$/.test(value ?? '-'));
  const name = programOf(words[at]);
  return at > 0 && /^(gradlew|mvnw|composer(\.phar)?)$/.test(name) ? words.slice(at) : undefined;
}

function behind(
  words: readonly ShellWord[],
  wrapper: Wrapper,
  env: Map<string, string | undefined>,
): readonly ShellWord[] | undefined {
  let at = 0;
  if (wrapper.subcommand !== undefined) {
    if (words[0]?.value !== wrapper.subcommand) return undefined;
    at = 1;
  }
  for (let operands = wrapper.operands ?? 0; at < words.length; at++) {
    const value = words[at]?.value;
    const text = value ?? words[at]?.text ?? '';
    if (text === '--') return words.slice(at + 1);
    const assignment = wrapper.assigns ? /^([A-Za-z_]\w*)=/.exec(text)?.[1] : undefined;
    if (assignment) env.set(assignment, value?.slice(assignment.length + 1));
    else if (text.startsWith('-')) {
      if (wrapper.opaque?.includes(text.replace(/=.*/, ''))) return undefined;
      if (wrapper.values?.includes(text)) at++;
    } else if (operands > 0) operands--;
    else return words.slice(at);
  }
  return undefined;
}
