import { type Span, span } from './span.ts';

/** One shell process: a subshell, a substitution and `sh -c` have their own. */
export interface Process {
  /** `set -e` is in force. */
  errexit: boolean;
  /** When it fails, so does the script. */
  readonly vital: boolean;
  /** It may have ended before here although the script ends well: `exit 0`, `exec program`; any failure of one that is not vital. */
  ended: boolean;
}

/** Where a command stands. */
export interface Scope {
  readonly within: readonly string[];
  /** It has run when the script ends well. */
  readonly runs: boolean;
  /** It has succeeded when the script ends well. */
  readonly succeeds: boolean;
  /** `set -e` does not look at it: a condition, the left of `&&`. */
  readonly tested: boolean;
  readonly process: Process;
  /** The text that the nodes' positions count in. */
  readonly source: string;
  /** The text as the author wrote it, as long as `source`. */
  readonly written: string;
  /** From positions in `source` to those of the whole script. */
  readonly place: (start: number, end: number) => Span;
  /** `sh -c` within `sh -c`. */
  readonly depth: number;
}

export function outermost(source: string, errexit: boolean): Scope {
  const process = { errexit, vital: true, ended: false };
  return {
    within: [],
    runs: true,
    succeeds: true,
    tested: false,
    process,
    source,
    written: source,
    place: span,
    depth: 0,
  };
}

export const enter = (scope: Scope, construct: string): Scope => ({ ...scope, within: [...scope.within, construct] });

/** Runs for sure when the construct does, whatever its status. */
export const condition = (scope: Scope): Scope => ({ ...scope, succeeds: false, tested: true });

/** Runs perhaps. */
export const perhaps = (scope: Scope): Scope => ({ ...scope, runs: false, succeeds: false });

/** A process of its own: its `exit` and `set` stay in it. */
export const fork = (scope: Scope): Scope => ({
  ...scope,
  runs: scope.runs && !scope.process.ended,
  process: { errexit: scope.process.errexit, vital: scope.succeeds, ended: false },
});
