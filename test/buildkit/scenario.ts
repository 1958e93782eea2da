/** A build, and changes each of which is followed by another build. The format of the files in `cases/`. */
export interface Scenario {
  readonly id?: string;
  /** What it shows, in a few words. */
  readonly about?: string;
  /** What lies at `../NAME/…` is the named context NAME. */
  readonly files: Readonly<Record<string, FileSpec>>;
  readonly dockerfile: string;
  readonly args?: Readonly<Record<string, string>>;
  readonly target?: string;
  /** As of `BuildInput`. */
  readonly ownImages?: boolean;
  /** Each is applied on top of the ones before it. */
  readonly changes: readonly (Operation | readonly Operation[])[];
  /** What a builder did in the build after each change, where that is recorded. */
  readonly observed?: readonly (readonly ObservedStep[])[];
}

export type FileSpec =
  | string
  | { readonly text: string; readonly mode?: string; readonly mtime?: number }
  | { readonly symlink: string }
  | { readonly dir: true };

export type Operation =
  | { readonly op: 'nothing' }
  | { readonly op: 'touch' | 'delete' | 'mkdir'; readonly path: string }
  | { readonly op: 'write'; readonly path: string; readonly text: string; readonly keep_mtime?: boolean }
  | { readonly op: 'add'; readonly path: string; readonly text: string; readonly mode?: string }
  | { readonly op: 'chmod'; readonly path: string; readonly mode: string }
  | { readonly op: 'symlink'; readonly path: string; readonly target: string }
  | { readonly op: 'rename'; readonly path: string; readonly to: string }
  | { readonly op: 'arg'; readonly name: string; readonly value: string }
  | { readonly op: 'unarg'; readonly name: string }
  | { readonly op: 'dockerfile'; readonly text: string }
  | { readonly op: 'ignore'; readonly text: string }
  | { readonly op: 'sub'; readonly old: string; readonly new: string; readonly count?: number }
  | { readonly op: 'target'; readonly value: string };

/** One operation of BuildKit as its progress shows it. */
export interface ObservedStep {
  /** The stage's name, `stage-1` for one without a name, null where the file has a single stage without a name. */
  readonly stage: string | null;
  readonly text: string;
  readonly outcome: 'cached' | 'runs';
  /** True for the merge that follows the copy of a `COPY --link`. */
  readonly link: boolean;
  /** Its number within the stage, where FROM of an image is the first; not in every record. */
  readonly index?: number;
}

export interface FileState {
  readonly type: 'file' | 'directory' | 'symlink';
  readonly text: string;
  readonly mode: number;
  /** Seconds since the epoch; every write makes it newer than all before. */
  readonly mtime: number;
}

/** Everything one build starts from. The Dockerfile is the file of that name. */
export interface BuildInput {
  readonly files: ReadonlyMap<string, FileState>;
  readonly args: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  /** The Dockerfile lies outside the context, so that no image holds it. */
  readonly detached?: boolean;
  /** Every image has files and a configuration of its own, of which the model knows nothing: another name is another image. */
  readonly ownImages?: boolean;
}

/** A path that begins so lies in a named context: `../NAME/…`. */
export const beside = '../';

/** The named contexts of a build: folders beside the context. */
export const contextNames = ({ files }: Pick<BuildInput, 'files'>): string[] =>
  [...files.keys()].filter((path) => /^\.\.\/[^/]+$/.test(path)).map((path) => path.slice(beside.length));

export const dockerfileOf = (input: BuildInput): string => input.files.get('Dockerfile')?.text ?? '';
