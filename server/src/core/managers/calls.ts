import type { Step } from '../build/graph.ts';
import { isWindows } from '../build/windows.ts';
import type { ShellCommand, ShellWord } from '../syntax/shell.ts';
import { contains } from '../syntax/span.ts';
import { homeOf } from './account.ts';
import { managers } from './index.ts';
import type { Call, Manager } from './manager.ts';
import { type Scope, startScope } from './scope.ts';
import { programOf, unwrap } from './wrappers.ts';

const byProgram = new Map<string, Manager>(
  managers.flatMap((manager) => manager.programs.map((program) => [program, manager] as const)),
);

/** The manager that a program belongs to: `pip3.12` is pip, `dnf5` is dnf. */
export const managerOf = (program: string): Manager | undefined =>
  byProgram.get(program) ?? byProgram.get(program.replace(/-?\d+(\.\d+)*$/, ''));

/** Whether a command runs a script as somebody else, whose home and rights are not known. */
function runsAsOthers({ words: [first, ...args] }: ShellCommand): boolean {
  const program = programOf(first);
  if (/^(su|runuser|setpriv|gosu|su-exec)$/.test(program)) return true;
  return /^(sudo|doas)$/.test(program) && args.some(({ text }) => /^(-[a-zA-Z]*[ui]|--user(=.*)?|--login)$/.test(text));
}

const known = new WeakMap<Step, readonly Call[]>();

/** Every command of a RUN as the program it really starts, in order; what somebody else runs (`su -c`) is left out. */
export function callsOf(step: Step): readonly Call[] {
  const found = known.get(step) ?? compute(step);
  known.set(step, found);
  return found;
}

function compute(step: Step): Call[] {
  const scope = scopeOf(step);
  const commands = commandsOf(step);
  const others = commands.filter(runsAsOthers);
  return commands.flatMap((command) => {
    scope.enter(command);
    const call = callOf(step, command, scope);
    scope.leave(command);
    const isOthers = others.some((other) => other !== command && contains(other.span, command.span));
    return call && !isOthers ? [call] : [];
  });
}

const environmentOf = (step: Step) => (name: string) => {
  const variable = step.environment.lookup(name);
  return variable?.origin === 'image' ? undefined : variable?.value;
};

const nothing: ReadonlyMap<string, string | undefined> = new Map();

export function scopeOf(step: Step, cwd: string | undefined = step.workdir): Scope {
  const shell: Pick<Call, 'step' | 'env'> = { step, env: nothing };
  // A variable of the image, which is not known, stays in the text.
  return startScope(cwd?.includes('$') ? undefined : cwd, homeOf(shell).path, environmentOf(step));
}

/** A script's commands; the exec form is one command, marked so that nobody edits it as shell text. */
function commandsOf(step: Step): readonly ShellCommand[] {
  if (step.script) return step.script.commands;
  const { form, args, restSpan } = step.instruction;
  if (form !== 'exec' || args.length === 0 || isWindows(step.stage)) return [];
  const words = args.map(({ text, span }): ShellWord => ({ text, value: text, span }));
  return [
    {
      words,
      assignments: [],
      redirects: [],
      span: restSpan,
      connector: undefined,
      within: ['exec form'],
      unconditional: true,
    },
  ];
}

export function callOf(step: Step, command: ShellCommand, scope: Scope): Call | undefined {
  const { words, env, sudo } = unwrap(
    command.words.map((word) => scope.expand(word)),
    (name) => managerOf(name) !== undefined,
  );
  const program = programOf(words[0]);
  if (program === '') return undefined;
  const settings = new Map(scope.exported);
  // Under sudo HOME may be root's or the user's: it depends on the image's sudoers.
  if (sudo && !['', '0', 'root'].includes(step.user)) settings.set('HOME', undefined);
  for (const { name, value } of command.assignments) settings.set(name, value ? scope.expand(value).value : '');
  for (const [name, value] of env) settings.set(name, value);
  const call: Call = {
    step,
    command,
    program,
    args: words.slice(1),
    cwd: scope.cwd,
    shellCwd: scope.cwd,
    env: settings,
  };
  const manager = managerOf(program);
  return manager?.directory ? { ...call, cwd: manager.directory(call) } : call;
}
