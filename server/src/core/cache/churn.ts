import type { History } from '../workspace.ts';
import type { Selection } from './model.ts';

/** How often the past changed some files: `touching` of the `commits` that git remembers. */
export interface Churn {
  readonly commits: number;
  readonly touching: number;
}

const known = new WeakMap<History, WeakMap<Selection, Churn>>();

/** Fewer commits than this say nothing about the future. */
const fewest = 10;

/** How often commits touched the selected files; undefined without a history that says something. */
export function churn(history: History | undefined, selection: Selection): Churn | undefined {
  if (!history || !selection.known || history.commits.length < fewest) return undefined;
  const cached = known.get(history) ?? new WeakMap<Selection, Churn>();
  known.set(history, cached);
  const found = cached.get(selection) ?? count(history, selection);
  cached.set(selection, found);
  return found;
}

const count = ({ commits }: History, selection: Selection): Churn => ({
  commits: commits.length,
  touching: commits.filter((paths) => paths.some((path) => selection.has(path))).length,
});
