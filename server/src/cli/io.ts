import type { Config } from '../core/config.ts';
import type { BuildLog, Facts, IgnoreFacts } from '../core/workspace.ts';

/** The world as the command line sees it; tests bring their own. */
export interface Io {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly readStdin: () => Promise<Uint8Array>;
  /** Looks anew each time. */
  readonly gather: GatherFacts;
  /** Looks once at each folder, for a run that writes nothing. */
  readonly gatherOnce: () => GatherFacts;
  readonly gatherIgnore: GatherIgnore;
  /** As a text why there is none. */
  readonly readBuildLog: (place: { readonly name: string; readonly file: string }) => Promise<BuildLog | string>;
  readonly git: Git;
}

export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Width in columns; undefined where there is no terminal. */
  readonly columns: number | undefined;
}

/** A Dockerfile whose facts are wanted. */
export interface Question {
  /** Absolute; need not exist (standard input). */
  readonly file: string;
  readonly text: string;
  readonly config: Config;
  /** Absolute folder where the user names the build context. */
  readonly context: string | undefined;
  /** Absolute: what counts as the workspace of a file in no repository. */
  readonly around: string | undefined;
  /** Whether to look into ignored folders as well, to count what is kept out. */
  readonly count?: boolean | undefined;
}

/** Reads what an analysis may use of files and history. Never rejects: what cannot be read is not known. */
export type GatherFacts = (question: Question) => Promise<Facts>;

/** The same for an ignore file, looking anew each time. */
export type GatherIgnore = (question: Omit<Question, 'count'>) => Promise<IgnoreFacts>;

/** Runs git in a folder, reading only, with everything off that a repository's configuration could start. Undefined where it fails. */
export type Git = (folder: string, args: readonly string[]) => Promise<string | undefined>;

/** 0: clean. 1: findings at warning or worse. 2: wrong usage, or input that could not be read. */
export type ExitCode = 0 | 1 | 2;

/** A mistake of the caller, said on stderr with exit code 2. */
export class UsageError extends Error {}

/** One line about the run itself, beside its result. */
export const complain = (io: Io, message: string): void => io.stderr.write(`cache-lens: ${printable(message)}\n`);

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that a terminal would obey
const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Text of strangers without the characters by which it could command a terminal or hide itself. */
export const printable = (text: string): string => text.replace(controls, '\uFFFD');
