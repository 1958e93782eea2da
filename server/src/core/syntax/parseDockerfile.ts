import { skipSpaces } from './blanks.ts';
import { type DirectiveState, newDirectives, takeDirective } from './directives.ts';
import type { Comment, Dockerfile, Instruction, SyntaxProblem } from './dockerfile.ts';
import { type HasLine, lineFinder, readHeredocs } from './heredocs.ts';
import { type ParsedLine, parseLine } from './instruction.ts';
import { commentOf, type LogicalLine, lineAt, readLogicalLine } from './lines.ts';
import { joinPieces } from './logical.ts';
import { memoize } from './memo.ts';
import { shiftInstruction, shiftSpan } from './shift.ts';
import { span } from './span.ts';

/** Characters of instructions remembered per escape character and generation: more than a file of 2,000 lines, some 3 MB. */
const memoLimit = 120_000;

interface Reading {
  readonly text: string;
  readonly directives: DirectiveState;
  readonly hasLine: HasLine;
  readonly instructions: Instruction[];
  readonly comments: Comment[];
  readonly problems: SyntaxProblem[];
}

/**
 * Reads a Dockerfile as BuildKit does (frontend/dockerfile/parser); every text gives a tree, what BuildKit would refuse is in
 * `problems`. Instructions that were read before are remembered, so that an edit costs little more than finding line breaks.
 */
export function parseDockerfile(text: string): Dockerfile {
  const reading: Reading = {
    text,
    directives: newDirectives(),
    hasLine: lineFinder(text),
    instructions: [],
    comments: [],
    problems: [],
  };
  let next = text.startsWith('\ufeff') ? 1 : 0;
  for (let line = 0; next < text.length; ) {
    const read = readFrom(reading, next, line);
    next = read.next;
    line += read.lines;
  }
  const { directives, instructions, comments, problems } = reading;
  const eol = /\r?\n/.exec(text)?.[0] === '\r\n' ? '\r\n' : '\n';
  return {
    text,
    directives: directives.directives,
    escape: directives.escape,
    instructions,
    comments,
    problems,
    eol,
  };
}

/** Reads a directive, a comment, a blank line or an instruction with its heredocs. */
function readFrom(reading: Reading, start: number, line: number): { readonly next: number; readonly lines: number } {
  const { text, directives, comments, problems } = reading;
  const first = lineAt(text, start);
  const content = skipSpaces(text, start, first.end);
  const blank = content === first.end;
  const directive = takeDirective(directives, text, span(content, first.end), problems);
  if (text[content] === '#' && !blank && !directive) comments.push(commentOf(text, content, first.end, line));
  if (blank || text[content] === '#') return { next: first.next, lines: 1 };
  const logical = readLogicalLine(text, content, first, line, directives.escape, comments);
  return readInstruction(reading, logical, line);
}

function readInstruction(reading: Reading, logical: LogicalLine, line: number) {
  const { text, instructions, problems, directives } = reading;
  const lines = logical.nextLine - line;
  const base = logical.pieces[0]?.start ?? 0;
  const parsed = (directives.escape === '`' ? withBacktick : withBackslash)(text.slice(base, logical.end));
  if (!parsed) return { next: logical.next, lines };
  for (const { message, span } of parsed.problems) problems.push({ message, span: shiftSpan(span, base) });
  if (parsed.markers.length === 0) {
    instructions.push(
      shiftInstruction(parsed.instruction, base, { line: logical.line, heredocs: none, end: logical.end }),
    );
    return { next: logical.next, lines };
  }
  const markers = parsed.markers.map((marker) => ({ ...marker, span: shiftSpan(marker.span, base) }));
  const {
    heredocs,
    end = logical.end,
    ...bodies
  } = readHeredocs(text, logical.next, markers, reading.hasLine, problems);
  instructions.push(shiftInstruction(parsed.instruction, base, { line: logical.line, heredocs, end }));
  return { next: bodies.next, lines: lines + bodies.lines };
}

const none: Instruction['heredocs'] = [];

const withBackslash = memoize(memoLimit, (source) => parseSource(source, '\\'));
const withBacktick = memoize(memoLimit, (source) => parseSource(source, '`'));

/** One instruction's source, offsets from its start; null where it holds nothing but continuations. */
function parseSource(source: string, escapeChar: string): ParsedLine | null {
  const { pieces } = readLogicalLine(source, 0, lineAt(source, 0), 0, escapeChar, []);
  const joined = joinPieces(source, pieces);
  return skipSpaces(joined.text, 0, joined.text.length) === joined.text.length ? null : parseLine(joined, escapeChar);
}
