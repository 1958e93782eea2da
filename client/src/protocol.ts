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
  /** The last one of an instruction of several lines. */
  readonly lastLine: number;
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
    /** Why further folders are contexts of other builds. */
    readonly others: readonly string[];
  } | null;
  readonly history: 'on' | 'off' | 'none' | 'untrusted';
}

/** Client to server, a request: what is in a folder of the build context of a Dockerfile or ignore file. */
export const contextMethod = 'cacheLens/context';

export interface ContextItem {
  /** Relative to the context. */
  readonly path: string;
  readonly uri: string | null;
  readonly folder: boolean;
  readonly files: number;
  readonly bytes: number;
}

export interface ContextAnswer {
  readonly root: string;
  /** Why it is the context, as a clause. */
  readonly reason: string;
  readonly ignoreFile: string | null;
  readonly files: number;
  readonly bytes: number;
  readonly excluded: { readonly files: number; readonly bytes: number };
  /** Biggest first. */
  readonly items: readonly ContextItem[];
  /** Items that are left out because there are too many. */
  readonly more: number;
  readonly message: string | null;
}

/** Client to server, a request: add a path to the ignore file. Answered by why not, as a sentence; null where it was done. */
export const excludeMethod = 'cacheLens/exclude';

/** Client to server, a request: the folders that a Dockerfile may be built in, as the setting `contexts` names them. */
export const candidatesMethod = 'cacheLens/contexts';

export interface Candidates {
  readonly name: string;
  readonly contexts: readonly { readonly value: string; readonly reason: string }[];
}
