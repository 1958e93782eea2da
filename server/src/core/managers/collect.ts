import { endOfFolder, indexOf } from '../context/listing.ts';
import { perObject } from '../syntax/memo.ts';
import type { ContextSnapshot, Entry } from '../workspace.ts';
import type { Call, InstallInputs } from './manager.ts';
import { dirname, escapes, normalize } from './paths.ts';

/** Gathers what an install reads. Paths are context-relative and are normalized here. */
export interface Collector {
  readonly context: ContextSnapshot;
  /** Adds a file that exists; false, and nothing added, where it does not. */
  optional(path: string): boolean;
  /** Adds a file that the install needs; where it is missing, an obstacle says so. `named`: what asks for it, as "requirements.txt". */
  required(path: string, named: string): boolean;
  /** Adds every file of a folder; an obstacle where there is none. `except` leaves files out. */
  folder(path: string, named: string, except?: (path: string) => boolean): boolean;
  /** Text of a file that was added or could be; undefined where it is missing or was not read, and then an obstacle says so. */
  text(path: string): string | undefined;
  obstacle(sentence: string): void;
  installsProject(): void;
  result(): InstallInputs;
}

/** Links chained longer than anybody writes are a loop. */
const maxLinks = 20;

/** More obstacles than these help nobody; a hostile manifest could name millions. */
const maxObstacles = 50;

export function collector(context: ContextSnapshot): Collector {
  const files = new Set<string>();
  const obstacles = new Set<string>();
  const absent = new Set<string>();
  let project = false;
  const obstacle = (sentence: string): void => {
    if (obstacles.size < maxObstacles) obstacles.add(sentence);
  };
  const missing = (path: string, named: string): string => {
    if (escapes(path)) return `${named} needs ${path}, which lies outside the build context.`;
    return context.exists(path)
      ? `${named} needs ${path}, which the ignore file keeps out of the build context.`
      : `${named} needs ${path || 'a folder'}, which is not in the build context.`;
  };
  const optional = (path: string): boolean => {
    const entry = fileAt(context, normalize(path));
    for (const each of entry ?? []) files.add(each);
    return entry !== undefined;
  };
  return {
    context,
    optional,
    obstacle,
    required(path, named) {
      if (optional(path)) return true;
      if (absent.size < maxObstacles) absent.add(normalize(path));
      obstacle(missing(normalize(path), named));
      return false;
    },
    folder(path, named, except = () => false) {
      const root = normalize(path);
      const found = escapes(root) ? [] : filesIn(context, root).filter((file) => !except(file));
      for (const file of found) files.add(file);
      if (found.length === 0) obstacle(missing(root, named));
      return found.length > 0;
    },
    text(path) {
      const wanted = normalize(path);
      const text = context.text(wanted);
      if (text === undefined && fileAt(context, wanted))
        obstacle(`${wanted} could not be read, so what it asks for is not known.`);
      return text;
    },
    installsProject() {
      project = true;
    },
    result: () => ({
      files: [...files].sort(),
      obstacles: [...obstacles],
      absent: [...absent],
      installsProject: project,
    }),
  };
}

/** The file at a path, with the file behind it where it is a link within the context; undefined where there is none. */
function fileAt(context: ContextSnapshot, path: string): string[] | undefined {
  const found: string[] = [];
  for (let at = path; found.length < maxLinks; ) {
    if (escapes(at)) return undefined;
    const entry = context.get(at);
    if (!entry || entry.type === 'directory') return undefined;
    found.push(at);
    if (entry.type === 'file') return found;
    if (entry.target === undefined || entry.target.startsWith('/')) return undefined;
    at = normalize(`${dirname(at)}/${entry.target}`.replace(/^\//, ''));
  }
  return undefined;
}

/** All files and links below a folder. */
export const filesIn = (context: ContextSnapshot, folder: string): string[] =>
  entriesIn(context, folder)
    .filter(({ type }) => type !== 'directory')
    .map(({ path }) => path);

/** Everything below a folder: it stands right behind the folder. */
function entriesIn({ entries }: ContextSnapshot, folder: string): readonly Entry[] {
  if (folder === '') return entries;
  const at = indexOf(entries, folder);
  return at === -1 ? [] : entries.slice(at + 1, endOfFolder(entries, at));
}

export const isFolder = (context: ContextSnapshot, path: string): boolean =>
  path === '' || context.get(path)?.type === 'directory';

const results = perObject((_: ContextSnapshot) => new Map<string, InstallInputs>());

/**
 * Remembers what a call was answered for a context: snapshots never change, and every keystroke asks again. `settings` is what else the answer depends on
 * besides the words and the folders.
 */
export function remembered(
  { program, args, cwd, shellCwd }: Call,
  directory: string,
  context: ContextSnapshot,
  settings: readonly string[],
  answer: () => InstallInputs,
): InstallInputs {
  const words = args.map(({ value, text }) => value ?? text);
  const question = JSON.stringify([program, cwd, shellCwd, directory, settings, words]);
  const known = results(context);
  const found = known.get(question) ?? answer();
  known.set(question, found);
  return found;
}
