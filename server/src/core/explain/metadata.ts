import type { Analysis } from '../analyze.ts';
import type { Step } from '../build/graph.ts';
import { mentions } from '../cache/environmentUse.ts';
import { sizeOf } from '../context/entering.ts';
import { type Explanation, stageTitle } from '../explain.ts';
import { bytes, listing, named, plural } from '../prose.ts';
import type { Instruction } from '../syntax/dockerfile.ts';
import type { ContextSnapshot } from '../workspace.ts';

/** Instructions that are no step of their own: what they do to the keys of others. */
export function explainMetadata(analysis: Analysis, instruction: Instruction, step: Step | undefined): Explanation {
  const { keyword, span } = instruction;
  const heading = '**For the cache**';
  const items = points(analysis, instruction, step);
  const aboutContext = contextPoints(analysis, instruction).length > 0;
  return { span, title: `**${keyword}**`, aboutContext, sections: [{ heading, items }] };
}

function points(analysis: Analysis, instruction: Instruction, step: Step | undefined): string[] {
  switch (instruction.keyword) {
    case 'FROM':
      return fromPoints(analysis, instruction);
    case 'ARG':
      return step ? argPoints(step) : globalArgPoints(analysis, instruction);
    case 'ENV':
      return step ? envPoints(step) : [];
    case 'USER':
      return [
        'The user is part of the key of every later RUN, and of every later WORKDIR (the directory is made with that owner), so also of what follows it. `USER 1000` and `USER node` differ even where they name the same user.',
      ];
    case 'SHELL':
      return [
        'Part of the key of every later RUN in shell form, here and in stages built FROM this one. RUNs in exec form do not depend on it.',
      ];
    case 'ONBUILD':
      return ['No key of this build depends on it: it becomes a step of builds that start FROM this image.'];
    default:
      return ['Image configuration only: no step runs again when it changes.'];
  }
}

function fromPoints(analysis: Analysis, instruction: Instruction): string[] {
  const stage = analysis.graph.stages.find(({ from }) => from === instruction);
  if (!stage) return [];
  const base =
    stage.base.kind === 'stage'
      ? `It continues ${stageTitle(stage.base.stage)}: when a step there runs again, every step here does too, even with an identical result. Only \`COPY --from\` and bind mounts compare results.`
      : stage.base.kind === 'scratch'
        ? 'It starts empty.'
        : 'The layers of the image decide: a new push of the same tag runs every step of the stage again; a change of its labels or command alone runs nothing.';
  const needed = analysis.graph.reachable.has(stage)
    ? []
    : ['This build does not need the stage: none of its steps runs.'];
  return [
    base,
    ...(stage.name === undefined ? [] : ['The name after `AS` is in no key: renaming a stage runs nothing again.']),
    ...needed,
    ...contextPoints(analysis, instruction),
  ];
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
  const ignored = ignore ? ` after \`${ignore.path}\`` : '; there is no ignore file';
  return `\`${root}\` (${reason}): ${truncated ? 'at least ' : ''}${plural(files, 'file')}, ${bytes(size)}${ignored}.`;
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

function argPoints(step: Step): string[] {
  const names = step.instruction.properties.map(({ name }) => name);
  const next = step.stage.steps[step.index + 1];
  const hasValue = names.some((name) => next?.environment.lookup(name) !== undefined);
  const rule =
    'An ARG with a value is part of the key of every later RUN of this stage, and of stages built FROM it, whether the command uses it or not. COPY, ADD and WORKDIR depend on it only where they expand it.';
  return [
    rule,
    ...(hasValue ? [] : ['Here it has no value, so nothing depends on it unless the build passes `--build-arg`.']),
    ...laterRuns(step, names),
  ];
}

function globalArgPoints({ graph }: Analysis, instruction: Instruction): string[] {
  const names = instruction.properties.map(({ name }) => name);
  const users = graph.stages.filter(({ from }) => names.some((name) => mentions(from.rest.text, name)));
  const used =
    users.length > 0 ? `Used by ${listing(users.map(({ from }) => `\`${named(from)}\``))}.` : 'No FROM uses it.';
  return [
    'Before the first FROM an ARG enters no key by itself: only through FROM lines that use it, and through stages that declare it again.',
    used,
  ];
}

function envPoints(step: Step): string[] {
  const rule =
    'Part of the key of every later RUN of this stage and of stages built FROM it, used or not; the order of variables counts. COPY and WORKDIR depend on it only where their expanded text changes.';
  return [
    rule,
    ...laterRuns(
      step,
      step.instruction.properties.map(({ name }) => name),
    ),
  ];
}

function laterRuns(step: Step, names: readonly string[]): string[] {
  const later = step.stage.steps.slice(step.index + 1).filter(({ keyword }) => keyword === 'RUN');
  if (later.length === 0) return ['No RUN of this stage comes after it.'];
  const using = later.filter(({ instruction, script }) =>
    names.some((name) => mentions(instruction.rest.text, name) || script?.variables.has(name)),
  );
  return [
    `${plural(later.length, 'later RUN')} in this stage, of which ${using.length === 0 ? 'none names' : using.length === 1 ? 'one names' : `${using.length} name`} it.`,
  ];
}
