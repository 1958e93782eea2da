import { type CodeBefore, codeBefore } from '../syntax/continued.ts';
import type { ShellCommand } from '../syntax/shell.ts';
import type { Span } from '../syntax/span.ts';
import type { Call, Defeater } from './manager.ts';

/** The edit after which nothing of a defeater is left and the script is the same otherwise; or why there is none, as a sentence. */
export type Removal = Deletion | { readonly refusal: string };

interface Deletion {
  readonly span: Span;
  /** Empty, but for comments that are worth keeping. */
  readonly newText: string;
}

const deletion = (start: number, end: number, newText = ''): Deletion => ({ span: { start, end }, newText });

const refuse = (refusal: string): Removal => ({ refusal });

/** How to take a defeater out of the document `text`. */
export function removalOf(text: string, call: Call, { span, kind, what }: Defeater): Removal {
  if (call.command.within.includes('exec form')) return refuse(`${what} stands in a JSON array; take it out by hand.`);
  if (call.step.fromOnbuild) return refuse(`${what} stands in an ONBUILD instruction; take it out by hand.`);
  if (kind === 'variable') return refuse(`${what} is set for other steps too; take it out by hand.`);
  return kind === 'words'
    ? withBlanks(text, span)
    : withoutCommand(text, call.command, call.step.script?.commands ?? [], what);
}

/** Words with the blanks before them, the break of a continued line included where nothing else stands on the line. */
function withBlanks(text: string, { start, end }: Span): Deletion {
  const before = text.slice(Math.max(0, start - 400), start);
  const blanks = /[ \t]*$/.exec(before)?.[0].length ?? 0;
  const startsLine = before.length === blanks || before[before.length - blanks - 1] === '\n';
  if (!startsLine) return deletion(start - blanks, end);
  const rest = /^[ \t]*[\\`]\r?\n/.exec(text.slice(end, end + 400))?.[0];
  if (rest !== undefined) return deletion(start - blanks, end + rest.length);
  const isLast = /^[ \t]*(\r?\n|$)/.test(text.slice(end, end + 400));
  if (isLast) return lastDeletion(text, start, end);
  return deletion(start, end + (/^[ \t]*/.exec(text.slice(end, end + 400))?.[0].length ?? 0));
}

const sequential = new Set(['&&', ';', '\n']);

/** A whole item of the script's outermost list, with one of the operators around it. */
function withoutCommand(text: string, command: ShellCommand, commands: readonly ShellCommand[], what: string): Removal {
  const byHand = `${what} cannot be taken out without changing what else the script does; do it by hand.`;
  // A here-document's body lies elsewhere and would stay behind.
  const hasBody = command.redirects.some(({ operator }) => operator.startsWith('<<'));
  if (hasBody || command.within.length > 0 || !command.unconditional) return refuse(byHand);
  const list = commands.filter(({ within }) => within.length === 0);
  const at = list.indexOf(command);
  let next = list[at + 1];
  let end = command.span.end;
  // `rm … || true` goes as a whole.
  if (next?.connector?.operator === '||' && /^(true|:)$/.test(next.words[0]?.value ?? '') && next.words.length === 1) {
    end = next.span.end;
    next = list[at + 2];
  }
  const before = command.connector;
  if (before && !sequential.has(before.operator)) return refuse(byHand);
  // Where something nested follows, the operator before it is not known from the list.
  const upTo = next?.span.start ?? Number.POSITIVE_INFINITY;
  if (commands.some(({ span }) => span.start >= end && span.start < upTo)) return refuse(byHand);
  if (next?.connector) return between(text, command, end, before, next.connector, next.span.start, byHand);
  if (!before) return refuse(`${what} is all that this RUN does; remove the RUN.`);
  return lastDeletion(text, before.span.start, end);
}

type Joint = { readonly operator: string; readonly span: Span };

function between(
  text: string,
  command: ShellCommand,
  end: number,
  before: Joint | undefined,
  after: Joint,
  next: number,
  byHand: string,
): Removal {
  if (!sequential.has(after.operator)) return refuse(byHand);
  const betweenItems = text.slice(end, next);
  const hasComment = /#/.test(betweenItems);
  if (before?.operator === after.operator && after.operator !== '\n') {
    const code = codeBefore(text, before.span.start);
    if (hasWords(code)) return refuse(byHand);
    // A comment between the two speaks of what comes next: it stays.
    const hasNext = text.slice(end, after.span.start).includes('#');
    return deletion(code.end, hasNext ? end : codeBefore(text, after.span.start).end);
  }
  // `a && rm; b`: under `set -e` a failing `a` would then end the script, which it does not today.
  if (before?.operator === '&&' || hasComment) return refuse(byHand);
  return deletion(command.span.start, next);
}

/** What is last goes with the break before it. Words that are commented out stay. */
function lastDeletion(text: string, at: number, end: number): Deletion {
  const before = codeBefore(text, at);
  const eol = text[text.lastIndexOf('\n', at) - 1] === '\r' ? '\r\n' : '\n';
  return deletion(before.end, end, hasWords(before) ? before.comments.map((each) => eol + each).join('') : '');
}

/** Words that are commented out, as `# libxml2 \`. */
const hasWords = ({ comments }: CodeBefore): boolean => comments.some((each) => /[\\`]$/.test(each));
