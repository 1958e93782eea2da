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
  /** Undefined where the host does not say. */
  readonly folder?: FolderFacts | undefined;
}

/** The folder of a build context as it is, whatever its ignore file keeps out. */
export interface FolderFacts {
  /** Sorted as `entries` are; what lies in folders that are ignored whole is left out. */
  readonly listing: readonly Entry[];
  /** Texts that the host has read, by path: manifests and build scripts that enter; Dockerfiles and .gitignore files in any case. */
  readonly texts: ReadonlyMap<string, string>;
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
  /** What git tracks now although a .gitignore names it, likewise relative; undefined where nobody has asked. */
  readonly forced?: readonly string[] | undefined;
}

/** A step that a builder ran, as the plain progress of a build prints it: `#9 [build 4/7] RUN npm ci`, then `#9 DONE 34.2s`. */
export interface LoggedStep {
  /** What stands before its number, platforms left out: the stage's name where the Dockerfile has several; before it, what a bake file calls the build. */
  readonly names: readonly string[];
  /** Its place in the stage. */
  readonly number: number;
  /** With the values of variables; without blanks, quotes and escapes. */
  readonly text: string;
  /** The end of the text is missing. */
  readonly cut: boolean;
  readonly seconds: number;
}

/** What a log tells of the builds in it. */
export interface BuildLog {
  /** As the user wrote its path. */
  readonly name: string;
  readonly steps: readonly LoggedStep[];
}

/** Everything from outside that one document's analysis may use. */
export interface Facts {
  /** Undefined until the host has looked, or where there is no folder. */
  readonly context: ContextSnapshot | undefined;
  /** Undefined where there is no git, or the workspace is not trusted. */
  readonly history: History | undefined;
  /** What the builds that the workspace describes pass; undefined where it describes none of this Dockerfile. */
  readonly builds?: BuildFacts | undefined;
  /** Further folders that such builds take as the context. */
  readonly others?: readonly ContextSnapshot[] | undefined;
  /** Of a build of this Dockerfile, where the user names one. */
  readonly log?: BuildLog | undefined;
}

/** Compose and bake files, workflows and the like, of all builds of one Dockerfile together. */
export interface BuildFacts {
  /** Build arguments of which all that pass them pass the same value. */
  readonly args: Readonly<Record<string, string>>;
  /** Build arguments that get a value, though which is not known. */
  readonly passed: readonly string[];
  readonly targets: readonly string[];
  /** Names given by `--build-context`. */
  readonly namedContexts: readonly string[];
}

export const noFacts: Facts = { context: undefined, history: undefined };

/** A Dockerfile that is built with an ignore file. */
export interface IgnoreUser {
  /** Relative to the context's root; with `../` where it lies outside. */
  readonly path: string;
  readonly text: string;
  readonly builds?: BuildFacts | undefined;
  /** What of the sources that it names is on the disk, as far as the host has looked; context-relative. */
  readonly present?: ReadonlySet<string> | undefined;
}

/** The folder whose paths an ignore file speaks of: a build context's root. */
export interface IgnoredFolder extends FolderFacts {
  /** As in `ContextSnapshot`. */
  readonly root: string;
  /** The ignore file's own path in it; with `../` where it lies outside. */
  readonly path: string;
  /** Folders of the listing that nobody has looked into because the file as it is on the disk ignores them whole. */
  readonly unlisted: readonly string[];
  /** What some of these hold, where it was counted. */
  readonly counted: ReadonlyMap<string, { readonly files: number; readonly bytes: number }>;
  /** The host stopped listing: there is more. */
  readonly truncated: boolean;
}

/** A place at which builds would read an ignore file. */
export interface ReadPlace {
  /** Relative to the context's root that the file's facts speak of; with `../` where it lies outside. */
  readonly path: string;
  /** The Dockerfiles that would be built with it. */
  readonly users: readonly IgnoreUser[];
}

/** Why a build does not read an ignore file. */
export type Misplaced =
  /** Every Dockerfile of its context has an ignore file of its own; `by` names these. */
  | { readonly kind: 'shadowed'; readonly by: readonly string[] }
  /** The Dockerfile beside it is built in another folder. */
  | {
      readonly kind: 'elsewhere';
      readonly dockerfile: string;
      /** Relative to the workspace folder or the repository. */
      readonly context: string;
      /** The other folder has an ignore file, which is read instead. */
      readonly taken: boolean;
      /** Where it can be moved to, best first. Nothing lies there. */
      readonly places: readonly ReadPlace[];
    }
  /** It is named after a Dockerfile that is not there. */
  | { readonly kind: 'orphan'; readonly dockerfile: string };

/** Everything from outside that the analysis of one ignore file may use. */
export interface IgnoreFacts {
  /** Undefined until the host has looked, or where there is no folder. */
  readonly folder: IgnoredFolder | undefined;
  /** The Dockerfiles that are built with this ignore file, as far as they were found. */
  readonly users: readonly IgnoreUser[];
  readonly misplaced: Misplaced | undefined;
}

export const noIgnoreFacts: IgnoreFacts = { folder: undefined, users: [], misplaced: undefined };
