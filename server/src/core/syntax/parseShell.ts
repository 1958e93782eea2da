import { parse } from 'unbash';
import { memoize } from './memo.ts';
import type { ShellAssignment, ShellCommand, ShellRedirect, ShellScript, ShellWord } from './shell.ts';
import type { Emitter } from './shellCommand.ts';
import { outermost } from './shellScope.ts';
import { walkScript } from './shellWalk.ts';
import { type Span, span } from './span.ts';

/** Characters of scripts remembered per generation: some 3 MB. */
const memoLimit = 120_000;

export interface ShellOptions {
  /** The shell was started with `-e`. */
  readonly errexit?: boolean | undefined;
}

/**
 * Parses a script of a POSIX shell or bash that stands at `offset` of the document, character by character. Every text gives a
 * script; `complete` says whether it was understood. The text is what the shell gets: for a RUN use `scriptOf`.
 */
export function parseShell(source: string, offset: number, options: ShellOptions = {}): ShellScript {
  return placeScript(readScript(source, options), (start, end) => span(start + offset, end + offset));
}

/** Parses a script whose place in the document `place` knows, given positions in `source`. */
export function parseShellAt(
  source: string,
  place: (start: number, end: number) => Span,
  options: ShellOptions = {},
): ShellScript {
  return placeScript(readScript(source, options), place);
}

const readScript = (source: string, options: ShellOptions): ShellScript =>
  (options.errexit ? readWithErrexit : readPlain)(source);

const readPlain = memoize(memoLimit, (source) => read(source, false));
const readWithErrexit = memoize(memoLimit, (source) => read(source, true));

function read(source: string, errexit: boolean): ShellScript {
  const out: Emitter = { commands: [], variables: new Set(), complete: true };
  try {
    if (nestsTooDeep(source)) return { ...out, complete: false };
    walkScript(parse(source), outermost(source, errexit), out);
  } catch {
    // Nesting beyond the stack: what was found up to there is no longer the whole script.
    out.complete = false;
  }
  return out;
}

/** Each level of `$(…` costs the parser another pass over what is in it, so that nesting nobody writes would take seconds. */
const maxNesting = 60;

function nestsTooDeep(source: string): boolean {
  let depth = 0;
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === '(' || char === '{') depth++;
    else if ((char === ')' || char === '}') && depth > 0) depth--;
    if (depth > maxNesting) return true;
  }
  return false;
}

type Place = (start: number, end: number) => Span;

function placeScript(script: ShellScript, place: Place): ShellScript {
  const move = (at: Span): Span => place(at.start, at.end);
  return { ...script, commands: script.commands.map((command) => placeCommand(command, move)) };
}

function placeCommand(command: ShellCommand, move: (at: Span) => Span): ShellCommand {
  const word = ({ text, value, span }: ShellWord): ShellWord => ({ text, value, span: move(span) });
  const assignment = ({ name, value, span }: ShellAssignment): ShellAssignment => ({
    name,
    value: value && word(value),
    span: move(span),
  });
  const redirect = ({ operator, target, span }: ShellRedirect): ShellRedirect => ({
    operator,
    target: target && word(target),
    span: move(span),
  });
  const { connector } = command;
  return {
    words: command.words.map(word),
    assignments: command.assignments.map(assignment),
    redirects: command.redirects.map(redirect),
    span: move(command.span),
    connector: connector && { operator: connector.operator, span: move(connector.span) },
    within: command.within,
    unconditional: command.unconditional,
  };
}
