import { join } from '../cache/placement.ts';
import { perContext } from '../context/remember.ts';
import type { Call } from '../managers/manager.ts';
import type { ShellCommand } from '../syntax/shell.ts';
import { projectOf } from './project.ts';

/** The file that `[ -f pnpm-lock.yaml ]` asks for; of other commands undefined. */
function askedFor({ words, within }: ShellCommand): string | undefined {
  const [program = '', option, name, ...rest] = words.map(({ value, text }) => value ?? text);
  const isTest = /^(\[\[?|test)$/.test(program) && rest.length === (program === 'test' ? 0 : 1);
  return isTest && within.at(-1) === 'if' && /^-[ef]$/.test(option ?? '') && /^[\w.-]+$/.test(name ?? '')
    ? name
    : undefined;
}

/** Whether a command is in the branch that a test opens: the lists of the same construct between them begin with this branch's alone. */
function isOpenedBy(command: ShellCommand, test: ShellCommand, commands: readonly ShellCommand[]): boolean {
  const between = commands.filter(
    ({ span, within }) =>
      span.start > test.span.start && span.start <= command.span.start && within.length === test.within.length,
  );
  return (
    command.within.length >= test.within.length &&
    between.filter(({ connector }) => connector === undefined).length === 1
  );
}

/**
 * Whether a call stands in a branch that no build of this context takes: it waits for a file that is not there, while another branch of the RUN waits for one
 * that is. `if [ -f yarn.lock ]; then yarn; elif [ -f package-lock.json ]; then npm ci; …`
 */
export const isSkipped = perContext((call: Call, context): boolean => {
  const { step, command } = call;
  if (!context || !command.within.includes('if')) return false;
  const directory = projectOf(call, context)?.directory;
  const commands = step.script?.commands ?? [];
  const tests = commands.filter((each) => askedFor(each) !== undefined);
  const test = tests.findLast(({ span }) => span.start < command.span.start);
  if (directory === undefined || !test || !isOpenedBy(command, test, commands)) return false;
  const isThere = (each: ShellCommand) => context.exists(join(directory, askedFor(each) ?? ''));
  return isThere(test) === false && tests.some((each) => isThere(each) === true);
});
