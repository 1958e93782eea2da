import type { Analysis } from './analyze.ts';
import type { Stage, Step } from './build/graph.ts';
import { ancestors } from './build/graph.ts';
import { churnOf } from './cache/churn.ts';
import type { KeyInput, Selection } from './cache/model.ts';
import { explainSource } from './explain/copySource.ts';
import { explainFirstLine, explainMetadata } from './explain/metadata.ts';
import { explainMount } from './explain/mounts.ts';
import { bytes, listing, named, plural, share } from './prose.ts';
import type { Instruction } from './syntax/dockerfile.ts';
import { type Span, touches } from './syntax/span.ts';

/** What there is to say about one instruction, a heading and its points; Markdown within the lines. */
export interface Explanation {
  readonly span: Span;
  readonly title: string;
  /** It says which folder the build context is. */
  readonly aboutContext?: boolean | undefined;
  readonly sections: readonly { readonly heading: string; readonly items: readonly string[] }[];
}

/** The step that an instruction stands for; undefined for FROM and what stands before it. */
export function stepOf({ graph }: Analysis, instruction: Instruction): Step | undefined {
  for (const stage of graph.stages) {
    const step = stage.steps.find((candidate) => candidate.instruction === instruction && !candidate.fromOnbuild);
    if (step) return step;
  }
  return undefined;
}

/** What the cache makes of the instruction at an offset; undefined outside instructions. */
export function explainAt(analysis: Analysis, offset: number): Explanation | undefined {
  const instruction = analysis.dockerfile.instructions.find(({ span }) => touches(span, offset));
  if (!instruction) return explainFirstLine(analysis, offset);
  const step = stepOf(analysis, instruction);
  const mount = step?.mounts.find(({ flag }) => touches(flag.span, offset));
  const part = step && (mount ? explainMount(analysis, step, mount) : explainSource(analysis, step, offset));
  return part ?? explainInstruction(analysis, instruction);
}

/** What the cache makes of an instruction. */
export function explainInstruction(analysis: Analysis, instruction: Instruction): Explanation {
  const step = stepOf(analysis, instruction);
  return step?.operation ? explainStep(analysis, step) : explainMetadata(analysis, instruction, step);
}

/** The explanation as Markdown, for hovers. */
export const toMarkdown = ({ title, sections }: Explanation): string =>
  [title, ...sections.map(({ heading, items }) => `${heading}\n${items.map((item) => `- ${item}`).join('\n')}`)].join(
    '\n\n',
  );

/** The explanation as plain text, for terminals. */
export const toText = (explanation: Explanation): string => toMarkdown(explanation).replace(/\*\*|`/g, '');

export const stageTitle = (stage: Stage): string => (stage.name ? `stage \`${stage.name}\`` : `stage ${stage.index}`);

function explainStep(analysis: Analysis, step: Step): Explanation {
  const { graph } = analysis;
  const sections: Explanation['sections'][number][] = [
    { heading: '**Its cache key depends on**', items: [...ownInputs(analysis, step), ...parentInputs(analysis, step)] },
    { heading: '**When it runs again**', items: consequenceItems(analysis, step) },
  ];
  const reach = graph.reachable.has(step.stage) ? '' : ', which this build does not need: it never runs';
  const operations = step.stage.steps.filter(({ operation }) => operation);
  const position = `step ${operations.indexOf(step) + 1} of ${operations.length} in ${stageTitle(step.stage)}`;
  return { span: step.instruction.span, title: `**${step.keyword}**, ${position}${reach}.`, sections };
}

const ownInputs = (analysis: Analysis, step: Step): string[] => {
  const inputs = analysis.model.inputs(step);
  return [...inputs.flatMap((input) => describe(analysis, step, input)), ...variableItems(inputs)];
};

/** One line for all variables: each with where it comes from. */
function variableItems(inputs: readonly KeyInput[]): string[] {
  const variables = inputs.filter((input) => input.kind === 'variable');
  if (variables.length === 0) return [];
  const names = listing(
    variables.map(({ name, origin }) => `\`${name}\` (${origin.toUpperCase()})`),
    8,
  );
  return [`${variables.length === 1 ? 'the variable' : 'the variables in force, used or not:'} ${names}`];
}

function describe(analysis: Analysis, step: Step, input: KeyInput): string[] {
  switch (input.kind) {
    case 'instruction':
      return ['its own text'];
    case 'files':
      return [describeFiles(analysis, input.selection, input.via === 'mount')];
    case 'stage-files':
      return [
        `the content of ${listing(input.paths.map((path) => `\`${path}\``))} in ${stageAt(analysis, input.stage)}, and nothing else there: when that stage runs again with the same result, this stays cached`,
      ];
    case 'image-files':
      return [`the content of ${listing(input.paths.map((path) => `\`${path}\``))} in the image \`${input.ref}\``];
    case 'base-image':
      return [`the layers of the base image \`${input.ref}\``];
    case 'user':
      return input.value ? [`the user \`${input.value}\``] : [];
    case 'workdir':
      return [`the working directory \`${input.value}\``];
    case 'shell':
      return isDefaultShell(input.value) ? [] : [`the shell \`${input.value.join(' ')}\``];
    default:
      return step.keyword ? [] : [];
  }
}

const isDefaultShell = (shell: readonly string[]): boolean => shell.join(' ') === '/bin/sh -c';

const stageAt = ({ graph }: Analysis, index: number): string => {
  const stage = graph.stages[index];
  return stage ? stageTitle(stage) : `stage ${index}`;
};

/** "214 files of the build context (3.1 MB), such as `src/app.ts`; 31% of the last 400 commits changed one of them". */
export function describeFiles({ facts }: Analysis, selection: Selection, mounted = false): string {
  if (!selection.known)
    return `the content and mode of the files it ${mounted ? 'mounts' : 'copies'} from the build context (not known here)`;
  if (selection.files.length === 0) return 'files of the build context, but none matches';
  const more = facts.context?.truncated ? 'at least ' : '';
  const examples = listing(selection.files.slice(0, 3).map((path) => `\`${path}\``));
  const past = churnOf(facts.history, selection);
  const often = past
    ? `; ${share(past.touching, past.commits)} of the last ${past.commits} commits changed ${selection.files.length === 1 ? 'it' : 'one of them'}`
    : '';
  const such = selection.files.length > 3 ? `, such as ${examples}` : `: ${examples}`;
  return `the content and mode of ${more}${plural(selection.files.length, 'file')} (${bytes(selection.bytes)}) of the build context${such}${often}`;
}

/** What reaches the step through its parents: the step right before it, and the nearest ones above that read the context. */
function parentInputs(analysis: Analysis, step: Step): string[] {
  const before = [...ancestors(step)].filter(({ operation }) => operation);
  const parent = before.at(-1);
  if (!parent) return [];
  const readers = before.filter((other) => analysis.model.selection(other).files.length > 0);
  const widest = readers.sort(
    (a, b) => analysis.model.selection(b).files.length - analysis.model.selection(a).files.length,
  )[0];
  const files = widest && analysis.model.selection(widest);
  const through =
    widest && files
      ? [`through the steps above, most of all the ${plural(files.files.length, 'file')} of \`${named(widest)}\``]
      : [];
  return [
    `the step before it, \`${named(parent)}\`, and all above: when one of them runs again, so does this`,
    ...through,
  ];
}

function consequenceItems({ model }: Analysis, step: Step): string[] {
  const { runs, depends } = model.consequences(step);
  const follow =
    runs.length === 0
      ? 'no other step runs again for it'
      : `${plural(runs.length, 'step')} after it ${runs.length === 1 ? 'runs' : 'run'} again: ${listing(
          runs.map((other) => `\`${named(other)}\``),
          4,
        )}`;
  const perhaps =
    depends.length > 0
      ? [
          `${listing(
            depends.map((other) => `\`${named(other)}\``),
            3,
          )} ${depends.length === 1 ? 'runs' : 'run'} again only if the files ${depends.length === 1 ? 'it takes' : 'they take'} from this stage come out different`,
        ]
      : [];
  return [follow, ...perhaps];
}
