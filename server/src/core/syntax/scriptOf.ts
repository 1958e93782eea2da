import type { Dockerfile, Heredoc, Instruction, LogicalText } from './dockerfile.ts';
import { joinPieces, type Piece, spanOf } from './logical.ts';
import { isPosixShell, shellCall } from './nestedShell.ts';
import { parseShellAt } from './parseShell.ts';
import type { ShellScript } from './shell.ts';
import { span } from './span.ts';

/**
 * The script that a RUN, CMD or ENTRYPOINT runs: its shell form under a POSIX `shell` (the words of SHELL in force), its heredoc, or
 * the `sh -c` of its exec form. Undefined where no POSIX shell runs it.
 * Source: dispatchRun in BuildKit's frontend/dockerfile/dockerfile2llb/convert.go.
 */
export function scriptOf(
  instruction: Instruction,
  dockerfile: Dockerfile,
  shell: readonly string[],
): ShellScript | undefined {
  if (!/^(?:RUN|CMD|ENTRYPOINT)$/.test(instruction.keyword) || instruction.rest.text === '') return undefined;
  if (instruction.form === 'exec') return execScript(instruction, dockerfile.text);
  const started = startedShell(shell);
  if (!started) return undefined;
  const { heredocs, rest } = instruction;
  if (heredocs.length === 0) return parseLogical(rest, started);
  const only = loneHeredoc(instruction);
  if (!only) return parseLogical(withBodies(instruction, dockerfile.text), started);
  const body = joinPieces(dockerfile.text, bodyPieces(only, dockerfile.text));
  const interpreter = only.body.startsWith('#!') ? shebang(only.body) : started;
  return interpreter && parseLogical(body, interpreter);
}

/** The heredoc of a RUN that has nothing else on its line: it is what runs, not what a command reads. */
export function loneHeredoc({ heredocs: [only, ...more], restSpan }: Instruction): Heredoc | undefined {
  const fills = more.length === 0 && only?.span.start === restSpan.start && only.span.end === restSpan.end;
  return fills ? only : undefined;
}

interface Started {
  readonly errexit: boolean;
}

const parseLogical = (logical: LogicalText, started: Started): ShellScript =>
  parseShellAt(logical.text, (start, end) => spanOf(logical, start, end), started);

/** `["/bin/bash", "-eo", "pipefail", "-c"]`: the script is the word that BuildKit adds. */
function startedShell(shell: readonly string[]): Started | undefined {
  const [program = ''] = shell;
  if (!isPosixShell(program) && !/(?:^|\/)(?:env|busybox)$/.test(program)) return undefined;
  const call = shellCall([...shell, '']);
  return call && typeof call.command === 'number' ? call : undefined;
}

function shebang(body: string): Started | undefined {
  const [, command = ''] = /^#!([^\r\n]*)/.exec(body) ?? [];
  const words = command.split(/[ \t]+/).filter((word) => word !== '');
  const [program = '', ...options] = /\/env$/.test(words[0] ?? '') ? words.slice(words[1] === '-S' ? 2 : 1) : words;
  return isPosixShell(program) ? { errexit: options.some((option) => /^-[a-z]*e/.test(option)) } : undefined;
}

function execScript(instruction: Instruction, text: string): ShellScript | undefined {
  const call = shellCall(instruction.args.map((word) => word.text));
  if (!call || call.command === 'stdin') return undefined;
  const word = instruction.args[call.command];
  if (!word) return undefined;
  const { start, end } = word.span;
  const exact = text.slice(start + 1, end - 1) === word.text;
  return parseShellAt(word.text, exact ? (from, to) => span(start + 1 + from, start + 1 + to) : () => word.span, call);
}

/** The line and the bodies behind it, which the shell reads as here-documents. */
function withBodies(instruction: Instruction, text: string): LogicalText {
  const pieces = instruction.heredocs.flatMap((heredoc) => {
    const { bodySpan, terminatorSpan } = heredoc;
    const lineBreak = span(bodySpan.start - 1, bodySpan.start);
    return [lineBreak, ...bodyPieces(heredoc, text), ...(terminatorSpan ? [terminatorSpan] : [])];
  });
  const bodies = joinPieces(text, pieces);
  const { rest } = instruction;
  const split = rest.text.length;
  return {
    text: rest.text + bodies.text,
    offsetAt: (index) => (index < split ? rest.offsetAt(index) : bodies.offsetAt(index - split)),
  };
}

/** A body's text as BuildKit hands it on, tabs dropped for `<<-`; a Windows line break counts as a line break. */
function bodyPieces(heredoc: Heredoc, text: string): Piece[] {
  const { bodySpan, stripTabs } = heredoc;
  const body = text.slice(bodySpan.start, bodySpan.end);
  if (!stripTabs && !body.includes('\r')) return [bodySpan];
  const pieces: Piece[] = [];
  for (let at = bodySpan.start; at < bodySpan.end; ) {
    const feed = text.indexOf('\n', at);
    const next = feed < 0 || feed >= bodySpan.end ? bodySpan.end : feed + 1;
    let start = at;
    while (stripTabs && text[start] === '\t') start++;
    if (text.endsWith('\r\n', next)) pieces.push(span(start, next - 2), span(next - 1, next));
    else pieces.push(span(start, next));
    at = next;
  }
  return pieces;
}
