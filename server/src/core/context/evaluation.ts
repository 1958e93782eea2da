import type { IgnoredFolder } from '../workspace.ts';
import type { IgnoreFile } from './ignore.ts';
import type { Level } from './patternMatcher.ts';

/** Files and symbolic links, and their bytes. */
export interface Count {
  files: number;
  bytes: number;
}

/** What one pattern decides: for an exclusion what it keeps out, for an exception what it brings back. */
export interface Tally extends Count {
  /** The first few paths. */
  readonly examples: readonly string[];
  /** Folders that nobody has counted: what is in them comes on top. */
  readonly uncounted: readonly string[];
}

/** What an ignore file makes of the folder that it speaks of. */
export interface Evaluation {
  readonly folder: IgnoredFolder;
  /** For each entry of the listing the index of the pattern that decides for it; -1 where none does. */
  readonly decided: Int32Array;
  readonly entering: Count;
  /** Less what is in `uncounted`. */
  readonly excluded: Count;
  readonly uncounted: readonly string[];
  enters(index: number): boolean;
  /** Of a pattern by its index in the file. */
  tally(pattern: number): Tally;
}

interface OpenFolder {
  readonly prefix: string;
  readonly level: Level;
}

const mostExamples = 3;

const emptyTally = () => ({ files: 0, bytes: 0, examples: [] as string[], uncounted: [] as string[] });

/** Decides for each entry of a folder; pauses now and then, so that long listings can be worked off in pieces. */
export function* evaluateSteps(file: IgnoreFile, folder: IgnoredFolder): Generator<undefined, Evaluation> {
  const { listing } = folder;
  const { walker } = file.matcher;
  const decided = new Int32Array(listing.length).fill(-1);
  let inner: OpenFolder = { prefix: '', level: walker.root };
  const open = [inner];
  for (let index = 0; index < listing.length; index++) {
    if ((index & 2047) === 2047) yield;
    const { path = '', type } = listing[index] ?? {};
    while (!path.startsWith(inner.prefix)) {
      open.pop();
      inner = open.at(-1) ?? inner;
    }
    if (type === 'directory') {
      inner = { prefix: `${path}/`, level: walker.directory(path, inner.level) };
      open.push(inner);
      decided[index] = inner.level.deciding;
    } else decided[index] = walker.decide(path, inner.level);
  }
  return yield* summarize(file, folder, decided);
}

function* summarize(
  { patterns }: IgnoreFile,
  folder: IgnoredFolder,
  decided: Int32Array,
): Generator<undefined, Evaluation> {
  const { listing, counted } = folder;
  const tallies = [-1, ...patterns.keys()].map(emptyTally);
  const unlisted = new Set(folder.unlisted);
  const enters = (index: number): boolean => patterns[decided[index] ?? -1]?.negated !== false;
  for (const [index, { path, type, size }] of listing.entries()) {
    if ((index & 8191) === 8191) yield;
    const tally = tallies[(decided[index] ?? -1) + 1];
    if (!tally) continue;
    const isFolder = type === 'directory';
    const hidden = isFolder && unlisted.has(path) ? counted.get(path) : undefined;
    if (isFolder && unlisted.has(path) && !hidden) tally.uncounted.push(path);
    tally.files += hidden?.files ?? Number(!isFolder);
    tally.bytes += hidden?.bytes ?? size;
    if (tally.examples.length < mostExamples && (!isFolder || unlisted.has(path))) tally.examples.push(path);
  }
  const sum = (entering: boolean): Count =>
    tallies.reduce(
      (all, { files, bytes }, index) =>
        (patterns[index - 1]?.negated === false) === entering
          ? all
          : { files: all.files + files, bytes: all.bytes + bytes },
      { files: 0, bytes: 0 },
    );
  return {
    folder,
    decided,
    enters,
    entering: sum(true),
    excluded: sum(false),
    uncounted: tallies.flatMap(({ uncounted }) => uncounted),
    tally: (pattern) => tallies[pattern + 1] ?? emptyTally(),
  };
}

/** The same at once. */
export function evaluate(file: IgnoreFile, folder: IgnoredFolder): Evaluation {
  const steps = evaluateSteps(file, folder);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
