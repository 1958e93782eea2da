import type { Edit } from '../fixes.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import type { ShellWord } from '../syntax/shell.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { asWritten, type InstallStep } from './installStep.ts';
import { projectOf } from './project.ts';

/** An install that leaves for later what needs the sources. */
export interface Postponed {
  readonly install: InstallStep;
  /** They add the flags for it. */
  readonly edits: readonly Edit[];
  /** The line that makes up for it once the sources are there: `RUN npm rebuild`. */
  readonly line: string;
}

/** Undefined where the manager knows no such flags, or where the install reads more than is known all the same. */
export function postponed(
  dockerfile: Dockerfile,
  install: InstallStep,
  context: ContextSnapshot,
): Postponed | undefined {
  const [invocation, second] = install.invocations.filter(({ manager, action }) => manager.inputs && action !== 'self');
  if (!invocation || second || install.alsoRuns.length > 0) return undefined;
  const { manager, call } = invocation;
  const { command, args } = call;
  const [subcommand, last] = [args.find(({ text }) => !text.startsWith('-')), args.at(-1)];
  const moves = call.cwd !== call.shellCwd || call.cwd !== install.step.workdir || command.within.length > 0;
  const project = projectOf(call, context);
  const postponement = project && manager.postpone?.(call, project);
  if (moves || !postponement || !subcommand || !last) return undefined;
  const flags = postponement.flags.map((text): ShellWord => ({ text, value: text, span: last.span }));
  const inputs = manager.inputs?.({ ...call, args: [...args, ...flags] }, project.directory, context);
  const program = dockerfile.text.slice(command.span.start, subcommand.span.start);
  if (!inputs || inputs.obstacles.length > 0 || program.includes('\n')) return undefined;
  const end = last.span.end;
  return {
    install: { ...install, inputs: { ...inputs, files: asWritten(inputs.files) } },
    edits: [{ span: { start: end, end }, newText: postponement.flags.map((flag) => ` ${flag}`).join('') }],
    line: `RUN ${postponement.after.map((words) => program + words).join(' && ')}`,
  };
}
