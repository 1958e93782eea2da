import type { Instruction } from '../syntax/dockerfile.ts';

/** An instruction that comes from outside the document, every position in it moved to the instruction that brought it in. */
export function placeAt(instruction: Instruction, at: Instruction): Instruction {
  const { span, line } = at;
  const word = <T extends object>(part: T) => ({ ...part, span });
  return {
    ...instruction,
    ...{ span, line, keywordSpan: span, restSpan: span },
    rest: { text: instruction.rest.text, offsetAt: () => span.start },
    flags: instruction.flags.map((flag) => ({ ...word(flag), valueSpan: span })),
    args: instruction.args.map(word),
    properties: instruction.properties.map((property) => ({ ...word(property), nameSpan: span, valueSpan: span })),
    heredocs: instruction.heredocs.map((heredoc) => ({ ...word(heredoc), bodySpan: span, terminatorSpan: span })),
    trigger: instruction.trigger && placeAt(instruction.trigger, at),
  };
}
