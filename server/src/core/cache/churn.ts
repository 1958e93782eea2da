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
  has(path: string): boolean;
}

/** Fewer commits than this say nothing about the future. */
const fewest = 10;

/** The commits that touched some of the files, by number. Found once per history and set. */
const touchedBy = perObject(({ commits }: History) =>
  perObject(
    (files: Files): ReadonlySet<number> =>
      new Set(commits.flatMap((paths, at) => (paths.some((path) => files.has(path)) ? [at] : []))),
  ),
);

/** How often commits touched some of the files of any set; undefined without a history that says something. */
export function churnOf(history: History | undefined, ...all: readonly Files[]): Churn | undefined {
  if (!history || !all.every((files) => files.known) || history.commits.length < fewest) return undefined;
  const [first, ...others] = all.map((files) => touchedBy(history)(files));
  const touching = others.length > 0 ? new Set([...(first ?? []), ...others.flatMap((each) => [...each])]) : first;
  return { commits: history.commits.length, touching: touching?.size ?? 0 };
}
