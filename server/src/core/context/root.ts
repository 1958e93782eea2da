import { minimatch } from 'minimatch';
import { cleanPath } from '../build/paths.ts';
import { isDockerfileName, isIgnoreFileName } from '../filenames.ts';
import { baseName } from '../syntax/path.ts';
import { parseGlob } from './glob.ts';
import { folderOf } from './path.ts';
import { hasWildcards } from './pick.ts';
import { contextPath } from './resolve.ts';

/** What is on the disk. Paths are absolute, with `/`. */
export interface Lookup {
  exists(path: string): Promise<boolean>;
  /** Names in a folder; none where there is no such folder. */
  names(folder: string): Promise<readonly string[]>;
}

export interface ContextQuestion {
  /** Absolute, with `/`, as all paths here. */
  readonly dockerfile: string;
  /** The folder that the context cannot lie above: the workspace folder or the git root. */
  readonly top: string;
  /** What the Dockerfile reads from its context: see `contextSources`. */
  readonly sources: readonly string[];
  /** Files without which its installs fail and that a copy of the whole context must bring, context-relative: see `manifestsInContext`. */
  readonly manifests?: (() => readonly string[]) | undefined;
  /** Relative paths that its RUNs name. */
  readonly named?: (() => readonly string[]) | undefined;
  /** The setting `contexts`: glob of Dockerfiles → folder, both relative to `top`. */
  readonly configured?: Readonly<Record<string, string>> | undefined;
  /** What the workspace's own builds name; they count where the setting does not. */
  readonly declared?: readonly ContextRoot[] | undefined;
  /** What a comment of the Dockerfile says: it counts where no other folder has more of what is copied. */
  readonly commented?: ContextRoot | undefined;
}

export interface ContextRoot {
  readonly folder: string;
  /** As a clause: "the Dockerfile's folder". */
  readonly reason: string;
}

/**
 * The build context of a Dockerfile: the folder that is set; else the one that a build of the workspace names; else the one of a comment; else the Dockerfile's own or the nearest one above it that
 * has all that is copied from the context; else the nearest of those that have most of it. Where an install needs manifests of which nothing is there, it is the nearest
 * folder above that has them as well; where a RUN names a file, or a WORKDIR a folder, by its path from a folder above, it is that folder. Where the whole context is copied and the
 * Dockerfile's folder holds nothing but Dockerfiles, it is a folder above: the nearest with an ignore file, else the topmost.
 */
export async function chooseContext(question: ContextQuestion, lookup: Lookup): Promise<ContextRoot> {
  const named = configuredContext(question) ?? question.declared?.[0];
  if (named) return named;
  const found = await guessed(question, lookup);
  const { commented, sources } = question;
  if (!commented) return found;
  const [here, there] = [commented.folder, found.folder].map((folder) => countFound(folder, sources, lookup));
  return ((await here) ?? 0) >= ((await there) ?? 0) ? commented : found;
}

async function guessed(question: ContextQuestion, lookup: Lookup): Promise<ContextRoot> {
  const { dockerfile, top, sources } = question;
  const own: ContextRoot = { folder: folderOf(dockerfile) || '/', reason: "the Dockerfile's folder" };
  if (await isElsewhere(question, own.folder, lookup)) return outerContext(own, top, lookup);
  let best = own;
  let most = -1;
  for (const folder of foldersUpTo(own.folder, top)) {
    const found = await countFound(folder, sources, lookup);
    const reason = `the nearest folder that has ${found === sources.length ? 'all that' : 'most of what'} the Dockerfile copies`;
    if (found > most) best = folder === own.folder ? own : { folder, reason };
    most = Math.max(most, found);
    if (found === sources.length) break;
  }
  return withManifests(question, best, lookup);
}

/** What others have written lies there, without its own manifests: those above are of something else. */
const vendored = /(^|\/)(vendor|node_modules|third_party)(\/|$)/;

async function withManifests(question: ContextQuestion, root: ContextRoot, lookup: Lookup): Promise<ContextRoot> {
  const { top, sources } = question;
  const outer = sources.some(isWhole) ? await namedFrom(question, root, lookup) : undefined;
  if (outer) return outer;
  const manifests = sources.some(isWhole) ? (question.manifests?.() ?? []) : [];
  if (
    manifests.length === 0 ||
    vendored.test(relativePath(top, root.folder)) ||
    (await hasSome(root.folder, manifests, lookup))
  )
    return root;
  const reason = 'the nearest folder that has the manifests of what the Dockerfile installs';
  for (const folder of foldersUpTo(root.folder, top)) {
    const wanted = [...sources, ...manifests];
    if ((await countFound(folder, wanted, lookup)) === wanted.length) return { folder, reason };
  }
  return root;
}

/** The folder above from which a RUN names a file of `root`, or a WORKDIR `root` itself: `dart compile exe pkg/proxy/bin/server.dart` in `pkg/proxy`. */
async function namedFrom(
  { top, named }: ContextQuestion,
  root: ContextRoot,
  lookup: Lookup,
): Promise<ContextRoot | undefined> {
  for (const folder of foldersUpTo(root.folder, top)) {
    const own = relativePath(folder, root.folder);
    const paths = own.includes('/')
      ? (named?.() ?? []).filter((path) => path === own || path.startsWith(`${own}/`))
      : [];
    for (const path of paths)
      if ((await lookup.exists(`${folder}/${path}`)) && !(await lookup.exists(`${root.folder}/${path}`)))
        return { folder, reason: 'the folder from which a RUN or WORKDIR names its files' };
  }
  return undefined;
}

/** Whether a manifest is there, or what one is made of: `package.json.hbs`, `_package.json`. */
async function hasSome(root: string, manifests: readonly string[], lookup: Lookup): Promise<boolean> {
  for (const manifest of manifests) {
    const base = baseName(manifest);
    const names = await lookup.names(`${root}/${folderOf(manifest)}`.replace(/\/+$/, ''));
    if (names.some((name) => name.includes(base))) return true;
  }
  return false;
}

const isWhole = (source: string): boolean => contextPath(source) === '';

async function isElsewhere({ sources }: ContextQuestion, own: string, lookup: Lookup): Promise<boolean> {
  if (sources.length === 0 || !sources.every(isWhole)) return false;
  const names = await lookup.names(own);
  return names.length > 0 && names.every((name) => isDockerfileName(name) || isIgnoreFileName(name));
}

async function outerContext(own: ContextRoot, top: string, lookup: Lookup): Promise<ContextRoot> {
  const reason = "the Dockerfile's own folder holds nothing else";
  let outermost = own;
  for (const folder of foldersUpTo(own.folder, top)) {
    if (folder === own.folder) continue;
    outermost = { folder, reason };
    if (await lookup.exists(`${folder}/.dockerignore`)) break;
  }
  return outermost;
}

function configuredContext({ dockerfile, top, configured = {} }: ContextQuestion): ContextRoot | undefined {
  const set = configuredPath(configured, dockerfile, top);
  return set && { folder: set.path, reason: 'set by cacheLens.contexts' };
}

/** What a setting from Dockerfiles (globs) to paths says of one, all relative to `top`: as written, and absolute. */
export function configuredPath(
  setting: Readonly<Record<string, string>>,
  dockerfile: string,
  top: string,
): { readonly name: string; readonly path: string } | undefined {
  const own = relativePath(top, dockerfile);
  const match = Object.entries(setting).find(([glob]) => minimatch(own, glob.replace(/^\.?\//, ''), { dot: true }));
  if (!match) return undefined;
  const [, name] = match;
  const isAbsolute = /^(\/|[A-Za-z]:[\\/])/.test(name);
  return { name, path: cleanPath(isAbsolute ? name : `${top}/${name}`) };
}

/** `path` as seen from `folder`, `..` included; both absolute. */
export function relativePath(folder: string, path: string): string {
  const from = folder.split('/').filter(Boolean);
  const to = path.split('/').filter(Boolean);
  const differs = from.findIndex((part, index) => part !== to[index]);
  const shared = differs < 0 ? from.length : differs;
  return [...from.slice(shared).map(() => '..'), ...to.slice(shared)].join('/');
}

function* foldersUpTo(folder: string, top: string): Generator<string> {
  for (let at = folder; ; at = folderOf(at) || '/') {
    yield at;
    if (at === top || at === '/' || !at.startsWith(top === '/' ? top : `${top}/`)) return;
  }
}

async function countFound(folder: string, sources: readonly string[], lookup: Lookup): Promise<number> {
  let found = 0;
  for (const source of sources) if (await isThere(folder, contextPath(source).split('/'), lookup)) found++;
  return found;
}

async function isThere(folder: string, [part = '', ...rest]: readonly string[], lookup: Lookup): Promise<boolean> {
  if (part === '') return true;
  const below = (name: string): string => (folder === '/' ? `/${name}` : `${folder}/${name}`);
  if (!hasWildcards(part)) {
    if (rest.some(hasWildcards)) return isThere(below(part), rest, lookup);
    return lookup.exists(below([part, ...rest].join('/')));
  }
  const glob = parseGlob(part);
  for (const name of await lookup.names(folder))
    if (glob.matches(name) && (rest.length === 0 || (await isThere(below(name), rest, lookup)))) return true;
  return false;
}

/** The ignore files that count for a Dockerfile, the first that exists alone: BuildKit's frontend/dockerui/config.go. */
export const ignoreFiles = (dockerfile: string, context: string): readonly string[] => [
  `${dockerfile}.dockerignore`,
  `${context === '/' ? '' : context}/.dockerignore`,
];
