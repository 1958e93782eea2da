import type { Connector, ShellCommand } from './shell.ts';
import type { Scope } from './shellScope.ts';

/**
 * The operator between two commands. Blanks, escaped line breaks and a comment may stand before it; bodies of here-documents follow
 * the line break that is the operator then.
 */
export function gapOperator(scope: Scope, from: number, to: number): ShellCommand['connector'] {
  const { source } = scope;
  let at = from;
  while (at < to && (source[at] === ' ' || source[at] === '\t' || source[at] === '\r' || source[at] === '\\')) {
    at += source[at] === '\\' ? 2 : 1;
  }
  if (source[at] === '#') at = source.indexOf('\n', at);
  if (at < from || at >= to) return undefined;
  const operator = /^(?:&&|\|\||[|&;\n])/.exec(source.slice(at, at + 2))?.[0];
  return operator === undefined
    ? undefined
    : { operator: operator as Connector, span: scope.place(at, at + operator.length) };
}
