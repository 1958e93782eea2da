import type { History } from '../workspace.ts';
/** How often the past changed some files: `touching` of the `commits` that git remembers. */
export interface Churn {
  readonly commits: number;
  readonly touching: number;
}

/** The files in question: a selection of the cache model, or any other set. */
export interface Files {
  readonly known: boolean;
  has(path: string): boolean;
}

const counted = new WeakMap<History, WeakMap<Files, Churn>>();

/** Fewer commits than this say nothing about the future. */
const fewest = 10;

/** How often commits touched some of the files; undefined without a history that says something. Counted once per history and set. */
export function churnOf(history: History | undefined, files: Files): Churn | undefined {
  if (!history || !files.known || history.commits.length < fewest) return undefined;
  const cached = counted.get(history) ?? new WeakMap<Files, Churn>();
  counted.set(history, cached);
  const found = cached.get(files) ?? count(history, files);
  cached.set(files, found);
  return found;
}

const count = ({ commits }: History, files: Files): Churn => ({
  commits: commits.length,
  touching: commits.filter((paths) => paths.some((path) => files.has(path))).length,
});
