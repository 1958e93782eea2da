import { memoize } from '../syntax/memo.ts';
import type { ContextSnapshot, Entry } from '../workspace.ts';
import { entering } from './entering.ts';
import { parseIgnore } from './ignore.ts';
import { indexOf, type Listing, toListing } from './listing.ts';

export interface SnapshotInput {
  readonly root: string;
  readonly reason?: string | undefined;
  /** Of the folder, in any order; folders that hold something need not be named. */
  readonly entries: readonly Entry[];
  /** Entries that the ignore file leaves out are dropped and counted. */
  readonly ignore?: ContextSnapshot['ignore'];
  readonly dockerfile?: string | undefined;
  /** Text and digest of files by path. */
  readonly text?: ((path: string) => string | undefined) | undefined;
  readonly digest?: ((path: string) => string | undefined) | undefined;
}

/** A context from the listing of its folder. */
export function makeSnapshot(input: SnapshotInput): ContextSnapshot {
  const listing = toListing(input.entries);
  const matcher = input.ignore && parseIgnore(input.ignore.text).matcher;
  let texts: ReadonlyMap<string, string> | undefined;
  const { entries, excluded } = matcher ? entering(listing, matcher) : { entries: listing, excluded: noneExcluded };
  return snapshotOf({
    ...input,
    reason: input.reason ?? "the Dockerfile's folder",
    entries,
    excluded,
    truncated: false,
    exists: (path) => path === '' || indexOf(listing, path) >= 0,
    folder: {
      listing,
      get texts() {
        texts ??= textsOf(listing, input.text);
        return texts;
      },
    },
  });
}

const textsOf = (listing: Listing, text: SnapshotInput['text']): ReadonlyMap<string, string> =>
  new Map(
    listing.flatMap(({ path, type }) => {
      const found = type === 'file' ? text?.(path) : undefined;
      return found === undefined ? [] : [[path, found] as const];
    }),
  );

const noneExcluded = { files: 0, bytes: 0 };

type Given =
  | 'root'
  | 'reason'
  | 'excluded'
  | 'uncounted'
  | 'truncated'
  | 'exists'
  | 'unreadable'
  | 'refused'
  | 'folder';

/** What a host has gathered; `entries` are those that enter. */
export type SnapshotParts = Pick<ContextSnapshot, Given> &
  Pick<SnapshotInput, 'ignore' | 'dockerfile' | 'text' | 'digest'> & { readonly entries: Listing };

/** Characters of paths remembered: rules ask for the same few after each keystroke. */
const memoLimit = 50_000;

export function snapshotOf(parts: SnapshotParts): ContextSnapshot {
  const { entries } = parts;
  const find = memoize(memoLimit, (path): Entry | null => entries[indexOf(entries, path)] ?? null);
  const get = (path: string): Entry | undefined => find(path) ?? undefined;
  return {
    ...parts,
    ignore: parts.ignore,
    dockerfile: parts.dockerfile,
    get,
    text: (path) => (get(path) ? parts.text?.(path) : undefined),
    digest: (path) => (get(path) ? parts.digest?.(path) : undefined),
  };
}

/** A snapshot of files given by their text, for tests and examples; the ignore file and the Dockerfile among them are in force. */
export function snapshotOfTexts(
  files: Readonly<Record<string, string>>,
  { root = '/context', dockerfile = 'Dockerfile' }: { root?: string; dockerfile?: string } = {},
): ContextSnapshot {
  const texts = new Map(Object.entries(files));
  const ignorePath = [`${dockerfile}.dockerignore`, '.dockerignore'].find((path) => texts.has(path));
  return makeSnapshot({
    root,
    entries: [...texts].map(([path, text]) => ({ path, type: 'file', size: text.length, mode: 0o644 })),
    ignore: ignorePath === undefined ? undefined : { path: ignorePath, text: texts.get(ignorePath) ?? '' },
    dockerfile,
    text: (path) => texts.get(path),
  });
}
