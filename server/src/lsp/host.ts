import type { Config } from '../core/config.ts';
import type { ContextSnapshot, Facts, IgnoreFacts } from '../core/workspace.ts';

/** A file or folder that changed on disk, as the client's watchers report it. */
export interface FileChange {
  readonly uri: string;
  readonly type: 'created' | 'changed' | 'deleted';
}

/** A Dockerfile and what it is built from, as they are now. */
export interface Look {
  /** What the file holds; an open document may hold something else. */
  readonly text: string;
  readonly context: ContextSnapshot;
}

export interface LookOptions {
  /** URI of the folder that counts as the context; the Dockerfile need then not exist. */
  readonly context?: string | undefined;
  /** Look into ignored folders as well, to count what is kept out. */
  readonly count?: boolean | undefined;
}

/** As the setting `contexts` names them. */
export interface Candidates {
  /** The Dockerfile, relative to its workspace folder. */
  readonly name: string;
  /** What is likely first. */
  readonly contexts: readonly {
    /** Relative to the workspace folder; `.` is that itself. */
    readonly value: string;
    /** As a clause. */
    readonly reason: string;
  }[];
}

/** What a host tells the server. May be called at any time after `start`. */
export interface HostEvents {
  /** New facts for these Dockerfiles can be had from `facts`. */
  factsChanged(uris: readonly string[]): void;
  /** For the log: what could not be read and what follows from it. One line, no secrets, no file contents. */
  log(message: string): void;
}

/**
 * The machine that the server runs on: files and git. All URIs are those of the client, unchanged.
 * No method throws, none waits for the disk: work is scheduled, and `factsChanged` says when it is done.
 */
export interface Host {
  /** Called once, before anything else. */
  start(folders: readonly string[], events: HostEvents): void;
  /** The workspace's folders have changed. */
  setFolders(folders: readonly string[]): void;
  /**
   * Gather the facts for this Dockerfile and keep them current. Called again when its configuration changes.
   * `config.history` is false as well where the workspace is not trusted: git must then not be run.
   */
  watch(dockerfile: string, config: Config): void;
  /** The same for an ignore file. */
  watchIgnore(uri: string, config: Config): void;
  /** The Dockerfile or the ignore file was closed. */
  unwatch(uri: string): void;
  /**
   * The text of an open document, Dockerfile or ignore file, at each change: it counts instead of the file's.
   * Undefined when the document is closed. This is a keystroke: it reads nothing, not even later, unless the context itself moves.
   */
  setText(uri: string, text: string | undefined): void;
  filesChanged(changes: readonly FileChange[]): void;
  /**
   * What is known now; `noFacts` until the host has looked. The same object until `factsChanged`,
   * so that facts can be compared by identity.
   */
  facts(dockerfile: string): Facts;
  /** Of an ignore file that is watched; `noIgnoreFacts` until the host has looked. The same object until `factsChanged`. */
  ignoreFacts(uri: string): IgnoreFacts;
  /** The URI of a path relative to the Dockerfile's build context, or to `root`; undefined where that is not known. */
  uriOf(dockerfile: string, path: string, root?: string): string | undefined;
  /**
   * Looks at a Dockerfile that a question is about, watched or not; the disk is read for what is not known yet.
   * Undefined where it cannot be read. Unlike the other methods this one is waited for.
   */
  look(dockerfile: string, config: Config, how?: LookOptions): Promise<Look | undefined>;
  /** The folders that a Dockerfile may be built in; undefined outside of workspace folders. */
  candidates(dockerfile: string, config: Config): Promise<Candidates | undefined>;
  /** What a file may be called in a context: its path below `root`, and the one behind symlinks. None where it lies outside. */
  pathsIn(root: string, uri: string): Promise<readonly string[]>;
  /** Files and folders read so far: a test proves with it that a keystroke reads none. */
  readonly reads: number;
  dispose(): void;
}
