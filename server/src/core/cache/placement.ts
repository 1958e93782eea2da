import type { CopySpec, Step } from '../build/graph.ts';
import { perObject } from '../syntax/memo.ts';
import { baseName } from '../syntax/path.ts';
import type { ContextSnapshot } from '../workspace.ts';

/** Resolves `.`, `..` and double slashes of an absolute path. */
export function absolute(path: string, base = '/'): string {
  if (path.length > 1 && path.startsWith('/') && !/\/(\.{0,2})(\/|$)/.test(path)) return path;
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${base}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** `path` relative to `folder`, '' for the folder itself; undefined where it lies outside. Both absolute, or both context-relative. */
export function within(folder: string, path: string): string | undefined {
  if (path === folder) return '';
  if (!path.startsWith(folder)) return undefined;
  if (folder === '' || folder.endsWith('/')) return path.slice(folder.length);
  return path[folder.length] === '/' ? path.slice(folder.length + 1) : undefined;
}

export const join = (folder: string, rest: string): string =>
  rest === '' ? folder : folder === '' ? rest : `${folder.replace(/\/$/, '')}/${rest}`;

const inImage = perObject(({ copy, workdir }: Step): string | undefined => copy && absolute(copy.destination, workdir));

/** Whether the destination of a COPY or ADD is written as a place below the WORKDIR; false where a variable begins it. */
export const isRelative = ({ instruction }: Step): boolean =>
  /^["']?[^/$"']/.test(instruction.args.at(-1)?.text ?? '/');

/** Where a COPY or ADD puts its files, absolute and without a trailing slash; undefined for other steps. */
export const destinationOf = (step: Step): string | undefined => step.copy && inImage(step);

/** A folder of the context whose content a COPY puts into a folder of the image. */
interface CopiedFolder {
  readonly source: string;
  readonly destination: string;
}

const contextPath = (source: string): string => absolute(source).slice(1);

interface Copied {
  readonly context: ContextSnapshot | undefined;
  readonly folders: readonly CopiedFolder[];
}

const noFolders: readonly CopiedFolder[] = [];
const copied = new WeakMap<CopySpec, Copied>();

/** The folders of the build context whose content a COPY or ADD puts somewhere; sources that are files, globs or come from elsewhere have none. */
function copiedFolders(step: Step, context: ContextSnapshot | undefined): readonly CopiedFolder[] {
  const { copy } = step;
  if (!copy || copy.from) return noFolders;
  const known = copied.get(copy);
  if (known && known.context === context) return known.folders;
  const folders = findFolders(step, copy, context);
  copied.set(copy, { context, folders });
  return folders;
}

function findFolders(step: Step, copy: CopySpec, context: ContextSnapshot | undefined): CopiedFolder[] {
  const destination = absolute(copy.destination, step.workdir);
  return copy.sources
    .map(({ text }) => contextPath(text))
    .filter((source) => source === '' || context?.get(source)?.type === 'directory')
    .map((source) => ({ source, destination: copy.parents ? join(destination, source) : destination }));
}

/**
 * The context folder whose content the image has at `folder` (absolute) after `step`: COPY `web /app` puts `web/api` to `/app/api`.
 * Undefined where the step copies no such folder.
 */
export function contextFolderAt(step: Step, folder: string, context: ContextSnapshot | undefined): string | undefined {
  for (const { source, destination } of copiedFolders(step, context)) {
    const rest = within(destination, folder);
    if (rest !== undefined) return join(source, rest);
  }
  return undefined;
}

/** Where a COPY or ADD puts a file of the context, absolute; undefined where it does not copy it, or through a glob into an unclear place. */
export function imagePath(step: Step, file: string, context: ContextSnapshot | undefined): string | undefined {
  const { copy } = step;
  if (!copy || copy.from) return undefined;
  for (const { source, destination } of copiedFolders(step, context)) {
    const rest = within(source, file);
    if (rest !== undefined) return join(destination, rest);
  }
  return placedFile(step, file);
}

function placedFile(step: Step, file: string): string | undefined {
  const { copy } = step;
  if (!copy?.sources.some(({ text }) => globMatches(contextPath(text), file))) return undefined;
  const destination = absolute(copy.destination, step.workdir);
  if (copy.parents) return join(destination, file);
  const isFolder =
    copy.destination.endsWith('/') ||
    copy.sources.length > 1 ||
    copy.sources.some(({ text }) => /[*?[]/.test(text)) ||
    /(^|\/)\.\.?$/.test(copy.destination);
  return isFolder ? join(destination, baseName(file)) : destination;
}

/** Whether a source names a file, for sources without character classes: these are left to whoever needs exactness. */
function globMatches(source: string, file: string): boolean {
  if (!/[*?[]/.test(source)) return source === file;
  const pattern = source
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  try {
    return new RegExp(`^${pattern}$`).test(file);
  } catch {
    return false;
  }
}
