import type { Step } from '../build/graph.ts';
import { cleanPath } from '../build/paths.ts';
import type { Dockerfile, Heredoc } from '../syntax/dockerfile.ts';
import { loneHeredoc } from '../syntax/scriptOf.ts';
import { type Definition, definition } from './definition.ts';
import { mentions } from './mentions.ts';
import type { Builder } from './model.ts';
import type { MountInput } from './mountDefinition.ts';

/** The build as far as it enters the key of each RUN. */
export interface RunScope {
  readonly dockerfile: Dockerfile;
  readonly builder: Builder;
  readonly platform: string;
  /** `none`, `host` or `default`. */
  readonly network: string;
  readonly hostname: string;
}

/** ExecOp.CacheMap in BuildKit's solver/llbsolver/ops/exec.go. */
export const runDefinition = (step: Step, mounts: readonly MountInput[], scope: RunScope): Definition =>
  definition('exec', [
    ['command', runArguments(step, scope.dockerfile)],
    ['environment', environmentOf(step, scope.builder)],
    ['user', step.user],
    ['workdir', step.workdir],
    ['mounts', mounts.map(({ key }) => key)],
    ['network', networkOf(step, scope.network)],
    ['security', flagValues(step, 'security').filter((mode) => mode !== 'sandbox')],
    ['options', flagValues(step, 'device')],
    ['hostname', scope.builder === 'docker-20.10' ? '' : scope.hostname],
    ['platform', scope.platform],
  ]);

const flagValues = ({ instruction }: Step, name: string): string[] =>
  instruction.flags.filter((flag) => flag.name === name).map(({ value }) => value ?? '');

/** `--network=default` leaves the build's own mode. */
function networkOf(step: Step, ofBuild: string): string {
  const own = flagValues(step, 'network').at(-1) ?? 'default';
  return own === 'default' ? ofBuild : own;
}

/** kaniko puts a RUN's text into the key with the variables that it names expanded, and no others. */
const environmentOf = (step: Step, builder: Builder): string => {
  if (builder !== 'kaniko') return step.environment.key;
  const named = step.environment.variables.filter(({ name }) => mentions(step.instruction.rest.text, name));
  return JSON.stringify(named.map(({ name, text }) => [name, text]).sort());
};

/** What is executed: dispatchRun in dockerfile2llb/convert.go. */
export function runArguments(step: Step, dockerfile: Dockerfile): readonly string[] {
  const { instruction, shell } = step;
  if (instruction.form === 'exec') return instruction.args.map(({ text }) => text);
  const { heredocs, rest } = instruction;
  const only = loneHeredoc(instruction);
  if (!only)
    return [...shell, [rest.text, ...heredocs.map((heredoc) => reconstituted(heredoc, dockerfile))].join('\n')];
  // A script with its own interpreter becomes a file of the delimiter's name, which the shell then executes.
  const script = only.body.startsWith('#!') ? [cleanPath(`/dev/pipes/${only.delimiter}`), only.body] : [only.body];
  return [...shell, ...script];
}

/** The shell reads the heredoc itself, so its leading tabs are still there. */
function reconstituted({ stripTabs, bodySpan, body, delimiter }: Heredoc, { text }: Dockerfile): string {
  return (stripTabs ? text.slice(bodySpan.start, bodySpan.end) : body) + delimiter;
}
