import type { BuildGraph, Stage, Step } from '../build/graph.ts';
import { brief, duration } from '../prose.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import { perObject } from '../syntax/memo.ts';
import type { BuildLog, Facts, LoggedStep } from '../workspace.ts';
import { withoutBlanks } from './buildLog.ts';
import { isCached } from './consequences.ts';

/** A Dockerfile, and the log of a build of it. */
export interface Timed {
  readonly dockerfile: Dockerfile;
  readonly graph: BuildGraph;
  readonly facts: Facts;
}

const variable = /\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\$[A-Za-z_]\w*/;

/** The step as the builder names it, cut where it has a variable: the build may have passed any value. */
const partsOf = perObject(({ text }: Dockerfile) => perObject((step: Step) => split(text, step)));

function split(text: string, { keyword, instruction }: Step): readonly string[] {
  const flags = instruction.flags.map(({ span }) => text.slice(span.start, span.end));
  const [heredoc] = instruction.heredocs;
  const body = keyword === 'RUN' && heredoc && /^<<\S+$/.test(instruction.rest.text) ? [`(${heredoc.body.trim()}`] : [];
  const written = [keyword, ...flags, instruction.rest.text, ...body].join(' ');
  return written.split(variable).map(withoutBlanks);
}

/** Behind a variable a text that is cut could be many a step's: so much of what follows has to be there. */
const leastBehind = 8;

const isCutIn = (part: string, text: string): boolean =>
  [...part.slice(0, text.length + 1)].some((_, index) => index >= leastBehind && text.endsWith(part.slice(0, index)));

function isNamed([first = '', ...others]: readonly string[], { text, cut }: LoggedStep): boolean {
  if (cut && first.startsWith(text)) return true;
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const [index, part] of others.entries()) {
    const isLast = index === others.length - 1;
    const found = isLast && !cut ? text.length - part.length : text.indexOf(part, at);
    if (found < at || !text.startsWith(part, found)) return cut && isCutIn(part, text.slice(at));
    at = found + part.length;
  }
  return !cut && at === text.length;
}

/** BuildKit names the stage only where the Dockerfile has several; what it has no name of is `stage-N`. */
const isOf = ({ stages }: BuildGraph, { name, index }: Stage, { names }: LoggedStep): boolean =>
  stages.length === 1 || names.at(-1) === (name?.toLowerCase() ?? `stage-${index}`);

/** The steps of a stage that may have that name: those that have it as it stands, else those that have it with some value of their variables. */
function ownersOf(dockerfile: Dockerfile, { steps }: Stage, logged: LoggedStep): readonly Step[] {
  const named = steps.filter(isCached).map((step) => ({ step, parts: partsOf(dockerfile)(step) }));
  const owners = named.filter(({ parts }) => isNamed(parts, logged));
  const literal = owners.filter(({ parts }) => parts.length === 1);
  return (literal.length > 0 ? literal : owners).map(({ step }) => step);
}

/** Seconds that the step took in the log; undefined where it did not run there, has another text now, or cannot be told from another one. */
function secondsOf({ dockerfile, graph }: Timed, step: Step, log: BuildLog): number | undefined {
  const ofStage = log.steps.filter((each) => isOf(graph, step.stage, each));
  for (const logged of ofStage.toReversed()) {
    const owners = isNamed(partsOf(dockerfile)(step), logged) ? ownersOf(dockerfile, step.stage, logged) : [];
    const at = owners.indexOf(step);
    if (at < 0) continue;
    const alike = ofStage.filter(({ text }) => text === logged.text).sort((a, b) => a.number - b.number);
    return owners.length === 1 ? logged.seconds : alike.length === owners.length ? alike[at]?.seconds : undefined;
  }
  return undefined;
}

/** What some steps took together in the log, and of how many it has the time; undefined where it has none of them. */
export function timeOf(
  known: Timed,
  steps: readonly Step[],
): { readonly seconds: number; readonly measured: number } | undefined {
  const { log } = known.facts;
  const times = log ? steps.flatMap((step) => secondsOf(known, step, log) ?? []) : [];
  if (times.length === 0) return undefined;
  return { seconds: times.reduce((sum, each) => sum + each, 0), measured: times.length };
}

/** "In build.log, RUN npm ci took 34 s.", "… these 3 steps took 2 min 5 s."; empty where there is no time. */
export function took(known: Timed, steps: readonly Step[]): string {
  const time = timeOf(known, steps);
  const [only, ...others] = steps;
  if (!time || !only) return '';
  const part = time.measured < steps.length ? `${time.measured} of ` : '';
  return `In ${known.facts.log?.name}, ${others.length > 0 ? `${part}these ${steps.length} steps` : brief(only.instruction)} took ${duration(time.seconds)}.`;
}
