import type { Step } from '../build/graph.ts';
import type { ShellCommand, ShellWord } from '../syntax/shell.ts';
import type { ContextSnapshot } from '../workspace.ts';

/** A command of a RUN with wrappers (`sudo`, `env`, `exec`, `time`, `corepack`, `python -m` …) taken off. */
export interface Call {
  readonly step: Step;
  readonly command: ShellCommand;
  /** The program's base name: `npm`, `pip`, `apt-get`. */
  readonly program: string;
  /** The words behind the program. */
  readonly args: readonly ShellWord[];
  /** Absolute directory it runs in (WORKDIR and `cd` in the same RUN); undefined where that is not known. */
  readonly cwd: string | undefined;
  /** Variables set for this command alone or exported earlier in the same RUN. */
  readonly env: ReadonlyMap<string, string | undefined>;
}

/**
 * What a call does, as far as the cache is concerned.
 * `install`: resolves and installs dependencies. `fetch`: only downloads them. `index`: refreshes package lists (apt-get update).
 * `clean`: empties the manager's cache. `build`: compiles with the manager's cache (go build). `consume`: needs what install left
 * in the cache (dotnet build --no-restore, mvn -o). `self`: installs tools globally, not a project's dependencies (npm i -g x).
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
}

/** The files of the build context that an install reads. */
export interface InstallInputs {
  /** Context-relative, existing, not ignored, sorted. */
  readonly files: readonly string[];
  /** Why it may read more than that, each a full sentence a user understands. Empty: the list is proven complete. */
  readonly obstacles: readonly string[];
  /** True where the install is of the project itself (`pip install .`): it reads the sources by design, and copying them first is right. */
  readonly installsProject?: boolean | undefined;
}

/** A text edit of a call that the cache needs: a flag that defeats it, a cleanup. Spans lie in the document. */
export interface Defeater {
  readonly span: { readonly start: number; readonly end: number };
  /** As the user knows it: `--no-cache-dir`, `rm -rf /var/lib/apt/lists/*`. */
  readonly what: string;
}

export interface Manager {
  readonly id: string;
  /** As messages name it: "npm", "pip", "apt". */
  readonly title: string;
  /** Base names of the programs it is called by. */
  readonly programs: readonly string[];
  /** What the call does; undefined where it is none of the cache's business. */
  action(call: Call): Action | undefined;
  caches(call: Call): readonly CacheLocation[];
  /** Flags of this call that defeat a cache mount. */
  defeaters(call: Call): readonly Defeater[];
  /** What an install run in the context-relative `directory` reads; undefined for managers that read no project files (apt). */
  inputs?(call: Call, directory: string, context: ContextSnapshot): InstallInputs;
  /** Base names (or globs) of manifests whose text the host must have read for `inputs`. */
  readonly manifests: readonly string[];
  /**
   * Names of the directories and files, below the directory it runs in, that an install writes: `node_modules`, `vendor`, `.venv`, `obj`. A later COPY must not bring
   * them from the context.
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
}
