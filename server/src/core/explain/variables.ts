import type { Analysis } from '../analyze.ts';
import { type BuildGraph, type Step, standsOn } from '../build/graph.ts';
import { frontendArgs } from '../build/stageState.ts';
import { environmentUse } from '../cache/environmentUse.ts';
import { expandedTexts } from '../cache/inputs.ts';
import { mentions } from '../cache/mentions.ts';
import { brief, code, line, listing, plural } from '../prose.ts';
import type { Instruction } from '../syntax/dockerfile.ts';
import { stageTitle } from './inputs.ts';

const argRule =
  'An ARG with a value is part of the key of every later RUN of this stage, and of stages built FROM it, whether the command uses it or not. COPY, ADD and WORKDIR depend on it only where they expand it.';

const envRule =
  'Part of the key of every later RUN of this stage and of stages built FROM it, used or not; the order of variables counts. COPY, ADD and WORKDIR depend on it only where their expanded text changes.';

/** kaniko keeps no environment in its keys: it expands what the text names. */
const named = 'Part of the key of the later steps whose text names it, and of no others.';

export function argPoints(analysis: Analysis, step: Step): string[] {
  const names = step.instruction.properties.map(({ name }) => name);
  if (names.every((name) => frontendArgs.has(name)))
    return ['Only the builder reads it, for its list of what the image holds (SBOM): it is part of no key.'];
  const next = step.stage.steps[step.index + 1];
  const without = next ? names.filter((name) => next.environment.lookup(name) === undefined) : [];
  const has = `${without.length > 1 ? 'have' : 'has'} no value here`;
  return [
    analysis.model.builder === 'kaniko' ? named : argRule,
    ...(without.length > 0
      ? [
          `${listing(without.map(code))} ${has}: nothing depends on ${it(without)} unless the build passes \`--build-arg\`.`,
        ]
      : []),
    ...laterRuns(analysis, step, names),
    ...expandedBy(analysis, step, names),
    ...hiddenBy(analysis, step, names),
  ];
}

/** The ENV after which an ARG of the same name counts for nothing. */
function hiddenBy({ graph }: Analysis, { stage, index }: Step, names: readonly string[]): string[] {
  const later = graph.stages.flatMap((other) =>
    other === stage ? stage.steps.slice(index + 1) : standsOn(other, stage) ? other.steps : [],
  );
  return later.flatMap(({ instruction }) =>
    instruction.keyword === 'ENV'
      ? instruction.properties
          .filter(({ name, value = '' }) => names.includes(name) && !mentions(value, name))
          .map(
            ({ name }) =>
              `The ENV on ${line(instruction)} sets ${code(name)} anew: where that is in force, this one counts for nothing.`,
          )
      : [],
  );
}

const it = (names: readonly string[]): string => (names.length > 1 ? 'them' : 'it');

export function globalArgPoints({ graph }: Analysis, instruction: Instruction): string[] {
  const names = globalNames(graph.globalArgs, instruction);
  const users = graph.stages.filter(({ from }) => {
    const text = [from.rest.text, ...from.flags.map(({ value }) => value ?? '')].join(' ');
    return names.some((name) => mentions(text, name));
  });
  const again = graph.stages.filter(({ steps }) =>
    steps.some(
      ({ keyword, instruction: { properties } }) =>
        keyword === 'ARG' && properties.some(({ name, value }) => value === undefined && names.includes(name)),
    ),
  );
  return [
    'Before the first FROM an ARG enters no key by itself: only through FROM lines that use it, and through stages that declare it again.',
    users.length > 0
      ? `Used by ${listing(users.map(({ from }) => `${code(brief(from))} on ${line(from)}`))}.`
      : 'No FROM uses it.',
    ...(again.length > 0 ? [`Declared again in ${listing(again.map(stageTitle))}.`] : []),
  ];
}

/** The names that an ARG declares, and those of later ARGs whose values are made of them. */
function globalNames(args: readonly Instruction[], of: Instruction): string[] {
  const names = of.properties.map(({ name }) => name);
  for (const { properties } of args.slice(args.indexOf(of) + 1))
    for (const { name, value } of properties)
      if (value !== undefined && names.some((used) => mentions(value, used))) names.push(name);
  return names;
}

export function envPoints(analysis: Analysis, step: Step): string[] {
  const names = step.instruction.properties.map(({ name }) => name);
  return [
    analysis.model.builder === 'kaniko' ? named : envRule,
    ...laterRuns(analysis, step, names),
    ...expandedBy(analysis, step, names),
  ];
}

/** How many RUNs a variable reaches, and how many of them use it. */
function laterRuns({ graph }: Analysis, step: Step, names: readonly string[]): string[] {
  const { stage } = step;
  const isRun = ({ keyword }: Step): boolean => keyword === 'RUN';
  const here = stage.steps.slice(step.index + 1).filter(isRun);
  const others = graph.stages.filter((other) => other !== stage && standsOn(other, stage) && other.steps.some(isRun));
  const runs = [...here, ...others.flatMap(({ steps }) => steps.filter(isRun))];
  if (runs.length === 0) return ['No RUN comes after it.'];
  const where =
    others.length === 0
      ? ''
      : `, ${here.length > 0 ? `${runs.length - here.length} of them ` : runs.length > 1 ? 'all ' : ''}in ${listing(others.map(stageTitle))}`;
  const using = runs.filter((run) => names.some((name) => environmentUse(run, name) === 'reads')).length;
  return [
    `It reaches ${plural(runs.length, 'RUN')}${where}; ${usage(using, runs.length)} ${names.length > 1 ? 'one of its variables' : 'it'}.`,
  ];
}

function usage(using: number, all: number): string {
  if (all === 1) return using === 1 ? 'the RUN names' : 'the RUN does not name';
  if (using === 0) return 'none names';
  if (using === all) return all === 2 ? 'both name' : 'all name';
  return using === 1 ? 'one names' : `${using} name`;
}

/** Instructions but RUN whose expanded text enters keys, their own or those of later steps. */
const expanding = new Set(['COPY', 'ADD', 'WORKDIR', 'USER', 'ENV', 'ARG']);

/** What else than a RUN carries the variables into keys. */
function expandedBy({ graph }: Analysis, step: Step, names: readonly string[]): string[] {
  const users = new Set(names.flatMap((name) => usersOf(graph, step, name)));
  if (users.size === 0) return [];
  const places = [...users].map(({ instruction }) => `${code(brief(instruction))} on ${line(instruction)}`);
  return [
    `${listing(places)} ${users.size === 1 ? 'expands' : 'expand'} ${names.length > 1 ? 'one of its variables' : 'it'}.`,
  ];
}

/** The steps that expand a variable with the value that this one gives it. */
function usersOf({ stages }: BuildGraph, { stage, index, instruction }: Step, name: string): Step[] {
  const isInForce = ({ environment }: Step) => {
    const variable = environment.lookup(name);
    return variable === undefined || variable.declaredBy === instruction;
  };
  return stages
    .flatMap((other) => (other === stage ? stage.steps.slice(index + 1) : standsOn(other, stage) ? other.steps : []))
    .filter(
      (each) =>
        expanding.has(each.keyword) &&
        expandedTexts(each.instruction).some((text) => mentions(text, name)) &&
        isInForce(each),
    );
}
