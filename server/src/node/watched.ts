import type { Config } from '../core/config.ts';
import { ignoreFiles, relativePath } from '../core/context/root.ts';
import type { BuildLog, Facts, History } from '../core/workspace.ts';
import type { Candidates, Look, LookOptions } from '../lsp/host.ts';
import { type LogPlace, readBuildLog } from './buildLog.ts';
import type { Builds } from './builds.ts';
import {
  afterChanges,
  type ContextFolder,
  openContextFolder,
  snapshotOfFolder,
  withCounts,
  withIgnore,
} from './contextFolder.ts';
import type { Digests } from './digests.ts';
import type { Disk } from './disk.ts';
import { readHistory } from './git.ts';
import { candidatePlaces, findPlace, type Place, type PlaceQuestion, readIgnore } from './place.ts';
import { remember } from './remember.ts';
import type { WatchedIgnore } from './watchedIgnores.ts';

/** A Dockerfile whose facts are kept current. */
export interface Watched {
  readonly config: Config;
  facts: Facts;
  place: Place | undefined;
  history: History | undefined;
  log?: BuildLog | undefined;
}

/** A context folder under one ignore file, for all Dockerfiles that share both. */
interface Shared {
  readonly place: Place;
  folder: ContextFolder;
  readonly digests: Map<string, string>;
}

export interface WorkspaceEvents {
  /** Other facts for these Dockerfiles can be had. */
  factsChanged(files: readonly string[]): void;
  log(message: string): void;
}

/** What a workspace knows. Files are absolute paths with `/`. */
export interface Known {
  readonly disk: Disk;
  readonly hashes: Digests;
  readonly events: WorkspaceEvents;
  readonly watched: Map<string, Watched>;
  /** Ignore files whose facts are kept current. */
  readonly ignores: Map<string, WatchedIgnore>;
  readonly shared: Map<string, Shared>;
  readonly histories: Map<string, Promise<History | undefined>>;
  /** Of builds, by file. */
  readonly logs: Map<string, Promise<BuildLog | undefined>>;
  /** Of open documents. */
  readonly texts: Map<string, string>;
  readonly builds: Builds;
  /** Workspace folders. */
  folders: readonly string[];
}

export const keyOf = ({ folder, ignoreFile = '' }: Pick<Place, 'folder' | 'ignoreFile'>): string =>
  `${folder}\n${ignoreFile}`;

/** Finds a Dockerfile's context and reads what is not known of it yet. */
export async function locate(known: Known, file: string): Promise<void> {
  const entry = known.watched.get(file);
  if (!entry) return;
  const { config } = entry;
  const place = await findPlace(known.disk, questionOf(known, file, (await textOf(known, file)) ?? '', config));
  const moved = JSON.stringify(place) !== JSON.stringify(entry.place);
  entry.place = place;
  for (const each of placesOf(place)) await share(known, each);
  forgetUnused(known);
  if (moved) publish(known, [file]);
  const { folder, log: at } = place;
  const history = config.history ? await remember(known.histories, folder, () => readHistory(folder)) : undefined;
  const log = at && (await remember(known.logs, at.file, () => readLog(known, at)));
  if (history === entry.history && log === entry.log) return;
  entry.history = history;
  entry.log = log;
  publish(known, [file]);
}

const questionOf = (known: Known, file: string, text: string, config: Config): PlaceQuestion => ({
  file,
  text,
  config,
  top: topOf(known, file),
  builds: known.builds,
});

const placesOf = (place: Place | undefined): readonly Place[] => (place ? [place, ...(place.others ?? [])] : []);

/** Folders that a Dockerfile may be built in; undefined outside of workspace folders. */
export async function candidatesOf(known: Known, file: string, config: Config): Promise<Candidates | undefined> {
  const top = topOf(known, file);
  if (top === undefined) return undefined;
  const found = await candidatePlaces(known.disk, questionOf(known, file, (await textOf(known, file)) ?? '', config));
  const contexts = found.map(({ folder, reason }) => ({ value: relativePath(top, folder) || '.', reason }));
  return { name: relativePath(top, file), contexts };
}

const textOf = async ({ texts, disk }: Known, file: string): Promise<string | undefined> =>
  texts.get(file) ?? (await disk.read(file))?.toString('utf8');

export const topOf = ({ folders }: Known, file: string): string | undefined =>
  folders.filter((folder) => file.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)[0];

/** A Dockerfile that need not be watched, in its context: listed now unless a watched one shares it. */
export async function lookAt(
  known: Known,
  file: string,
  config: Config,
  { context, count }: LookOptions = {},
): Promise<Look | undefined> {
  const { disk, texts, shared } = known;
  const found = await textOf(known, file);
  const text = found ?? (context === undefined ? undefined : '');
  if (text === undefined) return undefined;
  const place = await findPlace(disk, {
    ...questionOf(known, file, text, config),
    context,
    contextReason: "the ignore file's folder",
  });
  const there = shared.get(keyOf(place));
  const listed = there?.folder ?? (await openContextFolder(disk, place.folder, await readIgnore(disk, place, texts)));
  const folder = count ? await withCounts(disk, listed) : listed;
  if (there?.folder === listed) there.folder = folder;
  return { text, context: snapshotOfFolder(folder, { ...place, digests: new Map(there?.digests) }) };
}

export async function share({ disk, shared, texts, events }: Known, place: Place): Promise<void> {
  if (shared.has(keyOf(place))) return;
  const folder = await openContextFolder(disk, place.folder, await readIgnore(disk, place, texts));
  shared.set(keyOf(place), { place, folder, digests: new Map() });
  for (const message of problems(folder)) events.log(message);
}

/** What could not be listed and what follows from it, for the log. */
export function* problems({ root, scan: { unreadable, truncated, listing } }: ContextFolder): Generator<string> {
  const [first = ''] = unreadable;
  const what = unreadable.length === 1 ? 'a folder' : `${unreadable.length} folders`;
  if (unreadable.length > 0)
    yield `Cannot read ${what} of the build context ${root} (${first || '.'}): what is in there is not known.`;
  if (truncated)
    yield `The build context ${root} has more than ${listing.length} files and folders: the others are not counted.`;
}

export function forgetUnused({ watched, ignores, shared }: Known): void {
  const used = new Set([...watched.values()].flatMap(({ place }) => placesOf(place).map(keyOf)));
  for (const [file, { place }] of ignores) if (place) used.add(keyOf({ folder: place.root, ignoreFile: file }));
  for (const key of shared.keys()) if (!used.has(key)) shared.delete(key);
}

/** A log that tells of no times is named in the log of the server. */
async function readLog({ disk, events }: Known, place: LogPlace): Promise<BuildLog | undefined> {
  const log = await readBuildLog(disk, place);
  if (typeof log !== 'string') return log;
  events.log(`The build log ${place.name} tells of no times: ${log}.`);
  return undefined;
}

/** Makes new facts for these Dockerfiles of what is known now. */
export function publish({ watched, shared, events }: Known, files: readonly string[]): void {
  for (const file of files) {
    const entry = watched.get(file);
    const found = entry?.place && shared.get(keyOf(entry.place));
    if (!entry?.place || !found) continue;
    const { builds, others = [] } = entry.place;
    const [context, ...more] = [entry.place, ...others].flatMap((place) => {
      const there = shared.get(keyOf(place));
      return there ? [snapshotOfFolder(there.folder, { ...place, digests: new Map(there.digests) })] : [];
    });
    entry.facts = { context, history: entry.history, builds, log: entry.log, ...(more.length > 0 && { others: more }) };
  }
  if (files.length > 0) events.factsChanged(files);
}

export const usersOf = ({ watched }: Known, keys: ReadonlySet<string>): string[] =>
  [...watched].filter(([, { place }]) => placesOf(place).some((each) => keys.has(keyOf(each)))).map(([file]) => file);

/** An ignore file has another text, in an open document or on the disk. */
export async function rereadIgnore(known: Known, file: string): Promise<void> {
  const hit = new Set<string>();
  for (const [key, each] of known.shared) {
    if (each.place.ignoreFile !== file) continue;
    const ignore = await readIgnore(known.disk, each.place, known.texts);
    if (ignore?.text === each.folder.ignore?.text) continue;
    each.folder = await withIgnore(known.disk, each.folder, ignore);
    hit.add(key);
  }
  publish(known, usersOf(known, hit));
}

/** These files and folders were created, changed or deleted. Tells whether other builds may be described now. */
export async function applyChanges(known: Known, files: readonly string[]): Promise<boolean> {
  const hit = new Set<string>();
  for (const [key, each] of known.shared) {
    const prefix = `${each.folder.root}/`.replace('//', '/');
    const paths = files.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
    for (const path of paths) each.digests.delete(path);
    const after = await afterChanges(known.disk, each.folder, paths);
    if (after !== each.folder) hit.add(key);
    each.folder = after;
  }
  publish(known, usersOf(known, hit));
  for (const file of files) if (!known.texts.has(file)) await rereadIgnore(known, file);
  if (files.some(isOfGit)) known.histories.clear();
  for (const file of files) known.logs.delete(file);
  const rebuilt = await known.builds.changed(files);
  for (const [file, entry] of known.watched) if (rebuilt || concerns(files, file, entry)) await locate(known, file);
  return rebuilt;
}

const isOfGit = (file: string): boolean => file.includes('/.git/');

/** Whether the changed files may move a Dockerfile's context, its ignore file or its history. */
function concerns(files: readonly string[], file: string, { place }: Watched): boolean {
  const ignores = placesOf(place).flatMap(({ folder }) => ignoreFiles(file, folder));
  return files.some((each) => each === file || each === place?.log?.file || ignores.includes(each) || isOfGit(each));
}

/** Reads the content of files of a Dockerfile's context. */
export async function addDigests(known: Known, file: string, paths: readonly string[]): Promise<void> {
  const place = known.watched.get(file)?.place;
  const found = place && known.shared.get(keyOf(place));
  if (!found) return;
  for (const [path, digest] of await known.hashes.of(found.folder.root, paths)) found.digests.set(path, digest);
  publish(known, usersOf(known, new Set([keyOf(place)])));
}

/** Counts what is in the ignored folders of a Dockerfile's context. */
export async function addCounts(known: Known, file: string): Promise<void> {
  const place = known.watched.get(file)?.place;
  const found = place && known.shared.get(keyOf(place));
  if (!found) return;
  found.folder = await withCounts(known.disk, found.folder);
  publish(known, usersOf(known, new Set([keyOf(place)])));
}
