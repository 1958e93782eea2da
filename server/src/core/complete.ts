import type { Analysis } from './analyze.ts';
import { completeCopy } from './complete/copy.ts';
import { completeMount } from './complete/mount.ts';
import { earlierStages } from './complete/stages.ts';
import type { Instruction } from './syntax/dockerfile.ts';
import type { Span } from './syntax/span.ts';

/** One proposal for what stands before the cursor. */
export interface Proposal {
  readonly label: string;
  readonly kind: 'file' | 'folder' | 'stage' | 'cache' | 'flag';
  readonly detail: string;
  /** Replaces the list's span. */
  readonly newText: string;
  /** Proposals stand in the order of these texts. */
  readonly order: string;
  /** There is more to propose behind it. */
  readonly goesOn?: boolean | undefined;
}

export interface Proposals {
  /** What is written of it already. */
  readonly span: Span;
  readonly items: readonly Proposal[];
  /** There are more. */
  readonly truncated: boolean;
}

/** The word at the cursor, as far as it is written, and where it stands. */
export interface Typing {
  readonly analysis: Analysis;
  readonly instruction: Instruction;
  /** The word up to the cursor, an opening quote of the exec form left out. */
  readonly word: string;
  readonly offset: number;
  /** Words of the instruction before it, the keyword left out. */
  readonly before: readonly string[];
  /** An item of a JSON array. */
  readonly quoted: boolean;
}

/** What could stand at an offset of a Dockerfile; undefined where that is another extension's business: instructions, images, variables. */
export function proposalsAt(analysis: Analysis, offset: number): Proposals | undefined {
  const typing = typingAt(analysis, offset);
  switch (typing?.instruction.keyword) {
    case 'COPY':
    case 'ADD':
      return completeCopy(typing);
    case 'RUN':
      return typing.before.every((word) => word.startsWith('--')) ? completeMount(typing) : undefined;
    case 'FROM':
      return typing.before.every((word) => word.startsWith('--')) && !typing.word.startsWith('--')
        ? earlierStages(typing, typing.word)
        : undefined;
    default:
      return undefined;
  }
}

function typingAt(analysis: Analysis, offset: number): Typing | undefined {
  const { text, instructions, comments } = analysis.dockerfile;
  const instruction = instructions.findLast(({ keywordSpan }) => keywordSpan.end < offset);
  if (!instruction || comments.some(({ span }) => span.start < offset && offset <= span.end)) return undefined;
  if (instruction.heredocs.some(({ span }) => span.end < offset)) return undefined;
  // Blanks behind the last word, and continued lines without a word, belong to nothing yet.
  const { keywordSpan, span } = instruction;
  const behind = text[span.end - 1] === analysis.dockerfile.escape ? span.end - 1 : span.end;
  if (!/^[ \t]*([\\`][ \t]*\r?\n[ \t]*)*$/.test(text.slice(Math.max(behind, keywordSpan.end), offset)))
    return undefined;
  const written = text.slice(keywordSpan.end, offset);
  const json = /^\s*((?:--\S+\s+)*)\[(.*)$/s.exec(written);
  if (json) return typingInJson(analysis, instruction, offset, json[2] ?? '');
  const words = written.split(/(?:[\\`]\r?\n|\s)+/);
  const word = words.pop() ?? '';
  return { analysis, instruction, word, offset, before: words.filter(Boolean), quoted: false };
}

/** Within the quotes of an item. */
function typingInJson(
  analysis: Analysis,
  instruction: Instruction,
  offset: number,
  written: string,
): Typing | undefined {
  const parts = written.split('"');
  const word = parts.pop() ?? '';
  if (parts.length % 2 === 0 || word.includes('\\')) return undefined;
  const flags = instruction.flags.map(({ name, value }) => `--${name}=${value ?? ''}`);
  return {
    analysis,
    instruction,
    word,
    offset,
    before: [...flags, ...parts.filter((_, at) => at % 2 === 1)],
    quoted: true,
  };
}
