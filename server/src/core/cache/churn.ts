import { perObject } from '../syntax/memo.ts';
import type { History } from '../workspace.ts';
/** How often the past changed some files: `touching` of the `commits` that git remembers. */
export interface Churn {
  readonly commits: number;
  readonly touching: number;
}

/** The files in question: a selection of the cache model, or any other set. */
export interface Files {
  readonly known: boolean;
  /** All that `has`, where that is listed. */
  readonly files?: readonly string[] | undefined;
  has(path: string): boolean;
}

/** Fewer commits than this say nothing about the future. */
const fewest = 10;

/** By path, the numbers of the commits that touched it, ascending. A commit may hold thousands of paths, and hovers ask of every file. */
export const commitsByPath = perObject(({ commits }: History): ReadonlyMap<string, readonly number[]> => {
  const found = new Map<string, number[]>();
  for (const [at, paths] of commits.entries())
    for (const path of paths) {
      const known = found.get(path);
      if (known) known.push(at);
      else found.set(path, [at]);
    }
  return found;
});

/** The commits that touched some of the files, by number. Found once per history and set. */
const touchedBy = perObject((history: History) =>
  perObject((files: Files): ReadonlySet<number> => {
    const byPath = commitsByPath(history);
    const touched = new Set<number>();
    const add = (commits: readonly number[] = []) => {
      for (const at of commits) touched.add(at);
    };
    if (files.files) for (const path of files.files) add(byPath.get(path));
    else
      for (const [path, commits] of byPath) if (commits.some((at) => !touched.has(at)) && files.has(path)) add(commits);
    return touched;
  }),
);

/** How often commits touched some of the files of any set; undefined without a history that says something. */
export function churnOf(history: History | undefined, ...all: readonly Files[]): Churn | undefined {
  if (!history || !all.every((files) => files.known) || history.commits.length < fewest) return undefined;
  const [first, ...others] = all.map((files) => touchedBy(history)(files));
  const touching = others.length > 0 ? new Set([...(first ?? []), ...others.flatMap((each) => [...each])]) : first;
  return { commits: history.commits.length, touching: touching?.size ?? 0 };
}
