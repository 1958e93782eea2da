import type { Flag, Instruction, LogicalText, Property, Word } from './dockerfile.ts';
import { type Span, span } from './span.ts';

export const shiftSpan = (at: Span, by: number): Span => span(at.start + by, at.end + by);

const shiftOptional = (at: Span | undefined, by: number): Span | undefined => at && shiftSpan(at, by);

export const shiftLogical = (logical: LogicalText, by: number): LogicalText => ({
  text: logical.text,
  offsetAt: (index) => logical.offsetAt(index) + by,
});

const shiftWord = (word: Word, by: number): Word => ({ text: word.text, span: shiftSpan(word.span, by) });

const shiftFlag = (flag: Flag, by: number): Flag => ({
  name: flag.name,
  value: flag.value,
  span: shiftSpan(flag.span, by),
  valueSpan: shiftOptional(flag.valueSpan, by),
});

const shiftProperty = (property: Property, by: number): Property => ({
  name: property.name,
  value: property.value,
  span: shiftSpan(property.span, by),
  nameSpan: shiftSpan(property.nameSpan, by),
  valueSpan: shiftOptional(property.valueSpan, by),
});

/** The same instruction `by` characters further on, with its place in the document filled in. */
export function shiftInstruction(
  instruction: Instruction,
  by: number,
  place: Pick<Instruction, 'line' | 'heredocs'> & { readonly end: number },
): Instruction {
  return {
    ...instruction,
    keywordSpan: shiftSpan(instruction.keywordSpan, by),
    span: span(instruction.span.start + by, place.end),
    line: place.line,
    flags: instruction.flags.map((flag) => shiftFlag(flag, by)),
    rest: shiftLogical(instruction.rest, by),
    restSpan: shiftSpan(instruction.restSpan, by),
    args: instruction.args.map((word) => shiftWord(word, by)),
    properties: instruction.properties.map((property) => shiftProperty(property, by)),
    heredocs: place.heredocs,
    trigger: instruction.trigger && shiftInstruction(instruction.trigger, by, place),
  };
}
