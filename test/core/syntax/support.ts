import { type Dockerfile, type Instruction, parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import { type ShellCommand, type ShellScript, scriptOf } from '../../../server/src/core/syntax/shell.ts';
import type { Span } from '../../../server/src/core/syntax/span.ts';

export const defaultShell = ['/bin/sh', '-c'];

export const at = (text: string, span: Span): string => text.slice(span.start, span.end);

export function only(text: string): Instruction {
  const [instruction, second] = parseDockerfile(text).instructions;
  if (!instruction || second) throw new Error(`not one instruction: ${JSON.stringify(text)}`);
  return instruction;
}

/** The same file as other editors save it: Windows line breaks, a byte order mark. */
export function variants(text: string): readonly { readonly name: string; readonly text: string }[] {
  const crlf = text.replace(/\n/g, '\r\n');
  return [
    { name: 'as written', text },
    { name: 'CRLF', text: crlf },
    { name: 'BOM', text: `\ufeff${text}` },
    { name: 'CRLF and BOM', text: `\ufeff${crlf}` },
  ];
}

/** Everything of an instruction but its place, line breaks made equal. */
export function shape(instruction: Instruction): unknown {
  const { keyword, form, flags, rest, args, properties, heredocs, trigger, line } = instruction;
  return {
    keyword,
    form,
    line,
    flags: flags.map((flag) => [flag.name, flag.value]),
    rest: rest.text,
    args: args.map((word) => word.text),
    properties: properties.map((property) => [property.name, property.value]),
    heredocs: heredocs.map(({ delimiter, expand, stripTabs, body }) => ({
      delimiter,
      expand,
      stripTabs,
      body: body.replace(/\r\n/g, '\n'),
    })),
    trigger: trigger && shape(trigger),
  };
}

/** Each span of an instruction with what should stand there; undefined where continuations or quotes take part. */
export function* spansOf(instruction: Instruction): Generator<{ span: Span; expected: string | undefined }> {
  const { keywordSpan, span, restSpan, flags, args, properties, heredocs, trigger, form, rest } = instruction;
  yield { span, expected: undefined };
  yield { span: keywordSpan, expected: instruction.keyword };
  yield { span: restSpan, expected: rest.text };
  for (const flag of flags) {
    const text = flag.value === undefined ? `--${flag.name}` : `--${flag.name}=${flag.value}`;
    yield { span: flag.span, expected: text };
    if (flag.valueSpan) yield { span: flag.valueSpan, expected: flag.value };
  }
  for (const word of args) yield { span: word.span, expected: form === 'exec' ? undefined : word.text };
  for (const property of properties) {
    yield { span: property.span, expected: undefined };
    yield { span: property.nameSpan, expected: property.name };
    if (property.valueSpan) yield { span: property.valueSpan, expected: property.value };
  }
  for (const heredoc of heredocs) {
    yield { span: heredoc.span, expected: undefined };
    yield { span: heredoc.bodySpan, expected: heredoc.stripTabs ? undefined : heredoc.body };
    if (heredoc.terminatorSpan) yield { span: heredoc.terminatorSpan, expected: heredoc.delimiter };
  }
  if (trigger) yield* spansOf(trigger);
}

/** The script of the last instruction. */
export function script(text: string, shell: readonly string[] = defaultShell): ShellScript | undefined {
  const dockerfile: Dockerfile = parseDockerfile(text);
  const instruction = dockerfile.instructions.at(-1);
  return instruction && scriptOf(instruction, dockerfile, shell);
}

/** The commands of a script, a line each: `!` runs for sure or `?`, operator before it, where it stands, its source. */
export function lines(text: string, found: ShellScript | undefined): readonly string[] {
  return (found?.commands ?? []).map((command) => {
    const operator = command.connector ? `${command.connector.operator} `.replace('\n', '\\n') : '';
    const within = command.within.length > 0 ? `[${command.within.join(' > ')}] ` : '';
    return `${command.unconditional ? '!' : '?'} ${operator}${within}${at(text, command.span).replace(/\r/g, '')}`;
  });
}

export const values = (command: ShellCommand | undefined): readonly (string | undefined)[] =>
  (command?.words ?? []).map((word) => word.value);
