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

type Place = Pick<Instruction, 'line' | 'heredocs'> & { readonly end: number };

/** The same instruction `by` characters further on, with its place in the document filled in. */
export const shiftInstruction = (instruction: Instruction, by: number, place: Place): Instruction =>
  new ShiftedInstruction(instruction, by, place);

/** A class for the sake of its lazy members: after a keystroke nobody looks at most instructions' words. */
class ShiftedInstruction implements Instruction {
  readonly keyword: string;
  readonly form: Instruction['form'];
  readonly keywordSpan: Span;
  readonly span: Span;
  readonly restSpan: Span;
  readonly line: number;
  readonly heredocs: Instruction['heredocs'];
  private shiftedFlags: readonly Flag[] | undefined;
  private shiftedRest: LogicalText | undefined;
  private shiftedArgs: readonly Word[] | undefined;
  private shiftedProperties: readonly Property[] | undefined;
  private shiftedTrigger: Instruction | undefined;

  constructor(
    private readonly source: Instruction,
    private readonly by: number,
    private readonly place: Place,
  ) {
    this.keyword = source.keyword;
    this.form = source.form;
    this.keywordSpan = shiftSpan(source.keywordSpan, by);
    this.span = span(source.span.start + by, place.end);
    this.restSpan = shiftSpan(source.restSpan, by);
    this.line = place.line;
    this.heredocs = place.heredocs;
  }

  get flags(): readonly Flag[] {
    const { source, by } = this;
    if (source.flags.length === 0) return source.flags;
    this.shiftedFlags ??= source.flags.map((flag) => shiftFlag(flag, by));
    return this.shiftedFlags;
  }

  get rest(): LogicalText {
    this.shiftedRest ??= shiftLogical(this.source.rest, this.by);
    return this.shiftedRest;
  }

  get args(): readonly Word[] {
    this.shiftedArgs ??= this.source.args.map((word) => shiftWord(word, this.by));
    return this.shiftedArgs;
  }

  get properties(): readonly Property[] {
    const { source, by } = this;
    if (source.properties.length === 0) return source.properties;
    this.shiftedProperties ??= source.properties.map((property) => shiftProperty(property, by));
    return this.shiftedProperties;
  }

  get trigger(): Instruction | undefined {
    const { source, by, place } = this;
    if (source.trigger) this.shiftedTrigger ??= shiftInstruction(source.trigger, by, place);
    return this.shiftedTrigger;
  }
}
