import path from 'node:path';
import type { Config } from '../core/config.ts';
import { isDockerfileName, isIgnoreFileName } from '../core/filenames.ts';
import type { IgnoreFacts, IgnoreUser } from '../core/workspace.ts';
import { type ContextFolder, withCounts } from './contextFolder.ts';
import { findIgnorePlace, type IgnorePlace, ignoreFactsOf } from './ignoreFiles.ts';
import { forgetUnused, type Known, keyOf, publish, share, topOf, usersOf } from './watched.ts';

/** An ignore file whose facts are kept current. */
export interface WatchedIgnore {
  readonly config: Config;
  facts: IgnoreFacts;
  place?: IgnorePlace | undefined;
  /** What the facts were made of: an edit of the ignore file itself changes neither. */
  from?: Listed & { readonly place: IgnorePlace };
}

const sharedOf = ({ shared }: Known, file: string, { root }: IgnorePlace) =>
  shared.get(keyOf({ folder: root, ignoreFile: file }));

/** Finds the Dockerfiles that an ignore file counts for, lists its context, and then counts what is in ignored folders. */
export async function locateIgnore(known: Known, file: string): Promise<void> {
  const entry = known.ignores.get(file);
  if (!entry) return;
  const { disk, builds, texts } = known;
  const top = topOf(known, file);
  const question = { file, config: entry.config, top, builds, texts, searched: new Map() };
  entry.place = await findIgnorePlace(disk, question);
  const { root } = entry.place;
  await share(known, { folder: root, reason: 'its ignore file lies there', dockerfile: undefined, ignoreFile: file });
  forgetUnused(known);
  publishIgnores(known);
  const found = sharedOf(known, file, entry.place);
  if (!found) return;
  const folder = await withCounts(disk, found.folder);
  if (folder.counted.size === found.folder.counted.size) return;
  found.folder = folder;
  publish(known, usersOf(known, new Set([keyOf({ folder: root, ignoreFile: file })])));
  publishIgnores(known);
}

type Listed = Pick<ContextFolder, 'scan' | 'counted' | 'texts'>;

/** Whether nothing but the ignore file itself differs: each of its versions has a scan and texts of its own. */
const isSame = (a: Listed, b: Listed): boolean =>
  a.scan.listing === b.scan.listing &&
  a.scan.truncated === b.scan.truncated &&
  a.counted === b.counted &&
  a.scan.unlisted.join('\n') === b.scan.unlisted.join('\n') &&
  (a.texts === b.texts ||
    (a.texts.size === b.texts.size && [...a.texts].every(([path, text]) => b.texts.get(path) === text)));

/** Makes new facts for the ignore files about which something else is known now. */
export function publishIgnores(known: Known): void {
  const changed: string[] = [];
  for (const [file, entry] of known.ignores) {
    const { place, from } = entry;
    const folder = place && sharedOf(known, file, place)?.folder;
    if (!folder) continue;
    const { scan, counted, texts } = folder;
    if (from && from.place === place && isSame(from, folder)) continue;
    entry.from = { scan, counted, texts, place };
    entry.facts = ignoreFactsOf(file, place, folder);
    changed.push(file);
  }
  if (changed.length > 0) known.events.factsChanged(changed);
}

/** A Dockerfile that is open has another text: what it copies counts for its ignore file at once. Nothing is read. */
export function textOfUser(known: Known, file: string, text: string | undefined): void {
  if (text === undefined) return;
  const isStale = (user: IgnoreUser): boolean => user.path === file && user.text !== text;
  const renew = <T extends { readonly users: readonly IgnoreUser[] }>(place: T): T => ({
    ...place,
    users: place.users.map((user) => (isStale(user) ? { ...user, text } : user)),
  });
  for (const entry of known.ignores.values()) {
    const { place } = entry;
    const misplaced = place?.misplaced?.kind === 'elsewhere' ? place.misplaced : undefined;
    if (!place || ![place, ...(misplaced?.places ?? [])].some(({ users }) => users.some(isStale))) continue;
    const moved = misplaced && { ...misplaced, places: misplaced.places.map(renew) };
    entry.place = { ...renew(place), misplaced: moved ?? place.misplaced };
  }
  publishIgnores(known);
}

/** After changes on the disk: other Dockerfiles, other builds of them, or other files in a context. */
export async function ignoresAfter(known: Known, files: readonly string[], rebuilt: boolean): Promise<void> {
  const isOfBuild = (file: string): boolean => {
    const name = path.posix.basename(file);
    return isDockerfileName(name) || isIgnoreFileName(name);
  };
  if (rebuilt || files.some(isOfBuild)) for (const file of known.ignores.keys()) await locateIgnore(known, file);
  publishIgnores(known);
}
