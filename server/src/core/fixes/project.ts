import { ancestors, type Step } from '../build/graph.ts';
import { absolute, contextFolderAt, imagePath, isRelative, join, within } from '../cache/placement.ts';
import { folderOf } from '../context/path.ts';
import { contextPath } from '../context/resolve.ts';
import { managers } from '../managers/index.ts';
import { startsAnywhere } from '../managers/locations.ts';
import type { Call, Project } from '../managers/manager.ts';
import { normalize } from '../managers/paths.ts';
import { baseName } from '../syntax/path.ts';
import type { ContextSnapshot } from '../workspace.ts';

/** The project that a call works on; undefined where the folder it runs in comes from nowhere that is known. */
export function projectOf(call: Call, context: ContextSnapshot | undefined): Project | undefined {
  const directory = context && call.cwd !== undefined ? contextFolder(call.step, call.cwd, context) : undefined;
  return context && directory !== undefined ? { directory, context } : undefined;
}

interface Folders {
  readonly context: ContextSnapshot;
  readonly byPath: Map<string, string | undefined>;
}

const answers = new WeakMap<Step, Folders>();

/**
 * The folder of the build context that the image has at `folder` when `step` runs: the latest COPY of a folder that is a project decides, as a folder of configuration may be put beside
 * the manifests; else the latest COPY of a folder, else one of a file there.
 * Several rules ask for each call of a RUN, so that answers are remembered.
 */
export function contextFolder(step: Step, folder: string, context: ContextSnapshot): string | undefined {
  const known = answers.get(step);
  const { byPath } = known?.context === context ? known : { byPath: new Map<string, string | undefined>() };
  if (byPath !== known?.byPath) answers.set(step, { context, byPath });
  if (!byPath.has(folder)) byPath.set(folder, findFolder(step, folder, context));
  return byPath.get(folder);
}

function findFolder(step: Step, folder: string, context: ContextSnapshot): string | undefined {
  const bound = step.mounts.flatMap(({ type, from, source = '', target }) =>
    type === 'bind' && from === undefined && target !== undefined
      ? [{ source: normalize(source.replace(/^\/+/, '')), place: absolute(target) }]
      : [],
  );
  const isFolder = (path: string | undefined): path is string =>
    path !== undefined && (path === '' || context.get(path)?.type === 'directory');
  // A mount lies over what a COPY brought.
  for (const { source, place } of bound) {
    const rest = within(place, folder);
    const found = rest === undefined ? undefined : normalize(`${source}/${rest}`.replace(/^\/+/, ''));
    if (isFolder(found)) return found;
  }
  const isUnsure = startsAnywhere(step, folder);
  // Where `/` may be another folder, only a relative destination leads to it.
  const before = [...ancestors(step)]
    .reverse()
    .filter((each) => each.copy !== undefined && (!isUnsure || isRelative(each)));
  let latest: string | undefined;
  for (const each of before) {
    const found = folderOfFiles(each, folder, context) ?? contextFolderAt(each, folder, context);
    if (!isFolder(found)) continue;
    if (holdsProject(found, context)) return found;
    latest ??= found;
  }
  if (latest !== undefined) return latest;
  const copied = before.flatMap((each) =>
    (each.copy?.sources ?? []).flatMap(({ text }) => {
      const source = normalize(text.replace(/^\/+/, ''));
      const place = imagePath(each, source, context);
      return place === undefined ? [] : [{ source, place }];
    }),
  );
  for (const { source, place } of [...bound, ...copied]) {
    const found = folderBeside(source, place, folder, context);
    if (found !== undefined) return found;
  }
  return undefined;
}

const manifestNames = managers.flatMap(({ manifests }) => manifests).filter((name) => !/[*?[]/.test(name));

const holdsProject = (folder: string, context: ContextSnapshot): boolean =>
  manifestNames.some((name) => context.get(join(folder, name))?.type === 'file');

/** Of a COPY that brings files and the content of a folder to one place, where the files are from: manifests are files. */
function folderOfFiles(step: Step, folder: string, context: ContextSnapshot): string | undefined {
  const sources = step.copy?.from || (step.copy?.sources.length ?? 0) < 2 ? [] : (step.copy?.sources ?? []);
  for (const { text } of sources) {
    const source = contextPath(text);
    const place = context.get(source)?.type === 'file' ? imagePath(step, source, context) : undefined;
    const found = place === undefined ? undefined : folderBeside(source, place, folder, context);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The context folder that a COPY or a bind mount shows the image's `folder` to be: `COPY web/package.json /app/` makes /app the context's `web`.
 * So does `COPY src /app/src` with /app and the context itself: the folder keeps its name, and its place below what was around it.
 */
function folderBeside(source: string, place: string, folder: string, context: ContextSnapshot): string | undefined {
  if (source === '' || (folderOf(place) || '/') !== folder.replace(/(?<=.)\/$/, '')) return undefined;
  const isFolder = context.get(source)?.type === 'directory';
  return isFolder && baseName(source) !== baseName(place) ? undefined : folderOf(source);
}
