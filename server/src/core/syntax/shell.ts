import type { Span } from './span.ts';

export interface ShellWord {
  /** As written. */
  readonly text: string;
  /** What the shell makes of it; undefined where it depends on variables, substitutions or globs. */
  readonly value: string | undefined;
  readonly span: Span;
}

export interface ShellAssignment {
  readonly name: string;
  readonly value: ShellWord | undefined;
  readonly span: Span;
}

export interface ShellRedirect {
  /** `>`, `>>`, `<`, `2>` … without blanks. */
  readonly operator: string;
  readonly target: ShellWord | undefined;
  readonly span: Span;
}

/** How a command is joined to the one before it in the same list. */
export type Connector = '&&' | '||' | ';' | '|' | '&' | '\n';

/** A simple command of a script, in source order, wherever it is nested. */
export interface ShellCommand {
  /** The command's name first, then its arguments. Empty for a bare assignment. */
  readonly words: readonly ShellWord[];
  /** `A=1 command`, or `A=1` alone. */
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly ShellRedirect[];
  /** Assignments, words and redirects. */
  readonly span: Span;
  /** The operator before it in its list; undefined for the first of a list. */
  readonly connector: { readonly operator: Connector; readonly span: Span } | undefined;
  /** What encloses it, outermost first: `if`, `for`, `while`, `case`, `subshell`, `group`, `function`, `substitution`, `sh -c`. */
  readonly within: readonly string[];
  /** False where it may not run although the script succeeds: after `||`, in a branch, a loop, a function, in the background. */
  readonly unconditional: boolean;
}

export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  /** Names of all variables the script reads (`$A`, `${A:-x}`), here-documents and nested scripts included. */
  readonly variables: ReadonlySet<string>;
  /** False where the text could not be parsed fully: rules must then stay silent or offer no fix. */
  readonly complete: boolean;
}

export { parseShell } from './parseShell.ts';
export { scriptOf } from './scriptOf.ts';
