import type { Step } from '../build/graph.ts';
import type { ShellCommand, ShellWord } from '../syntax/shell.ts';
import { homeOf } from './account.ts';
import { cleans, isRemoval } from './cleanups.ts';
import { managers } from './index.ts';
import type { Call, Invocation, Manager } from './manager.ts';
import { type Scope, startScope } from './scope.ts';
import { programOf, unwrap } from './wrappers.ts';

const byProgram = new Map<string, Manager>(
  managers.flatMap((manager) => manager.programs.map((program) => [program, manager] as const)),
);

/** `pip3.12` is pip, `dnf5` is dnf. */
const managerOf = (program: string): Manager | undefined =>
  byProgram.get(program) ?? byProgram.get(program.replace(/-?\d+(\.\d+)*$/, ''));

const cache = new WeakMap<Step, readonly Invocation[]>();

/** The package managers that a RUN calls, in order. A removal that empties the caches of several managers is one invocation of each. */
export function invocationsOf(step: Step): readonly Invocation[] {
  const found = cache.get(step) ?? compute(step);
  cache.set(step, found);
  return found;
}

function compute(step: Step): readonly Invocation[] {
  if (step.keyword !== 'RUN') return [];
  const calls = callsOf(step);
  const direct = calls.flatMap((call) => {
    const manager = managerOf(call.program);
    const action = manager?.action(call);
    return manager && action ? [{ manager, call, action }] : [];
  });
  const present = new Set(direct.map(({ manager }) => manager));
  return calls.flatMap((call) =>
    isRemoval(call)
      ? managers
          .filter((manager) => cleans(call, manager, present.has(manager)))
          .map((manager) => ({ manager, call, action: 'clean' as const }))
      : direct.filter((invocation) => invocation.call === call),
  );
}

/** Every command of a RUN as the program it really starts, in order. */
function callsOf(step: Step): Call[] {
  const scope = scopeOf(step);
  return commandsOf(step).flatMap((command) => {
    scope.enter(command);
    const call = callOf(step, command, scope);
    scope.leave(command);
    return call ? [call] : [];
  });
}

const environmentOf = (step: Step) => (name: string) => {
  const variable = step.environment.lookup(name);
  return variable?.origin === 'image' ? undefined : variable?.value;
};

const nothing: ReadonlyMap<string, string | undefined> = new Map();

function scopeOf(step: Step): Scope {
  const shell: Pick<Call, 'step' | 'env'> = { step, env: nothing };
  return startScope(step.workdir, homeOf(shell).path, environmentOf(step));
}

/** A script's commands; the exec form is one command, marked so that nobody edits it as shell text. */
function commandsOf(step: Step): readonly ShellCommand[] {
  if (step.script) return step.script.commands;
  const { form, args, restSpan } = step.instruction;
  if (form !== 'exec' || args.length === 0) return [];
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

function callOf(step: Step, command: ShellCommand, scope: Scope): Call | undefined {
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
