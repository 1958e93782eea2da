import type { Analysis } from '../analyze.ts';
import { type BuildGraph, type Stage, type Step, standsOn } from '../build/graph.ts';
import { environmentUse } from '../cache/environmentUse.ts';
import { expandedTexts } from '../cache/inputs.ts';
import { mentions } from '../cache/mentions.ts';
import { sizeOf } from '../context/entering.ts';
import type { Explanation } from '../explain.ts';
import { brief, bytes, code, line, listing, plural } from '../prose.ts';
import type { Instruction } from '../syntax/dockerfile.ts';
import { isKeyword } from '../syntax/instruction.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { stageTitle } from './inputs.ts';

/** Instructions that are no step of their own: what they do to the keys of others. */
export function explainMetadata(analysis: Analysis, instruction: Instruction, step: Step | undefined): Explanation {
  const { keyword, span } = instruction;
  const heading = '**For the cache**';
  const items = points(analysis, instruction, step);
  const aboutContext = contextPoints(analysis, instruction).length > 0;
  const title = `**${isKeyword(keyword) ? keyword : code(keyword)}**`;
  return { span, title, aboutContext, sections: [{ heading, items }] };
}

function points(analysis: Analysis, instruction: Instruction, step: Step | undefined): string[] {
  const { keyword } = instruction;
  if (!isKeyword(keyword)) return ['Docker knows no such instruction: the build fails here.'];
  if (keyword === 'FROM') return fromPoints(analysis, instruction);
  const stage = analysis.graph.stages.findLast(({ from }) => from.span.start < instruction.span.start);
  if (stage && isReplaced(stage)) return [replacedPoint(stage.name)];
  if (stage) return pointsInStage(analysis, instruction, step);
  return keyword === 'ARG'
    ? globalArgPoints(analysis, instruction)
    : ['It stands before the first FROM: the build fails here.'];
}

/** Whether the build gives a named context of the stage's own name: that takes its place. */
const isReplaced = ({ base, name }: Stage): boolean => base.kind === 'context' && base.name === name;

const replacedPoint = (name = ''): string =>
  `The build gives the named context ${code(name)}, which takes the place of this stage: nothing of it runs.`;

function pointsInStage(analysis: Analysis, instruction: Instruction, step: Step | undefined): string[] {
  switch (instruction.keyword) {
    case 'ARG':
      return step ? argPoints(analysis, step) : [];
    case 'ENV':
      return step ? envPoints(analysis, step) : [];
    case 'WORKDIR':
      return ['`/` is always there, so that nothing is made here. Later RUNs have the directory in their key.'];
    case 'USER':
      return [
        'The user is part of the key of every later RUN, and of every later WORKDIR (the directory is made with that owner), so also of what follows it. `USER 1000` and `USER node` differ even where they name the same user.',
      ];
    case 'SHELL':
      return [
        'Part of the key of every later RUN in shell form, here and in stages built FROM this one. RUNs in exec form do not depend on it.',
      ];
    case 'ONBUILD':
      return [onbuildPoint(analysis, instruction)];
    case 'RUN':
    case 'COPY':
    case 'ADD':
      return ['It is not complete: the build fails here.'];
    default:
      return ['Image configuration only: no step runs again when it changes.'];
  }
}

function onbuildPoint({ graph }: Analysis, { trigger }: Instruction): string {
  const users = graph.stages.filter(({ steps }) =>
    steps.some(({ instruction, fromOnbuild }) => fromOnbuild && instruction === trigger),
  );
  return users.length > 0
    ? `It is carried out right after each FROM of this stage, here in ${listing(users.map(stageTitle))}. Its own stage does not depend on it.`
    : 'No key of this build depends on it: it becomes a step of what starts FROM this image.';
}

function fromPoints(analysis: Analysis, instruction: Instruction): string[] {
  const stage = analysis.graph.stages.find(({ from }) => from === instruction);
  if (!stage) return [];
  const needed = analysis.graph.reachable.has(stage)
    ? []
    : ['This build does not need the stage: none of its steps runs.'];
  if (isReplaced(stage)) return [replacedPoint(stage.name), ...contextPoints(analysis, instruction)];
  return [
    basePoint(stage),
    ...(stage.name === undefined ? [] : ['The name after `AS` is in no key: renaming a stage runs nothing again.']),
    ...needed,
    ...contextPoints(analysis, instruction),
  ];
}

function basePoint({ base }: Stage): string {
  switch (base.kind) {
    case 'stage':
      return `It continues ${stageTitle(base.stage)}: when a step there runs again, every step here does too, even with an identical result. Only \`COPY --from\` and bind mounts compare results.`;
    case 'scratch':
      return 'It starts empty.';
    case 'context':
      return `It starts from what the build gives as the named context ${code(base.name)}. An image or another target counts as in any FROM; a folder is new to every build, and every step of the stage then runs each time.`;
    default:
      return base.ref.includes('@')
        ? 'The digest fixes the image: a new push changes nothing here.'
        : 'The layers of the image decide: once a new push of the same tag is pulled, every step of the stage runs again. Of its configuration the variables and the shell (for RUN), the user, the directory and ONBUILD count: other labels or another command alone run nothing.';
  }
}

/** Which folders the build context is, why, and what enters: said on the first FROM. */
function contextPoints({ facts: { context, others = [] }, graph }: Analysis, instruction: Instruction): string[] {
  if (graph.stages[0]?.from !== instruction || !context) return [];
  return [
    `The build context is ${contextText(context)}`,
    ...others.map((other) => `Another build takes ${contextText(other)}`),
  ];
}

function contextText({ root, reason, entries, ignore, truncated }: ContextSnapshot): string {
  const { files, bytes: size } = sizeOf(entries);
  const ignored = ignore ? ` after ${code(ignore.path)}` : '; there is no ignore file';
  return `${code(root)} (${reason}): ${truncated ? 'at least ' : ''}${plural(files, 'file')}, ${bytes(size)}${ignored}.`;
}

/** The first line, where it is no instruction: a syntax line, or any other comment. */
export function explainFirstLine(analysis: Analysis, offset: number): Explanation | undefined {
  const { text } = analysis.dockerfile;
  const found = text.indexOf('\n');
  const end = found < 0 ? text.length : found;
  const from = analysis.graph.stages[0]?.from;
  const items = from ? contextPoints(analysis, from) : [];
  if (offset > end || items.length === 0) return undefined;
  return {
    span: { start: 0, end },
    title: '**Dockerfile**',
    aboutContext: true,
    sections: [{ heading: '**It is built in**', items }],
  };
}

const argRule =
  'An ARG with a value is part of the key of every later RUN of this stage, and of stages built FROM it, whether the command uses it or not. COPY, ADD and WORKDIR depend on it only where they expand it.';

const envRule =
  'Part of the key of every later RUN of this stage and of stages built FROM it, used or not; the order of variables counts. COPY, ADD and WORKDIR depend on it only where their expanded text changes.';

/** kaniko keeps no environment in its keys: it expands what the text names. */
const named = 'Part of the key of the later steps whose text names it, and of no others.';

function argPoints(analysis: Analysis, step: Step): string[] {
  const names = step.instruction.properties.map(({ name }) => name);
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

function globalArgPoints({ graph }: Analysis, instruction: Instruction): string[] {
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

function envPoints(analysis: Analysis, step: Step): string[] {
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
  return [`${listing(places)} ${users.size === 1 ? 'expands' : 'expand'} ${it(names)}.`];
}

/** The steps after one that expand a variable, until it is declared or set anew. */
function usersOf({ stages }: BuildGraph, { stage, index }: Step, name: string): Step[] {
  const users: Step[] = [];
  const inForce = new Set<Stage>();
  for (const other of stages.slice(stage.index)) {
    if (other !== stage && !(other.base.kind === 'stage' && inForce.has(other.base.stage))) continue;
    const steps = other === stage ? stage.steps.slice(index + 1) : other.steps;
    const end = steps.findIndex(({ instruction }) => setsAnew(instruction, name));
    if (end < 0) inForce.add(other);
    users.push(...steps.slice(0, end < 0 ? undefined : end + 1).filter((each) => expands(each, name)));
  }
  return users;
}

const setsAnew = ({ keyword, properties }: Instruction, name: string): boolean =>
  (keyword === 'ARG' || keyword === 'ENV') && properties.some((property) => property.name === name);

const expands = ({ keyword, instruction }: Step, name: string): boolean =>
  expanding.has(keyword) && expandedTexts(instruction).some((text) => mentions(text, name));
