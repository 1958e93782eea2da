import type { Analysis } from '../analyze.ts';
import type { Stage, Step } from '../build/graph.ts';
import { mergesLinks } from '../cache/link.ts';
import type { Builder } from '../cache/model.ts';
import { sizeOf } from '../context/entering.ts';
import type { Explanation } from '../explain.ts';
import { bytes, code, listing, plural } from '../prose.ts';
import type { Instruction } from '../syntax/dockerfile.ts';
import { isKeyword } from '../syntax/instruction.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { stageTitle } from './inputs.ts';
import { argPoints, envPoints, globalArgPoints } from './variables.ts';

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
  if (!isComplete(instruction)) return [incomplete];
  if (keyword === 'FROM') return fromPoints(analysis, instruction);
  const stage = analysis.graph.stages.findLast(({ from }) => from.span.start < instruction.span.start);
  if (stage && isReplaced(stage)) return [replacedPoint(stage.name)];
  if (stage) return pointsInStage(analysis, instruction, step);
  return keyword === 'ARG'
    ? globalArgPoints(analysis, instruction)
    : ['It stands before the first FROM: the build fails here.'];
}

const incomplete = 'It is not complete: the build fails here.';

/** Whether anything stands behind the keyword and its flags where it must (dockerfile/instructions/parse.go). */
export const isComplete = ({ keyword, rest }: Instruction): boolean =>
  rest.text !== '' || /^(RUN|CMD|ENTRYPOINT)$/.test(keyword);

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
    case 'COPY':
    case 'ADD':
      return [incomplete];
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
    basePoint(stage, analysis.model.builder),
    ...(stage.name === undefined ? [] : ['The name after `AS` is in no key: renaming a stage runs nothing again.']),
    ...needed,
    ...contextPoints(analysis, instruction),
  ];
}

function basePoint({ base, steps }: Stage, builder: Builder): string {
  const every = `every step of the stage${steps.some((step) => mergesLinks(step, builder)) ? ' but `COPY --link`' : ''}`;
  switch (base.kind) {
    case 'stage':
      return `It continues ${stageTitle(base.stage)}: when a step there runs again, ${every} does too, even with an identical result. Only \`COPY --from\` and bind mounts compare results.`;
    case 'scratch':
      return 'It starts empty.';
    case 'context':
      return `It starts from what the build gives as the named context ${code(base.name)}. An image or another target counts as in any FROM; a folder is new to every build, and ${every} then runs each time.`;
    default:
      return base.ref.includes('@')
        ? 'The digest fixes the image: a new push changes nothing here.'
        : `The layers of the image decide: once a new push of the same tag is pulled, ${every} runs again. Of its configuration the variables and the shell (for RUN), the user, the directory and ONBUILD count: other labels or another command alone run nothing.`;
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
