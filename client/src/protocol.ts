/** What client and server say to each other beyond the language server protocol. The server has its own copy of these names. */

/** Client to server: the user trusts the workspace from now on. */
export const trustMethod = 'cacheLens/trust';

/** Server to client: what there is to show of an open Dockerfile. */
export const statusMethod = 'cacheLens/status';

/** Client to server, a request: which steps of one Dockerfile, by its URI, run again after a change. */
export const whatIfMethod = 'cacheLens/whatIf';

/** A file by its URI, or a build argument by its name. */
export type Change = { readonly file: string } | { readonly argument: string };

export interface WhatIfStep {
  /** From 1. */
  readonly line: number;
  readonly stage: string;
  readonly instruction: string;
  readonly outcome: 'runs' | 'depends';
  /** As a clause. */
  readonly because: string;
}

export interface WhatIfAnswer {
  readonly steps: readonly WhatIfStep[];
  /** Why there is no better answer, as a sentence. */
  readonly message: string | null;
}

export interface DocumentStatus {
  readonly uri: string;
  /** How many findings there are of each severity. */
  readonly findings: {
    readonly error: number;
    readonly warning: number;
    readonly information: number;
    readonly hint: number;
  };
  /** Null where it is not known. */
  readonly context: {
    /** Path or URI of the folder. */
    readonly root: string;
    /** Why it is the context, as a clause. */
    readonly reason: string;
    readonly files: number;
    /** There are more files than were counted. */
    readonly truncated: boolean;
    readonly ignoreFile: string | null;
  } | null;
  readonly history: 'on' | 'off' | 'none' | 'untrusted';
}
