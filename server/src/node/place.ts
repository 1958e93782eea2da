import path from 'node:path';
import { buildGraph } from '../core/build/graph.ts';
import type { Config } from '../core/config.ts';
import { type ContextRoot, chooseContext, ignoreFiles, relativePath } from '../core/context/root.ts';
import { contextSources } from '../core/contextSources.ts';
import { parseDockerfile } from '../core/syntax/dockerfile.ts';
import type { ContextSnapshot } from '../core/workspace.ts';
import type { Disk } from './disk.ts';

/** The context of a Dockerfile and the ignore file in force there. */
export interface Place extends ContextRoot {
  /** The Dockerfile's path in the context; undefined outside. */
  readonly dockerfile: string | undefined;
  /** Absolute; undefined where there is none. */
  readonly ignoreFile: string | undefined;
}

export interface PlaceQuestion {
  /** Absolute, with `/`. */
  readonly file: string;
  readonly text: string;
  readonly config: Config;
  /** The folder that the user names as the context. */
  readonly context?: string | undefined;
  /** The workspace folder that the file lies in, where there is one. */
  readonly top?: string | undefined;
}

/** Paths with `/`, on Windows as well: it takes them, and everything else here speaks of them. */
export const withSlashes = (file: string): string => (path.sep === '/' ? file : file.replaceAll(path.sep, '/'));

/** What a file may be called in a context: its path below the root, and the one behind symlinks. None where it lies outside. */
export async function pathsIn(disk: Disk, root: string, file: string): Promise<readonly string[]> {
  const [realRoot, realFile] = await Promise.all([disk.realPath(root), disk.realPath(file)]);
  const real =
    realRoot !== undefined && realFile !== undefined
      ? [relativePath(withSlashes(realRoot), withSlashes(realFile))]
      : [];
  return [...new Set([relativePath(root, file), ...real])].filter((path) => !path.startsWith('../') && path !== '..');
}

export async function findPlace(disk: Disk, question: PlaceQuestion): Promise<Place> {
  const { file, text, config, context } = question;
  const root = context
    ? { folder: withSlashes(context), reason: 'named on the command line' }
    : await chooseContext(
        {
          dockerfile: file,
          top: question.top ?? (await gitRoot(disk, path.posix.dirname(file))),
          sources: contextSources(buildGraph(parseDockerfile(text), { args: config.buildArgs, target: config.target })),
          configured: config.contexts,
        },
        { exists: disk.exists, names: async (folder) => (await disk.list(folder))?.map(({ name }) => `${name}`) ?? [] },
      );
  const own = relativePath(root.folder, file);
  return {
    ...root,
    dockerfile: own.startsWith('../') ? undefined : own,
    ignoreFile: await findIgnoreFile(disk, file, root.folder),
  };
}

async function findIgnoreFile(disk: Disk, file: string, context: string): Promise<string | undefined> {
  for (const candidate of ignoreFiles(file, context)) if (await disk.exists(candidate)) return candidate;
  return undefined;
}

/** The nearest folder above with a `.git`; the folder itself where there is none. */
async function gitRoot(disk: Disk, folder: string): Promise<string> {
  for (let at = folder; ; at = path.posix.dirname(at)) {
    if (await disk.exists(`${at}/.git`)) return at;
    if (at === path.posix.dirname(at)) return folder;
  }
}

/** The text that counts: of the open document, else of the file. Bytes that are no UTF-8 do no harm. */
export async function readIgnore(
  disk: Disk,
  place: Place,
  open: ReadonlyMap<string, string>,
): Promise<ContextSnapshot['ignore']> {
  if (place.ignoreFile === undefined) return undefined;
  const text = open.get(place.ignoreFile) ?? (await disk.read(place.ignoreFile))?.toString('utf8');
  return text === undefined ? undefined : { path: relativePath(place.folder, place.ignoreFile), text };
}
