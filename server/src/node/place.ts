import path from 'node:path';
import { type BuildGraph, buildGraph } from '../core/build/graph.ts';
import { commentedContext } from '../core/builds/comment.ts';
import { buildOptions } from '../core/builds/options.ts';
import { planOf } from '../core/builds/plan.ts';
import type { Config } from '../core/config.ts';
import { hasWildcards } from '../core/context/pick.ts';
import { contextPath } from '../core/context/resolve.ts';
import { type ContextRoot, chooseContext, configuredPath, ignoreFiles, relativePath } from '../core/context/root.ts';
import { contextSources, manifestsInContext, pathsNamed } from '../core/contextSources.ts';
import { parseDockerfile } from '../core/syntax/dockerfile.ts';
import type { BuildFacts, ContextSnapshot } from '../core/workspace.ts';
import type { LogPlace } from './buildLog.ts';
import type { Builds } from './builds.ts';
import type { Disk } from './disk.ts';

/** The context of a Dockerfile and the ignore file in force there. */
export interface Place extends ContextRoot {
  /** The Dockerfile's path in the context; undefined outside. */
  readonly dockerfile: string | undefined;
  /** Absolute; undefined where there is none. */
  readonly ignoreFile: string | undefined;
  /** What of the sources that the Dockerfile names is on the disk, also in folders that the ignore file keeps out and nobody lists; context-relative. */
  readonly present?: ReadonlySet<string> | undefined;
  /** What the builds that the workspace describes pass. */
  readonly builds?: BuildFacts | undefined;
  /** Further contexts that they name. */
  readonly others?: readonly Place[] | undefined;
  /** The log that the setting `buildLogs` names. */
  readonly log?: LogPlace | undefined;
}

export interface PlaceQuestion {
  /** Absolute, with `/`. */
  readonly file: string;
  readonly text: string;
  readonly config: Config;
  /** The folder that the user names as the context, and how, where not on the command line. */
  readonly context?: string | undefined;
  readonly contextReason?: string | undefined;
  /** The workspace folder that the file lies in, where there is one. */
  readonly top?: string | undefined;
  /** What counts as the top of a file in no repository; its own folder where this is not told. */
  readonly around?: string | undefined;
  /** The builds that the workspace describes; none are looked for without it. */
  readonly builds?: Builds | undefined;
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
  const { file, context } = question;
  const top = await topOf(disk, question);
  const plan = planOf(file, (await question.builds?.in(top))?.builds ?? []);
  const declared = await existing(disk, plan.contexts);
  const root = context
    ? { folder: withSlashes(context), reason: question.contextReason ?? 'named on the command line' }
    : await chosen(disk, question, top, declared);
  const others = root === declared[0] ? declared.slice(1) : [];
  const log = configuredPath(question.config.buildLogs, file, top);
  return {
    ...(await placeIn(disk, question, root)),
    ...(plan.facts && { builds: plan.facts }),
    ...(log && { log: { name: log.name, file: log.path } }),
    ...(others.length > 0 && { others: await Promise.all(others.map((other) => placeIn(disk, question, other))) }),
  };
}

/** Folders that may be the context, each once: the one that is, what builds name, what would be found without them, the ends of the way up. */
export async function candidatePlaces(disk: Disk, question: PlaceQuestion): Promise<readonly ContextRoot[]> {
  const { file, config } = question;
  const top = await topOf(disk, question);
  const { contexts, candidates } = planOf(file, (await question.builds?.in(top))?.builds ?? []);
  const all = [
    await chosen(disk, question, top, await existing(disk, contexts)),
    ...(await existing(disk, candidates)),
    await chosen(disk, { ...question, config: { ...config, contexts: {} } }, top, []),
    { folder: path.posix.dirname(file), reason: "the Dockerfile's folder" },
    { folder: top, reason: question.top === undefined ? 'the top of the repository' : 'the workspace folder' },
  ];
  return all.filter(({ folder }, index) => all.findIndex((each) => each.folder === folder) === index);
}

/** The folder that a context cannot lie above, and in which other files tell of builds: the workspace, else the repository. */
export const topOf = async (
  disk: Disk,
  { file, top, around }: Pick<PlaceQuestion, 'file' | 'top' | 'around'>,
): Promise<string> => top ?? (await gitRoot(disk, path.posix.dirname(file))) ?? around ?? path.posix.dirname(file);

const chosen = (
  disk: Disk,
  question: PlaceQuestion,
  top: string,
  declared: readonly ContextRoot[],
): Promise<ContextRoot> => {
  const { file, text, config } = question;
  const graph = graphOf(question);
  return chooseContext(
    {
      dockerfile: file,
      top,
      sources: contextSources(graph),
      manifests: () => manifestsInContext(graph),
      named: () => pathsNamed(graph),
      configured: config.contexts,
      declared,
      commented: commentedContext(file, text, top),
    },
    { exists: disk.exists, names: async (folder) => (await disk.list(folder))?.map(({ name }) => `${name}`) ?? [] },
  );
};

async function existing(disk: Disk, roots: readonly ContextRoot[]): Promise<ContextRoot[]> {
  const found: ContextRoot[] = [];
  for (const root of roots) if ((await disk.stat(root.folder))?.isDirectory()) found.push(root);
  return found;
}

async function placeIn(disk: Disk, question: PlaceQuestion, root: ContextRoot): Promise<Place> {
  const own = relativePath(root.folder, question.file);
  const ignoreFile = await findIgnoreFile(disk, question.file, root.folder);
  return {
    ...root,
    dockerfile: own.startsWith('../') ? undefined : own,
    ignoreFile,
    ...(ignoreFile !== undefined && { present: await presentIn(disk, question, root.folder) }),
  };
}

async function presentIn(disk: Disk, question: PlaceQuestion, root: string): Promise<ReadonlySet<string>> {
  const present = new Set<string>();
  for (const source of contextSources(graphOf(question))) {
    const file = contextPath(source);
    if (file !== '' && !hasWildcards(file) && (await disk.exists(`${root}/${file}`))) present.add(file);
  }
  return present;
}

const graphOf = ({ text, config }: PlaceQuestion): BuildGraph =>
  buildGraph(parseDockerfile(text), buildOptions(config, undefined));

async function findIgnoreFile(disk: Disk, file: string, context: string): Promise<string | undefined> {
  for (const candidate of ignoreFiles(file, context)) if (await disk.exists(candidate)) return candidate;
  return undefined;
}

/** The nearest folder above with a `.git`, or the folder itself. */
async function gitRoot(disk: Disk, folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = path.posix.dirname(at)) {
    if (await disk.exists(`${at}/.git`)) return at;
    if (at === path.posix.dirname(at)) return undefined;
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
