import type { BuildGraph } from '../build/graph.ts';
import { selectFor } from '../cache/contents.ts';
import { allContextSources, type ContextSource } from '../cache/contextReads.ts';
import type { Evaluation } from '../context/evaluation.ts';
import { type IgnoreFile, parseIgnore } from '../context/ignore.ts';
import { endOfFolder, indexOf } from '../context/listing.ts';
import { folderOf } from '../context/path.ts';
import { hasWildcards } from '../context/pick.ts';
import { snapshotOf } from '../context/snapshot.ts';
import { snapshotUnder } from '../context/underIgnore.ts';
import { applyEdits, type Edit, type Fix } from '../fixes.ts';
import type { ContextSnapshot, Entry } from '../workspace.ts';

/** An ignore file, what it makes of its folder, and the Dockerfiles that are built with it. */
interface Ignoring {
  readonly file: IgnoreFile;
  readonly evaluation: Evaluation | undefined;
  readonly users: readonly { readonly graph: BuildGraph }[];
}

interface Without {
  readonly context: ContextSnapshot;
  /** Files and symbolic links that do not enter any more. */
  readonly gone: readonly string[];
}

/** The context when what lies at `paths` and below is looked at with another ignore file. */
function without(context: ContextSnapshot, { matcher }: IgnoreFile, paths: readonly string[]): Without {
  const { entries } = context;
  const affected = new Set<number>();
  for (const path of paths) {
    const start = indexOf(entries, path);
    const end = entries[start]?.type === 'directory' ? endOfFolder(entries, start) : start + 1;
    for (let index = start; index >= 0 && index < end; index++) affected.add(index);
  }
  const gone: string[] = [];
  const wanted = new Set<string>();
  const kept: Entry[] = [];
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index];
    if (!entry) continue;
    const { path, type } = entry;
    if (!affected.has(index) || wanted.has(path) || !matcher.matches(path).ignored) {
      kept.push(entry);
      wanted.add(folderOf(path));
    } else if (type !== 'directory') gone.push(path);
  }
  return { context: snapshotOf({ ...context, entries: kept.reverse() }), gone };
}

type Effect = 'none' | 'changed' | 'broken';

/** What it does to the builds of one Dockerfile that files do not enter any more. */
function effectOn(graph: BuildGraph, before: ContextSnapshot, after: Without, paths: readonly string[]): Effect {
  const effects = allContextSources(graph).map((source) => effectOnSource(graph, source, before, after, paths));
  return effects.find((effect) => effect === 'broken') ?? effects.find((effect) => effect === 'changed') ?? 'none';
}

const liesIn = (folder: string, path: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`);

function effectOnSource(
  graph: BuildGraph,
  { step, path, known, filtered }: ContextSource,
  before: ContextSnapshot,
  { context: after, gone }: Without,
  paths: readonly string[],
): Effect {
  if (gone.length === 0) return 'none';
  if (!known) return 'changed';
  if (!filtered && !hasWildcards(path) && before.get(path)) {
    if (!after.get(path)) return 'broken';
    return paths.some((each) => liesIn(path, each) || liesIn(each, path)) ? 'changed' : 'none';
  }
  if (path === '' && !filtered) return 'changed';
  const now = selectFor(graph, before, step);
  const then = selectFor(graph, after, step);
  if (then.missing.some((source) => !now.missing.includes(source))) return 'broken';
  return gone.some((each) => now.has(each)) ? 'changed' : 'none';
}

/**
 * An edit by which `paths`, and what is in them, are excluded as well. Safe where no step of the Dockerfiles reads any of it; none where a
 * source of one would be gone.
 */
export function excludeMore(
  { file, users, evaluation }: Ignoring,
  title: string,
  edits: readonly Edit[],
  paths: readonly string[],
): Fix[] {
  const suggestion: Fix = { title, applicability: 'suggestion', edits };
  if (!evaluation) return [suggestion];
  const before = snapshotUnder(file, evaluation);
  const after = without(before, parseIgnore(applyEdits(file.text, edits)), paths);
  const effects = users.map(({ graph }) => effectOn(graph, before, after, paths));
  if (effects.includes('broken')) return [];
  const isSafe = effects.length > 0 && !effects.includes('changed') && !before.truncated;
  return [isSafe ? { ...suggestion, applicability: 'safe' } : suggestion];
}
