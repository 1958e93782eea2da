import {
  type AndOr,
  type Command,
  type CompoundList,
  forEachChild,
  type ParsedScript,
  type Pipeline,
  type Statement,
  type SyntaxNode,
} from 'unbash';
import type { ShellCommand } from './shell.ts';
import { type Emitter, emitCommand } from './shellCommand.ts';
import { gapOperator } from './shellConnector.ts';
import { condition, enter, fork, perhaps, type Scope } from './shellScope.ts';
import { isName, namesIn } from './shellVariables.ts';

type Connection = ShellCommand['connector'];

/** Collects what a script holds, in source order. */
export function walkScript(script: ParsedScript, scope: Scope, out: Emitter): void {
  if (script.errors?.length) out.complete = false;
  walkStatements(script.commands, scope, out);
}

const walkList = (list: CompoundList, scope: Scope, out: Emitter): void => walkStatements(list.commands, scope, out);

function walkStatements(statements: readonly Statement[], scope: Scope, out: Emitter): void {
  statements.forEach((statement, index) => {
    const before = statements[index - 1];
    const connector = before && gapOperator(scope, before.command.end, statement.pos);
    const last = index === statements.length - 1;
    // What `set -e` lets pass has succeeded, but the left of && and || may fail under it.
    const checked = scope.process.errexit && !scope.tested && statement.command.type !== 'AndOr';
    const succeeds = (last && scope.succeeds) || (scope.runs && checked);
    const inner = statement.background ? perhaps(fork(scope)) : { ...scope, succeeds };
    walkNode(statement.command, inner, out, connector);
  });
}

function walkAndOr(node: AndOr, scope: Scope, out: Emitter, connector: Connection): void {
  const { commands, operators } = node;
  const lastOr = operators.lastIndexOf('||');
  commands.forEach((command, index) => {
    const before = commands[index - 1];
    // `a && b`, and it succeeds: b ran. A later || may have made up for b; what is right of || may not have run.
    const succeeds = scope.succeeds && index > lastOr && operators[index - 1] !== '||';
    const inner = {
      ...scope,
      runs: scope.runs && (index === 0 || succeeds),
      succeeds,
      tested: scope.tested || index < commands.length - 1,
    };
    walkNode(command, inner, out, before ? gapOperator(scope, before.end, command.pos) : connector);
  });
}

function walkPipeline(node: Pipeline, scope: Scope, out: Emitter, connector: Connection): void {
  const negated = node.prefixes.some((prefix) => prefix.type === 'Negation');
  const base = negated ? condition(scope) : scope;
  node.commands.forEach((command, index) => {
    const before = node.commands[index - 1];
    const last = index === node.commands.length - 1;
    const inner = node.commands.length > 1 ? fork({ ...base, succeeds: base.succeeds && last }) : base;
    walkNode(command, inner, out, before ? gapOperator(scope, before.end, command.pos) : connector);
  });
}

/** Walks a command of any kind; `connector` belongs to a simple command that comes first in it. */
function walkNode(node: SyntaxNode, scope: Scope, out: Emitter, connector: Connection): void {
  switch (node.type) {
    case 'AndOr':
      walkAndOr(node, scope, out, connector);
      break;
    case 'Pipeline':
      walkPipeline(node, scope, out, connector);
      break;
    case 'Command':
      walkCommand(node, scope, out, connector);
      break;
    case 'Redirected':
      walkNode(node.command, scope, out, connector);
      for (const redirect of node.redirects) visit(redirect, scope, out);
      break;
    case 'Subshell':
      walkList(node.body, fork(enter(scope, 'subshell')), out);
      break;
    case 'BraceGroup':
      walkList(node.body, enter(scope, 'group'), out);
      break;
    case 'CompoundList':
      walkList(node, scope, out);
      break;
    case 'Function':
      walkNode(node.body, perhaps(enter(scope, 'function')), out, undefined);
      break;
    case 'Coproc':
      walkNode(node.body, perhaps(fork(scope)), out, undefined);
      break;
    default:
      walkBranching(node, scope, out);
  }
}

/** Conditions and loops: what is tested first runs for sure, their bodies perhaps. */
function walkBranching(node: SyntaxNode, scope: Scope, out: Emitter): void {
  const tested = (list: CompoundList, construct: string) => walkList(list, condition(enter(scope, construct)), out);
  const body = (list: CompoundList, construct: string) => walkList(list, perhaps(enter(scope, construct)), out);
  switch (node.type) {
    case 'If':
      tested(node.clause, 'if');
      body(node.then, 'if');
      for (const branch of node.elif) {
        body(branch.clause, 'if');
        body(branch.then, 'if');
      }
      if (node.else) body(node.else, 'if');
      break;
    case 'While':
      tested(node.clause, 'while');
      body(node.body, 'while');
      break;
    case 'For':
    case 'Select':
      for (const word of node.wordlist ?? []) visit(word, scope, out);
      body(node.body, 'for');
      break;
    case 'ArithmeticFor':
      for (const part of [node.initialize, node.test, node.update]) if (part) visit(part, scope, out);
      body(node.body, 'for');
      break;
    case 'Case':
      visit(node.word, scope, out);
      for (const item of node.items) {
        for (const pattern of item.pattern) visit(pattern, perhaps(enter(scope, 'case')), out);
        body(item.body, 'case');
      }
      break;
    default:
      visit(node, scope, out);
  }
}

function walkCommand(node: Command, scope: Scope, out: Emitter, connector: Connection): void {
  const nested = emitCommand(node, scope, out, connector);
  for (const child of [...node.prefix, ...(node.name ? [node.name] : []), ...node.suffix]) visit(child, scope, out);
  if (nested) walkScript(nested.script, nested.scope, out);
}

/** Finds the variables and the substituted commands in words, redirects and expressions. */
function visit(node: SyntaxNode, scope: Scope, out: Emitter): void {
  const inner = (child: SyntaxNode) => visit(child, scope, out);
  switch (node.type) {
    case 'SimpleExpansion':
      if (isName(node.text.slice(1))) out.variables.add(node.text.slice(1));
      break;
    case 'ParameterExpansion':
      if (isName(node.parameter)) out.variables.add(node.parameter);
      forEachChild(node, (child) => visit(child, perhaps(scope), out));
      break;
    case 'ArithmeticWord':
      for (const name of namesIn(node.value)) out.variables.add(name);
      forEachChild(node, inner);
      break;
    case 'CommandExpansion':
    case 'ProcessSubstitution':
    case 'ArithmeticCommandExpansion':
      walkSubstitution(node, scope, out);
      break;
    default:
      forEachChild(node, inner);
  }
}

function walkSubstitution(
  node: { readonly pos: number; readonly end: number; readonly script: ParsedScript | undefined },
  scope: Scope,
  out: Emitter,
): void {
  const { script } = node;
  if (!script) {
    out.complete = false;
    return;
  }
  const base = fork(condition(enter(scope, 'substitution')));
  // Backquotes with escapes: positions count in text of their own.
  const inner =
    script.source === undefined
      ? base
      : { ...base, source: script.source, written: script.source, place: () => scope.place(node.pos, node.end) };
  walkScript(script, inner, out);
}
