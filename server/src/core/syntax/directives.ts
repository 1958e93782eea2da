import type { Directive, SyntaxProblem } from './dockerfile.ts';
import { type Span, span } from './span.ts';

/** What the directives at the top of a file say so far. */
export interface DirectiveState {
  readonly directives: Directive[];
  escape: '\\' | '`';
  /** Whether a line may still be a directive. */
  open: boolean;
}

export const newDirectives = (): DirectiveState => ({ directives: [], escape: '\\', open: true });

/**
 * Whether the line is a directive; the first one that is not ends them. `at` covers the line without spaces before it and the
 * line break. Source: ParseLine in BuildKit's directives.go.
 */
export function takeDirective(state: DirectiveState, text: string, at: Span, problems: SyntaxProblem[]): boolean {
  if (!state.open) return false;
  const match = /^#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*)$/.exec(text.slice(at.start, at.end).trimEnd());
  const name = match?.[1]?.toLowerCase();
  const value = match?.[2];
  if (value === undefined || (name !== 'syntax' && name !== 'escape' && name !== 'check')) {
    state.open = false;
    return false;
  }
  if (state.directives.some((directive) => directive.name === name)) {
    problems.push({ message: `Only one ${name} parser directive can be used`, span: at });
  } else if (name === 'escape') setEscape(state, value, at, problems);
  state.directives.push({ name, value, span: span(at.start, at.end) });
  return true;
}

function setEscape(state: DirectiveState, value: string, at: Span, problems: SyntaxProblem[]): void {
  if (value === '`' || value === '\\') state.escape = value;
  else problems.push({ message: `Invalid escape token ${value}: it must be \` or \\`, span: at });
}
