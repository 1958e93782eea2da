import { type Stage, type Step, stageAncestors } from '../build/graph.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import { scriptOf } from '../syntax/shell.ts';

/** A command line that a step runs, word by word; '' for a word that the shell makes. */
export type CommandLine = readonly string[];

/** What a RUN, CMD or ENTRYPOINT starts. Empty where that is not known. */
export function commandLines(step: Step, dockerfile: Dockerfile): readonly CommandLine[] {
  const { instruction, shell, keyword } = step;
  const script = keyword === 'RUN' ? step.script : scriptOf(instruction, dockerfile, shell);
  if (script) return script.commands.map(({ words }) => words.map(({ value }) => value ?? ''));
  return instruction.form === 'exec' ? [instruction.args.map(({ text }) => text)] : [];
}

/** The ENTRYPOINT and the CMD in force at the end of a stage; an ENTRYPOINT takes the CMD of the stages before away. */
export function startSteps(stage: Stage): Step[] {
  const steps = [...stageAncestors(stage), ...stage.steps];
  const entrypoint = steps.findLast(({ keyword }) => keyword === 'ENTRYPOINT');
  const command = steps.findLast(({ keyword }) => keyword === 'CMD');
  const isReset =
    entrypoint && command && command.stage !== entrypoint.stage && steps.indexOf(command) < steps.indexOf(entrypoint);
  return [entrypoint, isReset ? undefined : command].filter((step) => step !== undefined);
}
