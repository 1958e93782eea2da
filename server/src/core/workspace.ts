/**
 * What the core knows of the world outside the text: immutable snapshots that a host gathered.
 * Paths are relative to the build context's root, with `/` and without a leading one; '' is the root.
 */
export interface Entry {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink';
  /** Bytes; 0 for directories. */
  readonly size: number;
  /** Permission bits, 0o644 for instance. */
  readonly mode: number;
  /** Of a symlink, as stored. */
  readonly target?: string | undefined;
}

/** The files of one build context that reach the builder: the ignore file is applied. */
export interface ContextSnapshot {
  /** Where the context is, for messages and edits: a folder's path or URI as the host writes it. */
  readonly root: string;
  /** Why this folder is the context, as a clause: "the Dockerfile's folder". */
  readonly reason: string;
  /** All entries that enter, directories included, sorted by path. */
  readonly entries: readonly Entry[];
  get(path: string): Entry | undefined;
  /** Whether a path exists in the folder, ignored or not; undefined where the host did not look. */
  exists(path: string): boolean | undefined;
  /** Text of a file in the context that the host has read (manifests); undefined where it has not or cannot. */
  text(path: string): string | undefined;
  /** sha256 of a file's content in hex, where the host has it; undefined otherwise. Content that is not known equals only itself. */
  digest(path: string): string | undefined;
  /** The Dockerfile's own path in this context; undefined where it lies outside. */
  readonly dockerfile: string | undefined;
  /** The ignore file in force; undefined where there is none. */
  readonly ignore: { readonly path: string; readonly text: string } | undefined;
  /** What the ignore file keeps out, as far as it was counted: a lower bound where `uncounted` names folders. */
  readonly excluded: { readonly files: number; readonly bytes: number };
  /** Folders that are kept out whole and that nobody has looked into. */
  readonly uncounted?: readonly string[] | undefined;
  /** Set where the host stopped counting: entries are then a lower bound. */
  readonly truncated: boolean;
  /** Folders that could not be read, '' for the root: what is in them is not known. */
  readonly unreadable?: readonly string[] | undefined;
  /** The malformed lines of the ignore file for which the builder refuses this context. */
  readonly refused?: readonly RefusedLine[] | undefined;
}

export interface RefusedLine {
  /** Offset in the ignore file. */
  readonly start: number;
  /** As written. */
  readonly text: string;
  /** As a clause without a full stop. */
  readonly error: string;
}

/** What git knows of the past: newest first, first parents only. */
export interface History {
  /** For each commit, the paths it changed, relative to the context's root; paths outside are left out. */
  readonly commits: readonly (readonly string[])[];
}

/** Everything from outside that one document's analysis may use. */
export interface Facts {
  /** Undefined until the host has looked, or where there is no folder. */
  readonly context: ContextSnapshot | undefined;
  /** Undefined where there is no git, or the workspace is not trusted. */
  readonly history: History | undefined;
}

export const noFacts: Facts = { context: undefined, history: undefined };
