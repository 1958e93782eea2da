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
import type { ContextSnapshot } from '../workspace.ts';

/** An ignore file, what it makes of its folder, and the Dockerfiles that are built with it. */
interface Ignoring {
  readonly file: IgnoreFile;
  readonly evaluation: Evaluation | undefined;
  readonly users: readonly { readonly graph: BuildGraph }[];
}

/** The context as it is and as it would be. What is not asked for is not made: a context may have 100,000 entries. */
interface Change {
  /** What is looked at with another ignore file. */
  readonly paths: readonly string[];
  readonly before: ContextSnapshot;
  readonly after: ContextSnapshot;
  /** Files and symbolic links that do not enter any more. */
  readonly gone: readonly string[];
}

function changeOf(file: IgnoreFile, evaluation: Evaluation, { matcher }: IgnoreFile, paths: readonly string[]): Change {
  const { folder, enters } = evaluation;
  const gone: string[] = [];
  const spared = new Set<string>();
  const folders = new Set<string>();
  for (const path of paths) {
    const start = indexOf(folder.listing, path);
    const end = folder.listing[start]?.type === 'directory' ? endOfFolder(folder.listing, start) : start + 1;
    for (let index = end - 1; index >= 0 && index >= start; index--) {
      const entry = folder.listing[index];
      if (!entry) continue;
      const stays = enters(index) && !matcher.matches(entry.path).ignored;
      if (stays || spared.has(entry.path)) spared.add(folderOf(entry.path));
      else if (entry.type === 'directory') folders.add(entry.path);
      else if (enters(index)) gone.push(entry.path);
    }
  }
  const without = new Set([...gone, ...folders]);
  const before = (): ContextSnapshot => snapshotUnder(file, evaluation);
  let after: ContextSnapshot | undefined;
  return {
    paths,
    gone,
    get before() {
      return before();
    },
    get after() {
      after ??= snapshotOf({ ...before(), entries: before().entries.filter(({ path }) => !without.has(path)) });
      return after;
    },
  };
}

type Effect = 'none' | 'changed' | 'broken';

/** What it does to the builds of one Dockerfile that files do not enter any more. */
function effectOn(graph: BuildGraph, change: Change): Effect {
  const effects = allContextSources(graph).map((source) => effectOnSource(graph, source, change));
  return effects.find((effect) => effect === 'broken') ?? effects.find((effect) => effect === 'changed') ?? 'none';
}

const liesIn = (folder: string, path: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`);

function effectOnSource(graph: BuildGraph, { step, path, known, filtered }: ContextSource, change: Change): Effect {
  const { paths, gone } = change;
  if (gone.length === 0) return 'none';
  if (!known || (path === '' && !filtered)) return 'changed';
  if (!filtered && !hasWildcards(path) && change.before.get(path)) {
    if (paths.some((each) => liesIn(each, path)) && !change.after.get(path)) return 'broken';
    return paths.some((each) => liesIn(path, each) || liesIn(each, path)) ? 'changed' : 'none';
  }
  const now = selectFor(graph, change.before, step);
  const then = selectFor(graph, change.after, step);
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
  const change = changeOf(file, evaluation, parseIgnore(applyEdits(file.text, edits)), paths);
  const effects = users.map(({ graph }) => effectOn(graph, change));
  if (effects.includes('broken')) return [];
  const isSafe = effects.length > 0 && !effects.includes('changed') && !evaluation.folder.truncated;
  return [isSafe ? { ...suggestion, applicability: 'safe' } : suggestion];
}
