import type { Config } from '../core/config.ts';
import { type Facts, type IgnoreFacts, noFacts, noIgnoreFacts } from '../core/workspace.ts';
import type { Candidates, Look, LookOptions } from '../lsp/host.ts';
import { rememberBuilds } from './builds.ts';
import { rememberDigests } from './digests.ts';
import { openDisk } from './disk.ts';
import { pathsIn } from './place.ts';
import {
  addCounts,
  addDigests,
  applyChanges,
  candidatesOf,
  forgetUnused,
  type Known,
  locate,
  lookAt,
  rereadIgnore,
  type WorkspaceEvents,
} from './watched.ts';
import { ignoresAfter, locateIgnore, publishIgnores, textOfUser } from './watchedIgnores.ts';

/** What a file system tells of Dockerfiles, kept current. Files are absolute paths with `/`. No method throws or waits for the disk. */
export interface NodeWorkspace {
  setFolders(folders: readonly string[]): void;
  watch(file: string, config: Config): void;
  /** The same for an ignore file. */
  watchIgnore(file: string, config: Config): void;
  unwatch(file: string): void;
  /** The text of an open document, which counts instead of the file's; undefined when it is closed. */
  setText(file: string, text: string | undefined): void;
  /** Files and folders that were created, changed or deleted. */
  changed(files: readonly string[]): void;
  /** The same object until `factsChanged`. */
  facts(file: string): Facts;
  ignoreFacts(file: string): IgnoreFacts;
  /** Reads the content of these files of the context: the digests are in the facts that it resolves to. */
  digest(file: string, paths: readonly string[]): Promise<Facts>;
  /** Looks into ignored folders, in the background, to count what is kept out. */
  count(file: string): Promise<Facts>;
  /** A Dockerfile that need not be watched; undefined where it cannot be read. */
  look(file: string, config: Config, how?: LookOptions): Promise<Look | undefined>;
  /** Folders that a Dockerfile may be built in; undefined outside of workspace folders. */
  candidates(file: string, config: Config): Promise<Candidates | undefined>;
  /** What a file may be called in a context. */
  pathsIn(root: string, file: string): Promise<readonly string[]>;
  /** Resolves when all that was told so far is in the facts. */
  settled(): Promise<void>;
  /** Calls of the file system so far. */
  readonly reads: number;
  dispose(): void;
}

/** Changes come in bursts: milliseconds to wait for more. */
const burst = 40;

interface Queue {
  /** Runs tasks one after the other: what is known is then never a mixture of two moments. */
  add(task: () => Promise<void>): void;
  /** What was added last. */
  readonly last: Promise<void>;
  stop(): void;
}

function openQueue(log: (message: string) => void): Queue {
  let last = Promise.resolve();
  let stopped = false;
  return {
    add(task) {
      const run = async (): Promise<void> => (stopped ? undefined : task());
      last = last.then(run).catch((error: unknown) => log(`Facts about files are not current: ${String(error)}`));
    },
    get last() {
      return last;
    },
    stop() {
      stopped = true;
    },
  };
}

/** Files whose changes wait for more to come. */
interface Burst {
  add(files: readonly string[]): void;
  /** Whether there were any. */
  flush(): boolean;
  stop(): void;
}

function collectBursts(take: (files: readonly string[]) => void): Burst {
  const files = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): boolean => {
    clearTimeout(timer);
    timer = undefined;
    const taken = [...files];
    files.clear();
    if (taken.length > 0) take(taken);
    return taken.length > 0;
  };
  return {
    add(more) {
      for (const file of more) files.add(file);
      timer ??= setTimeout(flush, burst);
    },
    flush,
    stop() {
      clearTimeout(timer);
      files.clear();
    },
  };
}

export function openWorkspace(listener: WorkspaceEvents): NodeWorkspace {
  const disk = openDisk();
  let disposed = false;
  const events: WorkspaceEvents = {
    factsChanged: (files) => (disposed ? undefined : listener.factsChanged(files)),
    log: (message) => (disposed ? undefined : listener.log(message)),
  };
  const known: Known = {
    disk,
    hashes: rememberDigests(disk),
    builds: rememberBuilds(disk),
    events,
    watched: new Map(),
    ignores: new Map(),
    shared: new Map(),
    histories: new Map(),
    logs: new Map(),
    texts: new Map(),
    folders: [],
  };
  const { watched, texts } = known;
  const queue = openQueue(events.log);
  const bursts = collectBursts((files) =>
    queue.add(async () => {
      await ignoresAfter(known, files, await applyChanges(known, files));
    }),
  );
  const ignoresToRead = new Set<string>();
  const settled = async (): Promise<void> => {
    for (let last: Promise<void> | undefined; last !== queue.last; bursts.flush()) {
      last = queue.last;
      await last;
    }
  };
  return {
    setFolders(folders) {
      known.folders = folders;
      for (const file of watched.keys()) queue.add(() => locate(known, file));
      for (const file of known.ignores.keys()) queue.add(() => locateIgnore(known, file));
    },
    watch(file, config) {
      const { facts = noFacts, place, history, log } = watched.get(file) ?? {};
      watched.set(file, { config, facts, place, history, log });
      queue.add(() => locate(known, file));
    },
    watchIgnore(file, config) {
      known.ignores.set(file, { config, facts: known.ignores.get(file)?.facts ?? noIgnoreFacts });
      queue.add(() => locateIgnore(known, file));
    },
    unwatch(file) {
      watched.delete(file);
      known.ignores.delete(file);
      forgetUnused(known);
    },
    setText(file, text) {
      if (text === undefined) texts.delete(file);
      else texts.set(file, text);
      textOfUser(known, file, text);
      const counts = [...known.shared.values()].some(({ place }) => place.ignoreFile === file);
      if (!counts || ignoresToRead.has(file)) return;
      ignoresToRead.add(file);
      queue.add(() => {
        ignoresToRead.delete(file);
        return rereadIgnore(known, file).then(() => publishIgnores(known));
      });
    },
    changed: bursts.add,
    facts: (file) => watched.get(file)?.facts ?? noFacts,
    ignoreFacts: (file) => known.ignores.get(file)?.facts ?? noIgnoreFacts,
    async digest(file, paths) {
      queue.add(() => addDigests(known, file, paths));
      await settled();
      return watched.get(file)?.facts ?? noFacts;
    },
    async count(file) {
      queue.add(() => addCounts(known, file));
      await settled();
      return watched.get(file)?.facts ?? noFacts;
    },
    async look(file, config, how) {
      await settled();
      return lookAt(known, file, config, how);
    },
    async candidates(file, config) {
      await settled();
      return candidatesOf(known, file, config);
    },
    pathsIn: (root, file) => pathsIn(disk, root, file),
    settled,
    get reads() {
      return disk.reads;
    },
    dispose() {
      disposed = true;
      queue.stop();
      bursts.stop();
    },
  };
}
