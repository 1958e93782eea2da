import { parseShell, type ShellCommand, type ShellWord } from '../../syntax/shell.ts';
import { type Collector, filesIn } from '../collect.ts';
import { dirname, escapes, resolve } from '../paths.ts';
import { startScope } from '../scope.ts';
import { programOf, unwrap } from '../wrappers.ts';
import { type Package, packageAt, scriptOf } from './packageJson.ts';
import { collectPrisma } from './prisma.ts';

/** What is asked of the scripts that an install runs. */
export interface ScriptRun {
  readonly collect: Collector;
  /** Folders whose own scripts (an install within a script) are followed already. */
  readonly seen: Set<string>;
  /** Follows an install that a script runs in another folder: `cd client && npm install`. */
  install(program: string, args: readonly ShellWord[], directory: string): void;
}

/** Adds what the scripts of these names read; what cannot be told is an obstacle. */
export function collectScripts(run: ScriptRun, of: Package, names: readonly string[]): void {
  const followed = new Set<string>();
  for (const name of names) follow({ run, of, event: name, followed }, name);
}

/** What one event of a package's life runs. */
interface Event {
  readonly run: ScriptRun;
  readonly of: Package;
  readonly event: string;
  /** Scripts that are followed already: those that call themselves, or each other again and again. */
  readonly followed: Set<string>;
}

function follow(from: Event, name: string): void {
  const { run, of, event, followed } = from;
  const text = scriptOf(of, name);
  if (text === undefined || text.trim() === '' || followed.has(name)) return;
  followed.add(name);
  const script = parseShell(text, 0);
  if (!script.complete) {
    run.collect.obstacle(`The "${event}" script of ${of.path} (\`${brief(text)}\`) could not be followed.`);
    return;
  }
  const scope = startScope(`/${of.directory}`, undefined, () => undefined);
  for (const command of script.commands) {
    scope.enter(command);
    const place = { ...from, cwd: scope.cwd?.slice(1) };
    if (!isKnown(place, command)) {
      run.collect.obstacle(unknownCommand(of, event, command));
      collectNamed(place, command);
    }
    scope.leave(command);
  }
}

const brief = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

const unknownCommand = (of: Package, event: string, { words }: ShellCommand): string =>
  `The "${event}" script of ${of.path} runs \`${brief(words.map(({ text }) => text).join(' '))}\`, which may read other files of the project.`;

interface Place extends Event {
  /** Context-relative; undefined where a `cd` is not known. */
  readonly cwd: string | undefined;
}

/** The files that a command names: whatever else it reads, it needs these. */
function collectNamed({ run, cwd }: Place, { words }: ShellCommand): void {
  for (const { value } of words) if (value && cwd !== undefined) run.collect.optional(resolve(cwd, value));
}

const programs = new Set(['npm', 'yarn', 'pnpm', 'bun']);

/** Whether all that the command reads of the project is known (and added). */
function isKnown(place: Place, command: ShellCommand): boolean {
  if (command.redirects.some(({ operator, target }) => operator.startsWith('<') || !isNowhere(operator, target)))
    return false;
  if (command.words.length === 0) return true;
  const words = withoutCrossEnv(unwrap(command.words, () => true).words);
  const [program = '', ...args] = words.map(({ value, text }) => value ?? text);
  const name = programOf(words[0]) || program;
  const simple = Object.hasOwn(commands, name) ? commands[name]?.(args, place) : undefined;
  if (simple !== undefined) return simple;
  return programs.has(name) ? isKnownManager(place, name, words.slice(1)) : false;
}

const isNowhere = (operator: string, target: ShellWord | undefined): boolean =>
  operator.includes('&') || target?.value === '/dev/null' || target?.value === '/dev/stderr';

/** `cross-env A=1 npm run x`, `npm-run-all` and the like start other scripts. */
function withoutCrossEnv(words: readonly ShellWord[]): readonly ShellWord[] {
  if (!/^(cross-env|cross-env-shell|dotenv)$/.test(programOf(words[0])) || programOf(words[0]) === 'dotenv')
    return words;
  const at = words.findIndex(({ text }, index) => index > 0 && !/^[A-Za-z_]\w*=/.test(text));
  return at === -1 ? [] : unwrap(words.slice(at), () => true).words;
}

type Check = (args: readonly string[], place: Place) => boolean | undefined;

const harmless: Check = () => true;

/** Sets up git hooks: it does nothing where there is no repository, before it looks at any other file. */
const needsGit: Check = (_, { run, cwd }) => {
  const { context } = run.collect;
  return cwd !== undefined && [...foldersUp(cwd)].every((folder) => context.get(resolve(folder, '.git')) === undefined);
};

function* foldersUp(folder: string): Generator<string> {
  for (let at = folder; ; at = dirname(at)) {
    yield at;
    if (at === '') return;
  }
}

const only =
  (...first: readonly string[]): Check =>
  ([argument = '']) =>
    first.includes(argument) || undefined;

const operandOf = (args: readonly string[], ...options: readonly string[]): string | undefined => {
  const at = args.findIndex((arg) => options.includes(arg.replace(/=.*/, '')));
  if (at === -1) return undefined;
  return args[at]?.includes('=') ? args[at]?.replace(/^[^=]*=/, '') : args[at + 1];
};

const patchPackage: Check = (args, { run, cwd }) => {
  if (cwd === undefined) return false;
  const folder = resolve(cwd, operandOf(args, '--patch-dir') ?? 'patches');
  // Without patches it says so and does nothing.
  if (filesIn(run.collect.context, folder).length > 0) run.collect.folder(folder, 'patch-package');
  return !escapes(folder);
};

const prisma: Check = (args, { run, of, cwd }) => {
  if (args[0] !== 'generate' || cwd === undefined || args.some((arg) => arg.includes('$'))) return undefined;
  collectPrisma(
    run.collect,
    cwd === of.directory ? of : packageAt(run.collect.context, cwd),
    cwd,
    operandOf(args, '--schema', '--config'),
  );
  return true;
};

/** What lies in node_modules the install itself has put there. */
const test: Check = (args) =>
  !args.some((arg) => /^-([defhLrswxN]|nt|ot)$/.test(arg)) ||
  args.every((arg) => /^(!|\]{1,2}|-[defhLrswxN]|(\.\/)?node_modules\/[\w@./-]+)$/.test(arg));

const scripts: Check = (args, place) => {
  const names = args.filter((arg) => !arg.startsWith('-'));
  if (names.some((name) => scriptOf(place.of, name) === undefined) || place.cwd !== place.of.directory) return false;
  for (const name of names) runScript(place, name);
  return true;
};

const wordsOfChecks = new Set(
  `if else throw new Error process env exit argv version versions node console log info warn error indexOf includes startsWith endsWith
  test match replace split slice length typeof undefined null true false void return parseInt Number String npm yarn pnpm bun`.split(
    /\s+/,
  ),
);

/** Whether code only looks at the environment, as those that insist on a package manager do: `process.env.npm_execpath.includes('yarn')`. */
function looksAtEnvironment(code: string): boolean {
  const bare = code.replace(/'[^'\\]*'|"[^"\\]*"/g, "''").replace(/\benv\[''\]/g, 'env');
  if (/[`\\]|\[(?!\d+\])/.test(bare)) return false;
  const words = bare.match(/[A-Za-z_$][\w$]*/g) ?? [];
  return words.every((word) => wordsOfChecks.has(word) || /^(npm_\w+|[A-Z][A-Z0-9_]+)$/.test(word));
}

const node: Check = ([option = '', code]) =>
  /^(-v|--version)$/.test(option) ||
  (/^(-e|--eval|-p|--print)$/.test(option) && code !== undefined && looksAtEnvironment(code)) ||
  undefined;

/** Programs of which it is known what they read of a project. */
const commands: Readonly<Record<string, Check>> = {
  ...Object.fromEntries(
    `: [[ cd date echo exit export false only-allow npm-only-allow is-ci is-docker printf set sleep true unset whoami opencollective
    opencollective-postinstall`
      .split(/\s+/)
      .map((name) => [name, harmless]),
  ),
  '[': test,
  '[[': test,
  test,
  husky: needsGit,
  'simple-git-hooks': needsGit,
  git: (args, place) => (/^(config|rev-parse)$/.test(args[0] ?? '') ? needsGit(args, place) : false),
  node,
  playwright: only('install', 'install-deps'),
  puppeteer: only('browsers'),
  cypress: only('install', 'verify', 'cache'),
  next: only('telemetry'),
  'patch-package': patchPackage,
  prisma,
  'run-s': scripts,
  'run-p': scripts,
  'npm-run-all': scripts,
};

function runScript(place: Place, name: string): void {
  for (const each of [`pre${name}`, name, `post${name}`]) follow(place, each);
}

/** `npm run x` follows that script, an install in another folder is followed there; `yarn x` may be a script too. */
function isKnownManager(place: Place, program: string, words: readonly ShellWord[]): boolean {
  const args = words.map(({ value, text }) => value ?? text);
  const [command = '', name] = args.filter((arg) => !arg.startsWith('-'));
  const { of, cwd, run } = place;
  if (/^(config|--version|-v)$/.test(args[0] ?? '')) return true;
  const isPlain =
    args.length > 0 &&
    cwd === of.directory &&
    !args.some((arg) => /^(--prefix|-C|--cwd|--dir|-r|--filter|-F|-w|--workspace|--workspaces|-ws)\b/.test(arg));
  const script = /^(run|run-script)$/.test(command)
    ? name
    : /^(test|start|stop|restart)$/.test(command) || program !== 'npm'
      ? command
      : undefined;
  if (isPlain && script !== undefined && scriptOf(of, script) !== undefined) {
    runScript(place, script);
    return true;
  }
  // What is no script and no command of its own is a program that a dependency brings: `yarn patch-package`.
  const isProgram = isPlain && program !== 'npm' && Object.hasOwn(commands, command) && command !== 'node';
  if (isProgram) return commands[command]?.(args.slice(args.indexOf(command) + 1), place) ?? false;
  const isInstall = /^(ci|i|install|clean-install|)$/.test(command) && name === undefined;
  const moved = operandOf(args, '--prefix', '-C', '--cwd', '--dir');
  if (
    cwd === undefined ||
    !(
      isInstall ||
      (moved !== undefined && /^(ci|i|install)$/.test(args.find((arg) => /^(ci|i|install)$/.test(arg)) ?? ''))
    )
  )
    return false;
  const directory = resolve(cwd, moved ?? '');
  if (escapes(directory) || run.seen.has(directory)) return directory === of.directory;
  run.install(program, words, directory);
  return true;
}
