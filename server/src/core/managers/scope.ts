import type { ShellCommand, ShellWord } from '../syntax/shell.ts';
import { expandWord, type Lookup } from './expand.ts';
import { resolve } from './paths.ts';

/** What a shell knows while it runs a script: where it is and what it has set. Undefined values are not known. */
interface State {
  cwd: string | undefined;
  readonly before: (string | undefined)[];
  readonly variables: Map<string, string | undefined>;
  readonly exported: Map<string, string | undefined>;
}

/** Kinds of nesting that run in a shell of their own, so that `cd` and assignments end with them. */
const own = new Set(['subshell', 'substitution', 'sh -c', 'function']);

/** Follows `cd`, `export` and assignments through the commands of one script. For each command, in order: `enter`, questions, `leave`. */
export interface Scope {
  readonly cwd: string | undefined;
  /** What commands see of this script's own settings. */
  readonly exported: ReadonlyMap<string, string | undefined>;
  /** A word with the known variables filled in. */
  expand(word: ShellWord): ShellWord;
  /** Goes into the shell that the command runs in. */
  enter(command: ShellCommand): void;
  /** Takes the command's effect on that shell. */
  leave(command: ShellCommand): void;
}

/** The scope of a script that starts in `cwd`; `home` is where `cd` alone goes. */
export function startScope(cwd: string | undefined, home: string | undefined, environment: Lookup): Scope {
  const states: State[] = [{ cwd, before: [], variables: new Map(), exported: new Map() }];
  let kinds: readonly string[] = [];
  const current = (): State => states.at(-1) as State;
  const lookup: Lookup = (name) => {
    if (name === 'HOME') return home;
    if (name === 'PWD') return current().cwd;
    const { variables } = current();
    return variables.has(name) ? variables.get(name) : environment(name);
  };
  const expand = (word: ShellWord): ShellWord => expandWord(word, lookup);
  return {
    get cwd() {
      return current().cwd;
    },
    get exported() {
      return current().exported;
    },
    expand,
    enter(command) {
      const wanted = command.within.filter((kind) => own.has(kind));
      states.length = sharedDepth(kinds, wanted, command) + 1;
      while (states.length <= wanted.length) states.push(copyOf(current()));
      kinds = wanted;
    },
    leave(command) {
      const [program, ...args] = command.words.map(expand);
      if (program) builtIn(current(), program.value ?? '', args, command, home, lookup);
      else
        for (const { name, value } of command.assignments) {
          const state = current();
          const exported = state.exported.has(name) || environment(name) !== undefined;
          set(state, name, value ? expand(value).value : '', command, exported);
        }
    },
  };
}

const copyOf = ({ cwd, before, variables, exported }: State): State => ({
  cwd,
  before: [...before],
  variables: new Map(variables),
  exported: new Map(exported),
});

/** How many of the shells of the command before go on; the first command of a list opens a new one. */
function sharedDepth(kinds: readonly string[], wanted: readonly string[], { within, connector }: ShellCommand): number {
  const differing = wanted.findIndex((kind, at) => kinds[at] !== kind);
  const shared = Math.min(kinds.length, differing === -1 ? wanted.length : differing);
  const isNew = connector === undefined && own.has(within.at(-1) ?? '');
  return isNew ? Math.min(shared, wanted.length - 1) : shared;
}

function builtIn(
  state: State,
  program: string,
  args: readonly ShellWord[],
  command: ShellCommand,
  home: string | undefined,
  lookup: Lookup,
): void {
  if (program === 'cd' || program === 'pushd') enterFolder(state, args, command, home);
  else if (program === 'popd') state.cwd = command.unconditional ? state.before.pop() : undefined;
  else if (program === 'unset') for (const { text } of args) set(state, text, undefined, command, true);
  else if (program === 'export' || program === 'declare')
    for (const { text, value } of args) {
      const [, name, equals] = /^([A-Za-z_]\w*)(=?)/.exec(text) ?? [];
      if (name !== undefined) set(state, name, equals ? value?.slice(name.length + 1) : lookup(name), command, true);
    }
}

/** What may not have run leaves a value that is not known. */
function set(
  state: State,
  name: string,
  value: string | undefined,
  { unconditional }: ShellCommand,
  exported: boolean,
): void {
  const known = unconditional ? value : undefined;
  state.variables.set(name, known);
  if (exported) state.exported.set(name, known);
}

function enterFolder(
  state: State,
  args: readonly ShellWord[],
  { unconditional, connector }: ShellCommand,
  home: string | undefined,
): void {
  const target = args.find(({ text }) => !/^-[LPe@]+$/.test(text) && text !== '--');
  const value = target ? target.value : '~';
  const from = state.cwd;
  if (!unconditional || value === undefined || connector?.operator === '|') state.cwd = undefined;
  else if (value === '-') state.cwd = state.before.at(-1);
  else if (value === '~' || value.startsWith('~/')) state.cwd = home && resolve(home, value.slice(2));
  else if (value.startsWith('/') || from !== undefined) state.cwd = resolve(from ?? '/', value);
  state.before.push(from);
}
