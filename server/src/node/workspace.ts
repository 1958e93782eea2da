import type { Config } from '../core/config.ts';
import { ignoreFiles } from '../core/context/root.ts';
import { type Facts, type History, noFacts } from '../core/workspace.ts';
import { afterChanges, type ContextFolder, openContextFolder, snapshotOfFolder, withIgnore } from './contextFolder.ts';
import { rememberDigests } from './digests.ts';
import { openDisk } from './disk.ts';
import { readHistory } from './git.ts';
import { findPlace, type Place, readIgnore } from './place.ts';

export interface WorkspaceEvents {
  /** Other facts for these Dockerfiles can be had. */
  factsChanged(files: readonly string[]): void;
  log(message: string): void;
}

/** What a file system tells of Dockerfiles, kept current. Files are absolute paths with `/`. No method throws or waits for the disk. */
export interface NodeWorkspace {
  setFolders(folders: readonly string[]): void;
  watch(file: string, config: Config): void;
  unwatch(file: string): void;
  /** The text of an open document, which counts instead of the file's; undefined when it is closed. */
  setText(file: string, text: string | undefined): void;
  /** Files and folders that were created, changed or deleted. */
  changed(files: readonly string[]): void;
  /** The same object until `factsChanged`. */
  facts(file: string): Facts;
  /** Reads the content of these files of the context: the digests are in the facts that it resolves to. */
  digest(file: string, paths: readonly string[]): Promise<Facts>;
  /** Resolves when all that was told so far is in the facts. */
  settled(): Promise<void>;
  /** Calls of the file system so far. */
  readonly reads: number;
  dispose(): void;
}

interface Watched {
  readonly config: Config;
  facts: Facts;
  place: Place | undefined;
  history: History | undefined;
}

/** A context folder under one ignore file, for all Dockerfiles that share both. */
interface Shared {
  folder: ContextFolder;
  readonly ignoreFile: string | undefined;
  readonly digests: Map<string, string>;
}

/** Changes come in bursts: milliseconds to wait for more. */
const burst = 40;

export function openWorkspace(events: WorkspaceEvents): NodeWorkspace {
  const disk = openDisk();
  const digests = rememberDigests(disk);
  const watched = new Map<string, Watched>();
  const shared = new Map<string, Shared>();
  const histories = new Map<string, Promise<History | undefined>>();
  const texts = new Map<string, string>();
  const ignoresToRead = new Set<string>();
  const changes = new Set<string>();
  let folders: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  let disposed = false;
  let tasks = Promise.resolve();

  /** One after the other: what is known is then never a mixture of two moments. */
  const enqueue = (task: () => Promise<void>): void => {
    const run = async (): Promise<void> => (disposed ? undefined : task());
    tasks = tasks
      .then(run)
      .catch((error: unknown) => events.log(`Facts about files are not current: ${String(error)}`));
  };

  const keyOf = ({ folder, ignoreFile = '' }: Place): string => `${folder}\n${ignoreFile}`;
  const topOf = (file: string): string | undefined =>
    folders.filter((folder) => file.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)[0];

  const publish = (files: readonly string[]): void => {
    for (const file of files) {
      const entry = watched.get(file);
      const found = entry?.place && shared.get(keyOf(entry.place));
      if (entry?.place && found)
        entry.facts = {
          context: snapshotOfFolder(found.folder, { ...entry.place, digests: new Map(found.digests) }),
          history: entry.history,
        };
    }
    if (files.length > 0 && !disposed) events.factsChanged(files);
  };

  const usersOf = (keys: ReadonlySet<string>): string[] =>
    [...watched].filter(([, { place }]) => place && keys.has(keyOf(place))).map(([file]) => file);

  const locate = async (file: string): Promise<void> => {
    const entry = watched.get(file);
    if (!entry) return;
    const text = texts.get(file) ?? (await disk.read(file))?.toString('utf8') ?? '';
    const place = await findPlace(disk, { file, text, config: entry.config, top: topOf(file) });
    const moved = JSON.stringify(place) !== JSON.stringify(entry.place);
    entry.place = place;
    await share(place);
    forgetUnused();
    if (moved) publish([file]);
    const history = entry.config.history ? await historyOf(place.folder) : undefined;
    if (history === entry.history) return;
    entry.history = history;
    publish([file]);
  };

  const share = async (place: Place): Promise<void> => {
    const key = keyOf(place);
    if (shared.has(key)) return;
    const folder = await openContextFolder(disk, place.folder, await readIgnore(disk, place, texts));
    shared.set(key, { folder, ignoreFile: place.ignoreFile, digests: new Map() });
    for (const message of problems(folder)) events.log(message);
  };

  const forgetUnused = (): void => {
    const used = new Set([...watched.values()].flatMap(({ place }) => (place ? [keyOf(place)] : [])));
    for (const key of shared.keys()) if (!used.has(key)) shared.delete(key);
  };

  const historyOf = (folder: string): Promise<History | undefined> => {
    const found = histories.get(folder) ?? readHistory(folder);
    histories.set(folder, found);
    return found;
  };

  const rereadIgnore = async (file: string): Promise<void> => {
    ignoresToRead.delete(file);
    const hit = new Set<string>();
    for (const [key, each] of shared) {
      if (each.ignoreFile !== file) continue;
      const ignore = await readIgnore(disk, placeOf(each), texts);
      if (ignore?.text === each.folder.ignore?.text) continue;
      each.folder = await withIgnore(disk, each.folder, ignore);
      hit.add(key);
    }
    publish(usersOf(hit));
  };

  const placeOf = ({ folder: { root }, ignoreFile }: Shared): Place => ({
    folder: root,
    reason: '',
    dockerfile: undefined,
    ignoreFile,
  });

  const applyChanges = async (): Promise<void> => {
    const files = [...changes];
    changes.clear();
    const hit = new Set<string>();
    for (const [key, each] of shared) {
      const prefix = each.folder.root === '/' ? '/' : `${each.folder.root}/`;
      const paths = files.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
      for (const path of paths) each.digests.delete(path);
      const after = await afterChanges(disk, each.folder, paths);
      if (after !== each.folder) hit.add(key);
      each.folder = after;
    }
    publish(usersOf(hit));
    for (const file of files) if (!texts.has(file)) await rereadIgnore(file);
    if (files.some((file) => file.includes('/.git/'))) histories.clear();
    for (const [file, entry] of watched) if (concerns(files, file, entry)) await locate(file);
  };

  const settled = async (): Promise<void> => {
    while (!disposed) {
      if (changes.size > 0) flush();
      const last = tasks;
      await last;
      if (last === tasks && changes.size === 0) return;
    }
  };

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    enqueue(applyChanges);
  };

  return {
    setFolders(found) {
      folders = found;
      for (const file of watched.keys()) enqueue(() => locate(file));
    },
    watch(file, config) {
      const known = watched.get(file);
      watched.set(
        file,
        known ? { ...known, config } : { config, facts: noFacts, place: undefined, history: undefined },
      );
      enqueue(() => locate(file));
    },
    unwatch(file) {
      watched.delete(file);
      forgetUnused();
    },
    setText(file, text) {
      if (text === undefined) texts.delete(file);
      else texts.set(file, text);
      if (ignoresToRead.has(file) || ![...shared.values()].some(({ ignoreFile }) => ignoreFile === file)) return;
      ignoresToRead.add(file);
      enqueue(() => rereadIgnore(file));
    },
    changed(files) {
      for (const file of files) changes.add(file);
      timer ??= setTimeout(flush, burst);
    },
    facts: (file) => watched.get(file)?.facts ?? noFacts,
    async digest(file, paths) {
      enqueue(async () => {
        const place = watched.get(file)?.place;
        const found = place && shared.get(keyOf(place));
        if (!found) return;
        for (const [path, digest] of await digests.of(found.folder.root, paths)) found.digests.set(path, digest);
        publish(usersOf(new Set([keyOf(place)])));
      });
      await settled();
      return watched.get(file)?.facts ?? noFacts;
    },
    settled,
    get reads() {
      return disk.reads;
    },
    dispose() {
      disposed = true;
      clearTimeout(timer);
    },
  };
}

/** Whether the changed files may move a Dockerfile's context, its ignore file or its history. */
function concerns(files: readonly string[], file: string, { place }: Watched): boolean {
  const candidates = place ? ignoreFiles(file, place.folder) : [];
  return files.some((each) => each === file || candidates.includes(each) || each.includes('/.git/'));
}

function* problems({ root, scan: { unreadable, truncated, listing } }: ContextFolder): Generator<string> {
  if (unreadable.length > 0)
    yield `Cannot read ${unreadable.length === 1 ? 'a folder' : `${unreadable.length} folders`} of the build context ${root} (${unreadable[0] || '.'}): what is in there is not known.`;
  if (truncated)
    yield `The build context ${root} has more than ${listing.length} files and folders that are not ignored: the others are not counted.`;
}
