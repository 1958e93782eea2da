import type { Span } from './span.ts';

/** Text that several source lines make together, with the way back to the document. */
export interface LogicalText {
  /** The text as BuildKit joins it: continuations, comment lines and blank lines between them taken out. */
  readonly text: string;
  /** The document offset of the character at `index` of `text`; `text.length` gives the end. */
  offsetAt(index: number): number;
}

/** One word after the keyword and its flags. */
export interface Word {
  /** As written (continuations joined): quotes, escapes and variables are still there. A JSON item comes decoded. */
  readonly text: string;
  readonly span: Span;
}

/** `--name=value` before an instruction's arguments. */
export interface Flag {
  readonly name: string;
  /** Undefined for a flag without `=`. As BuildKit reads it: quotes and escapes taken out, variables unexpanded. */
  readonly value: string | undefined;
  readonly span: Span;
  /** Of the value alone; undefined where there is none. */
  readonly valueSpan: Span | undefined;
}

/** One `name=value` of ENV, LABEL or ARG. */
export interface Property {
  readonly name: string;
  /** As written, with quotes; undefined for an ARG without a default. */
  readonly value: string | undefined;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly valueSpan: Span | undefined;
}

export interface Heredoc {
  readonly delimiter: string;
  /** False for a quoted delimiter: variables in the body stay as they are. */
  readonly expand: boolean;
  /** `<<-`: leading tabs of the body's lines are dropped. */
  readonly stripTabs: boolean;
  /** The body as BuildKit sees it, last line break included, tabs stripped where asked. */
  readonly body: string;
  readonly bodySpan: Span;
  /** Of the `<<EOF` word. */
  readonly span: Span;
  /** Of the closing delimiter; undefined when it is missing. */
  readonly terminatorSpan: Span | undefined;
}

export interface Instruction {
  /** Upper case: RUN, COPY, FROM … or whatever was written. */
  readonly keyword: string;
  readonly keywordSpan: Span;
  /** From the keyword to the end of the last line's text, heredoc bodies and terminators included, without the line break. */
  readonly span: Span;
  /** Zero-based line of the keyword. */
  readonly line: number;
  readonly flags: readonly Flag[];
  /** Everything after the flags. Empty `text` where there is nothing. */
  readonly rest: LogicalText;
  /** Document span of `rest`, heredoc bodies excluded. */
  readonly restSpan: Span;
  /** `exec` where BuildKit reads the arguments as a JSON array (RUN, CMD, ENTRYPOINT, SHELL, COPY, ADD, VOLUME). */
  readonly form: 'shell' | 'exec';
  /** The words of `rest`: split at blanks (outside quotes, FROM, COPY, ADD, EXPOSE and VOLUME at all), or the items of the JSON array. */
  readonly args: readonly Word[];
  /** ENV, LABEL and ARG: each pair; the legacy `ENV name value` as one. Otherwise empty. */
  readonly properties: readonly Property[];
  readonly heredocs: readonly Heredoc[];
  /** The instruction within ONBUILD, with the same heredocs. ONBUILD within ONBUILD, which BuildKit refuses, has none. */
  readonly trigger: Instruction | undefined;
}

export interface Comment {
  /** From the `#` to the end of the line. */
  readonly span: Span;
  /** Without `#` and the blanks around. */
  readonly text: string;
  readonly line: number;
}

export interface Directive {
  /** Lower case: syntax, escape, check. */
  readonly name: string;
  readonly value: string;
  readonly span: Span;
}

export interface SyntaxProblem {
  readonly message: string;
  readonly span: Span;
}

export interface Dockerfile {
  readonly text: string;
  readonly directives: readonly Directive[];
  /** The escape character in force, `\` unless a directive says otherwise. */
  readonly escape: '\\' | '`';
  readonly instructions: readonly Instruction[];
  /** Whole-line comments, those between continued lines included; heredoc bodies have none. */
  readonly comments: readonly Comment[];
  readonly problems: readonly SyntaxProblem[];
  /** `\r\n` where the first line break is one, otherwise `\n`. */
  readonly eol: '\n' | '\r\n';
}

export { parseDockerfile } from './parseDockerfile.ts';
