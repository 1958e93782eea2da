import type { Analysis } from './analyze.ts';
import type { Step } from './build/graph.ts';
import { isCached } from './cache/consequences.ts';
import { explainSource } from './explain/copySource.ts';
import { explainFirstLine, explainMetadata, isComplete } from './explain/metadata.ts';
import { explainMount } from './explain/mounts.ts';
import { explainStep } from './explain/step.ts';
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
  return step && isCached(step) && isComplete(instruction)
    ? explainStep(analysis, step)
    : explainMetadata(analysis, instruction, step);
}

/** The explanation as Markdown, for hovers. */
export const toMarkdown = ({ title, sections }: Explanation): string =>
  [title, ...sections.map(({ heading, items }) => `${heading}\n${items.map((item) => `- ${item}`).join('\n')}`)].join(
    '\n\n',
  );

/** Code as `code` writes it, and what makes text bold around it. */
const marks = /(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)|\*\*/g;

/** The explanation as plain text, for terminals: stars and backticks of the Dockerfile stay. */
export const toText = (explanation: Explanation): string =>
  toMarkdown(explanation).replace(marks, (_, fence?: string, text = '') =>
    fence && fence.length > 1 ? text.slice(1, -1) : text,
  );
