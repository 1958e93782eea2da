import { type Command, type CommandArgument, type ParsedScript, parse, type Redirection, type Word } from 'unbash';
import { nestedText } from './nestedShell.ts';
import type { ShellAssignment, ShellCommand, ShellRedirect, ShellWord } from './shell.ts';
import { enter, fork, type Scope } from './shellScope.ts';
import { staticValue } from './shellWord.ts';

/** What is collected on the way through a script. */
export interface Emitter {
  readonly commands: ShellCommand[];
  readonly variables: Set<string>;
  complete: boolean;
}

/** The script that a command hands to another shell, to be walked next. */
export interface NestedScript {
  readonly script: ParsedScript;
  readonly scope: Scope;
}

/** Scripts in scripts in scripts: each level is parsed anew, so that there must be an end. */
const maxDepth = 8;

/** Adds a simple command; gives the script of its `sh -c`. */
export function emitCommand(
  node: Command,
  scope: Scope,
  out: Emitter,
  connector: ShellCommand['connector'],
): NestedScript | undefined {
  const words: ShellWord[] = node.name ? [wordOf(node.name, scope)] : [];
  const assignments: ShellAssignment[] = [];
  const redirects: ShellRedirect[] = [];
  for (const child of [...node.prefix, ...node.suffix]) {
    if (child.type === 'Word') words.push(wordOf(child, scope));
    else if (child.type !== 'Assignment') redirects.push(redirectOf(child, scope));
    else if (node.prefix.includes(child)) assignments.push(assignmentOf(child, scope));
    else words.push(argumentOf(child, scope));
  }
  const unconditional = scope.runs && !scope.process.ended;
  const span = scope.place(node.pos, node.end);
  out.commands.push({ words, assignments, redirects, span, connector, within: scope.within, unconditional });
  followProcess(words, scope, connector?.operator);
  return nestedScript(node, words, scope, out);
}

function nestedScript(
  node: Command,
  words: readonly ShellWord[],
  scope: Scope,
  out: Emitter,
): NestedScript | undefined {
  const nested = nestedText(node, words, scope.written);
  if (!nested) return undefined;
  if (scope.depth >= maxDepth) {
    out.complete = false;
    return undefined;
  }
  const inner = fork(enter(scope, 'sh -c'));
  inner.process.errexit = nested.errexit;
  const place: Scope['place'] = (start, end) => {
    const at = nested.place(start, end);
    return scope.place(at.start, at.end);
  };
  return {
    script: parse(nested.source),
    scope: { ...inner, tested: false, source: nested.source, written: nested.written, place, depth: scope.depth + 1 },
  };
}

const textOf = (node: { readonly pos: number; readonly end: number }, scope: Scope): string =>
  scope.written.slice(node.pos, node.end);

const wordOf = (node: Word, scope: Scope): ShellWord => ({
  text: textOf(node, scope),
  value: staticValue(node),
  span: scope.place(node.pos, node.end),
});

/** `export A=1`: to the parser an assignment, to the command an argument. */
function argumentOf(node: Exclude<CommandArgument, Word>, scope: Scope): ShellWord {
  const value = node.value.type === 'Word' && !node.index ? staticValue(node.value) : undefined;
  const name = `${node.name}${node.append ? '+' : ''}=`;
  return {
    text: textOf(node, scope),
    value: value === undefined ? undefined : name + value,
    span: scope.place(node.pos, node.end),
  };
}

const assignmentOf = (node: Exclude<CommandArgument, Word>, scope: Scope): ShellAssignment => ({
  name: node.name,
  value: node.value.type === 'Word' ? wordOf(node.value, scope) : undefined,
  span: scope.place(node.pos, node.end),
});

function redirectOf(node: Redirection, scope: Scope): ShellRedirect {
  const { descriptor } = node;
  const number = descriptor ? textOf(descriptor, scope) : '';
  const span = scope.place(node.pos, node.end);
  if (node.type !== 'HereDoc') {
    const target = node.target && wordOf(node.target, scope);
    return { operator: number + node.operator, target, span };
  }
  const { delimiter } = node;
  const target = delimiter && {
    text: textOf(delimiter, scope),
    value: delimiter.value,
    span: scope.place(delimiter.pos, delimiter.end),
  };
  return { operator: number + node.operator, target, span };
}

/** Keeps track of `set -e` and of what may end the shell without the script failing. */
function followProcess(words: readonly ShellWord[], scope: Scope, operator: string | undefined): void {
  const { process } = scope;
  const [name, first] = words.map((word) => word.value);
  if (name === 'set' && scope.runs) process.errexit = errexitAfter(words, process.errexit);
  const fails = words.length === 1 ? operator === '||' : first !== undefined && /^[1-9]\d*$/.test(first);
  process.ended ||=
    (name === 'exit' && !(fails && process.vital)) ||
    (name === 'exec' && words.length > 1) ||
    (process.errexit && !process.vital && !scope.tested);
}

function errexitAfter(words: readonly ShellWord[], before: boolean): boolean {
  let errexit = before;
  words.forEach(({ value = '' }, index) => {
    if (/^[-+][a-z]*e/.test(value)) errexit = value.startsWith('-');
    if (value === 'errexit') errexit = !words[index - 1]?.value?.startsWith('+');
  });
  return errexit;
}
