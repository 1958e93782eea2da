import { type Command, forEachChild, type HereDoc, type SyntaxNode, type Word } from 'unbash';
import { joinPieces, type Piece, spanOf } from './logical.ts';
import { baseName } from './path.ts';
import type { ShellWord } from './shell.ts';
import { type Span, span } from './span.ts';

/** A script inside a script. */
export interface NestedText {
  readonly source: string;
  /** The same with what stands there for substitutions: as long as `source`. */
  readonly written: string;
  readonly errexit: boolean;
  /** From positions in `source` to those of the enclosing source. */
  readonly place: (start: number, end: number) => Span;
}

/** What a call of a shell is told to run: the word at `command`, or its standard input. */
export interface ShellCall {
  readonly command: number | 'stdin';
  readonly errexit: boolean;
}

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'mksh', 'zsh']);
/** Programs that run the command behind their options. */
const wrappers = new Set(
  'sudo doas env exec command nohup time nice ionice busybox gosu su-exec timeout xvfb-run ssh-agent setpriv stdbuf'.split(
    ' ',
  ),
);

/** Whether a program is a shell of the POSIX family, whose scripts this parser reads. */
export const isPosixShell = (program: string): boolean => shells.has(baseName(program));

/**
 * Reads `sh -c script`, `bash -euxo pipefail -c script`, `sh` with its script on standard input, `sudo sh -c script`; undefined for
 * anything else.
 */
export function shellCall(words: readonly (string | undefined)[]): ShellCall | undefined {
  const [program] = words;
  if (program === undefined) return undefined;
  if (shells.has(baseName(program))) return readOptions(words, 1);
  const name = baseName(program);
  if (name === 'su' || name === 'runuser') return suCall(words);
  if (!wrappers.has(name)) return undefined;
  const at = wrappedShell(words);
  return at < 0 ? undefined : readOptions(words, at + 1);
}

/** Where a wrapper's shell stands: behind options, `A=b`, and at most one other word (a user, a duration); -1 for other programs. */
function wrappedShell(words: readonly (string | undefined)[]): number {
  let others = 0;
  for (let at = 1; at < words.length && others < 2; at++) {
    const word = words[at];
    if (word !== undefined && shells.has(baseName(word))) return at;
    if (word === undefined || !/^-|=/.test(word)) others++;
  }
  return -1;
}

function readOptions(words: readonly (string | undefined)[], from: number): ShellCall | undefined {
  let command = false;
  let stdin = false;
  let errexit = false;
  let at = from;
  for (; at < words.length; at++) {
    const word = words[at];
    if (word === '--' || word === '-') {
      at++;
      break;
    }
    if (word === undefined || !/^[-+]./.test(word)) break;
    if (word.startsWith('--')) continue;
    const letters = word.slice(1);
    if (letters.includes('c')) command = true;
    if (letters.includes('s')) stdin = true;
    if (letters.includes('e')) errexit = word.startsWith('-');
    if (/o/i.test(letters) && words[++at] === 'errexit') errexit = word.startsWith('-');
  }
  if (command) return at < words.length ? { command: at, errexit } : undefined;
  return stdin || at >= words.length ? { command: 'stdin', errexit } : undefined;
}

/** `su user -c script`. */
function suCall(words: readonly (string | undefined)[]): ShellCall | undefined {
  const at = words.findIndex((word) => word === '-c' || word === '-lc' || word === '--command');
  return at > 0 && at + 1 < words.length ? { command: at + 1, errexit: false } : undefined;
}

/** The script that a command runs in another shell, where its text can be known. */
export function nestedText(node: Command, words: readonly ShellWord[], source: string): NestedText | undefined {
  const call = shellCall(words.map((word) => word.value ?? undefined));
  if (!call) return undefined;
  if (call.command === 'stdin') {
    const heredoc = node.suffix.findLast((child) => child.type === 'HereDoc');
    return heredoc && heredocText(heredoc, source, call.errexit);
  }
  const all = [...(node.name ? [node.name] : []), ...node.suffix].filter(
    (child) => child.type === 'Word' || child.type === 'Assignment',
  );
  const word = all[call.command];
  return word?.type === 'Word' ? wordText(word, words[call.command]?.value, source, call.errexit) : undefined;
}

function heredocText(heredoc: HereDoc, source: string, errexit: boolean): NestedText | undefined {
  const { body, delimiter, descriptor } = heredoc;
  if (descriptor && source.slice(descriptor.pos, descriptor.end) !== '0') return undefined;
  if (delimiter?.quoted) return exactText(source, body.pos, body.end, errexit);
  return expandedText(body, source, body.pos, body.end, /[$`\\\n]/, errexit);
}

/** Exact where one pair of quotes, or none, holds the whole word; otherwise everything lies at the word. */
function wordText(word: Word, value: string | undefined, source: string, errexit: boolean): NestedText | undefined {
  const [only, second] = word.parts ?? [];
  if (only?.type === 'SingleQuoted' && !second) return exactText(source, only.pos + 1, only.end - 1, errexit);
  if (only?.type === 'DoubleQuoted' && !second) {
    return expandedText(only, source, only.pos + 1, only.end - 1, /["$`\\\n]/, errexit);
  }
  if (value === source.slice(word.pos, word.end)) return exactText(source, word.pos, word.end, errexit);
  if (value === undefined) return undefined;
  return { source: value, written: value, errexit, place: () => span(word.pos, word.end) };
}

function exactText(source: string, from: number, to: number, errexit: boolean): NestedText {
  const text = source.slice(from, to);
  return { source: text, written: text, errexit, place: (start, end) => span(start + from, end + from) };
}

/**
 * Text that the outer shell expands first: escapes are resolved, variables stay as they are written, and a substitution, whose
 * commands the outer shell runs, becomes a variable of the same length.
 */
function expandedText(
  node: SyntaxNode,
  source: string,
  from: number,
  to: number,
  escapable: RegExp,
  errexit: boolean,
): NestedText {
  const text = source.slice(from, to);
  const substitutions = substitutionsIn(node, from);
  const pieces: Piece[] = [];
  const escapes = new Set<number>();
  let start = 0;
  let next = 0;
  for (let at = 0; at < text.length; at++) {
    const substitution = substitutions[next];
    if (substitution?.start === at) {
      at = substitution.end - 1;
      next++;
    } else if (text[at] === '\\' && escapable.test(text.charAt(at + 1))) {
      pieces.push(span(start, at));
      escapes.add(at);
      at++;
      start = text[at] === '\n' ? at + 1 : at;
    }
  }
  pieces.push(span(start, text.length));
  const joined = joinPieces(text, pieces);
  const place = (first: number, last: number): Span => {
    const at = spanOf(joined, first, last);
    // What begins with an escaped character begins with its escape.
    const escaped = first < last && escapes.has(at.start - 1);
    return span(from + at.start - (escaped ? 1 : 0), from + at.end);
  };
  return { source: joinPieces(mask(text, substitutions), pieces).text, written: joined.text, errexit, place };
}

/** Relative to `from`. */
function substitutionsIn(node: SyntaxNode, from: number): Span[] {
  const found: Span[] = [];
  const visit = (child: SyntaxNode): void => {
    if (child.type === 'CommandExpansion') found.push(span(child.pos - from, child.end - from));
    else forEachChild(child, visit);
  };
  visit(node);
  return found;
}

function mask(source: string, spans: readonly Span[]): string {
  let masked = '';
  let at = 0;
  for (const { start, end } of spans) {
    masked += `${source.slice(at, start)}$${'_'.repeat(end - start - 1)}`;
    at = end;
  }
  return masked + source.slice(at);
}
