import type { Step } from '../build/graph.ts';
import type { ShellCommand, ShellWord } from '../syntax/shell.ts';
import type { Span } from '../syntax/span.ts';
import type { ContextSnapshot } from '../workspace.ts';

/** A command of a RUN with wrappers (`sudo`, `env`, `exec`, `time`, `corepack`, `python -m` …) taken off. */
export interface Call {
  readonly step: Step;
  readonly command: ShellCommand;
  /** The program's base name: `npm`, `pip`, `apt-get`. */
  readonly program: string;
  /** The words behind the program. */
  readonly args: readonly ShellWord[];
  /**
   * Absolute directory whose project it works on: WORKDIR, `cd` in the same RUN, then the call's own `--prefix`, `-C` or the folder of an
   * absolute file it names; undefined where that is not known.
   */
  readonly cwd: string | undefined;
  /** Absolute directory of the shell that starts it: what its relative paths mean, unless `cwd` was moved by an option. */
  readonly shellCwd: string | undefined;
  /** Variables set for this command alone or exported earlier in the same RUN. */
  readonly env: ReadonlyMap<string, string | undefined>;
}

/**
 * What a call does, as far as the cache is concerned.
 * `install`: resolves and installs dependencies. `fetch`: only downloads them. `index`: refreshes package lists (apt-get update).
 * `clean`: empties the manager's cache. `build`: compiles with the manager's cache (go build). `consume`: needs what install left
 * in the cache (dotnet build --no-restore, mvn -o). `self`: installs tools and reads nothing of the project (npm i -g x, go install x@latest,
 * pip install --upgrade pip).
 */
export type Action = 'install' | 'fetch' | 'index' | 'clean' | 'build' | 'consume' | 'self';

/** Where a manager keeps what it downloads. */
export interface CacheLocation {
  /** Absolute path under the step's user, home, environment and image; undefined where that is not known, `reason` then says why. */
  readonly path: string | undefined;
  readonly reason?: string | undefined;
  /** A: pure download cache. B: the install location itself. C: build output. D: cache mixed with state. (facts of package managers) */
  readonly class: 'A' | 'B' | 'C' | 'D';
  readonly sharing: 'shared' | 'locked';
  /** It holds what was compiled, and nothing that was downloaded. */
  readonly compiled?: boolean | undefined;
}

/** Where a call's project lies in the build context. */
export interface Project {
  /** Context-relative, '' for the root: the folder that the image has at the call's `cwd`. */
  readonly directory: string;
  readonly context: ContextSnapshot;
}

/** The files of the build context that an install reads. No files and no obstacles: it reads nothing of the project. */
export interface InstallInputs {
  /** Context-relative, existing, not ignored, sorted; files and symlinks only: a folder that is read whole is listed file by file. */
  readonly files: readonly string[];
  /** Why it may read more than that, each a full sentence a user understands. Empty: the list is proven complete. */
  readonly obstacles: readonly string[];
  /** Files that it needs and the context lacks, context-relative. */
  readonly absent?: readonly string[] | undefined;
  /** True where the install is of the project itself (`pip install .`): it reads the sources by design, and copying them first is right. */
  readonly installsProject?: boolean | undefined;
}

/** What keeps a cache mount from helping: a flag, a variable, a cleanup. Spans lie in the document. */
export interface Defeater {
  readonly span: Span;
  /** As the user knows it: `--no-cache-dir`, `rm -rf /var/lib/apt/lists/*`. */
  readonly what: string;
  /**
   * `words`: some words of the call. `command`: the whole command. `variable`: an ENV, ARG or assignment, possibly of another instruction.
   * `removalOf` (removal.ts) makes the deletion of the first two.
   */
  readonly kind: 'words' | 'command' | 'variable';
  /** Whether it is about compiled code alone: downloads are still found. */
  readonly compiled?: boolean | undefined;
}

/** What a cache mount needs besides the mount, so that it really keeps something. */
export type Companion =
  /** A variable that the RUN needs: `UV_LINK_MODE=copy`. */
  | { readonly kind: 'variable'; readonly name: string; readonly value: string; readonly why: string }
  /** Words to insert (blank first) at an offset of the document: ` --setopt=keepcache=1`. */
  | { readonly kind: 'words'; readonly text: string; readonly at: number; readonly why: string }
  /** A command to run in the same RUN before the call, or before another command where `before` names one. */
  | {
      readonly kind: 'command';
      readonly text: string;
      readonly before?: ShellCommand | undefined;
      readonly why: string;
    };

export interface LockUse {
  /** The lock file it uses, context-relative; undefined where the context has none. */
  readonly file: string | undefined;
  /** The locked form as people write it: `npm ci`; undefined where the manager has none. */
  readonly form: string | undefined;
}

/** How an install leaves out what needs the sources of the project. */
export interface Postponement {
  /** `--ignore-scripts`. */
  readonly flags: readonly string[];
  /** What makes up for it later, without the program's name: `rebuild`, `run postinstall`. */
  readonly after: readonly string[];
}

export interface Manager {
  readonly id: string;
  /** As messages name it: "npm", "pip", "apt". */
  readonly title: string;
  /** Base names of the programs it is called by. */
  readonly programs: readonly string[];
  /** What the call does; undefined where it is none of the cache's business. */
  action(call: Call): Action | undefined;
  /** Where the call keeps what it downloads. Some places depend on files (`.yarnrc.yml`): pass the project where it is known. */
  caches(call: Call, project?: Project): readonly CacheLocation[];
  /** What this call, or the environment it runs in, does to defeat a cache mount. */
  defeaters(call: Call): readonly Defeater[];
  /** What a mount over `caches` needs besides, where it is not there yet. */
  companions?(call: Call): readonly Companion[];
  /** Folders (absolute or `~/…`) whose removal (`rm -rf`, `find -delete`) empties what the manager keeps. */
  readonly kept: readonly string[];
  /** The absolute directory of the call's project, for managers whose options can move it; undefined where it is not known. */
  directory?(call: Call): string | undefined;
  /** The lock file an install uses; undefined where the call has nothing to do with one. */
  lock?(call: Call, project: Project): LockUse | undefined;
  /** What an install run in the context-relative `directory` reads; undefined for managers that read no project files (apt). */
  inputs?(call: Call, directory: string, context: ContextSnapshot): InstallInputs;
  /** Undefined where what the call would leave out cannot be made up for. */
  postpone?(call: Call, project: Project): Postponement | undefined;
  /** Of a manager without `inputs`: why this very call may read files of the project (`apt-get install ./tool.deb`), as a sentence. */
  obstacle?(call: Call): string | undefined;
  /** Of a system's package manager: the packages that an install names, as written. */
  packages?(call: Call): readonly ShellWord[];
  /** Base names (or globs) of manifests whose text the host must have read for `inputs`. */
  readonly manifests: readonly string[];
  /**
   * Names of the directories and files, below the directory it runs in, that an install writes: `node_modules`, `vendor`, `.venv`, `obj`.
   * A later COPY must not bring them from the context.
   */
  readonly writes?: readonly string[] | undefined;
  /** False where the install may resolve anew and rewrite its lock file (`npm install`, `composer update`). Absent: always as locked as it gets. */
  isLocked?(call: Call): boolean;
}

/** A call that a manager recognises. */
export interface Invocation {
  readonly manager: Manager;
  readonly call: Call;
  readonly action: Action;
  /** Of a removal: the places besides `manager.kept` in which the RUN's own calls keep their cache, absolute. */
  readonly kept?: readonly string[] | undefined;
}
