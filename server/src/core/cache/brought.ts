import type { Step } from '../build/graph.ts';
import { baseName } from '../syntax/path.ts';
import type { ContextSnapshot } from '../workspace.ts';
import type { Model } from './model.ts';
import { absolute, contextFolderAt, destinationOf, join, within } from './placement.ts';

/** What of a COPY or ADD lies at a place of the image. `amount` is undefined where it is not known. */
export interface Brought {
  readonly step: Step;
  readonly amount: { readonly files: number; readonly bytes: number } | undefined;
}

export interface Where {
  readonly model: Model;
  readonly context: ContextSnapshot | undefined;
  /** Absolute paths of folders or files. */
  readonly paths: readonly string[];
}

/** Files so small that nobody cares, as their names tell; get-pip.py carries an archive. */
const isSmall = (path: string): boolean =>
  /(?<!get-pip)\.(asc|bash|conf|cfg|env|gpg|ini|json|list|lua|md|pl|properties|py|rb|repo|service|sh|toml|txt|xml|ya?ml)$|^\/etc\/(group|hostname|hosts|os-release|passwd|timezone)$/.test(
    path,
  );

export const isBelow = (path: string, folders: readonly string[]): boolean =>
  folders.some((folder) => within(folder, path) !== undefined);

/** The files of the context that a COPY or ADD puts at or below the paths; undefined where that is not known. */
export function filesAt({ model, context, paths }: Where, step: Step): string[] | undefined {
  const { copy } = step;
  if (!copy || copy.from || copy.urls.length > 0 || copy.heredocs.length > 0) return undefined;
  const selection = model.selection(step);
  if (!selection.known) return undefined;
  if (isBelow(destinationOf(step) ?? '', paths)) return [...selection.files];
  const sources = paths.map((path) => contextFolderAt(step, path, context)).filter((source) => source !== undefined);
  const single = copy.sources.filter((source) => isBelow(placeOf(step, source.text), paths));
  const wanted = [...sources, ...single.map(({ text }) => absolute(text).slice(1))];
  return wanted.length === 0 ? [] : selection.files.filter((file) => isBelow(file, wanted));
}

/** Where a source that is a single file goes. */
function placeOf(step: Step, source: string): string {
  const { copy } = step;
  const destination = destinationOf(step) ?? '/';
  const isFolder =
    /(\/|\/\.)$/.test(copy?.destination ?? '') || (copy?.sources.length ?? 0) + (copy?.urls.length ?? 0) > 1;
  return isFolder ? join(destination, baseName(source.replace(/[?#].*$/, '').replace(/\/$/, ''))) : destination;
}

/** What a COPY or ADD puts at or below the paths; undefined where that is nothing, or certainly not worth a word. */
export function broughtBy(where: Where, step: Step): Brought | undefined {
  const { copy } = step;
  if (!copy) return undefined;
  const files = filesAt(where, step);
  if (files) {
    const bytes = files.reduce((sum, file) => sum + (where.context?.get(file)?.size ?? 0), 0);
    return files.length > 0 ? { step, amount: { files: files.length, bytes } } : undefined;
  }
  const unclear = [...copy.sources, ...copy.urls].filter(
    ({ text }) => !isSmall(text) && isBelow(placeOf(step, text), where.paths),
  );
  return unclear.length > 0 ? { step, amount: undefined } : undefined;
}
