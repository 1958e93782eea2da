import type { ContextSnapshot, Entry } from '../workspace.ts';
import type { Evaluation } from './evaluation.ts';
import type { IgnoreFile } from './ignore.ts';
import { indexOf } from './listing.ts';
import { folderOf } from './path.ts';
import { snapshotOf } from './snapshot.ts';

const made = new WeakMap<Evaluation, ContextSnapshot>();

/** The context that an ignore file leaves of its folder. */
export function snapshotUnder(file: IgnoreFile, evaluation: Evaluation): ContextSnapshot {
  const known = made.get(evaluation) ?? makeSnapshot(file, evaluation);
  made.set(evaluation, known);
  return known;
}

function makeSnapshot({ text }: IgnoreFile, evaluation: Evaluation): ContextSnapshot {
  const { folder, excluded, uncounted } = evaluation;
  const { listing, texts, unlisted, truncated, root, path } = folder;
  const isHidden = (asked: string): boolean => truncated || unlisted.some((each) => asked.startsWith(`${each}/`));
  return snapshotOf({
    root,
    reason: 'its ignore file lies there',
    entries: enteringEntries(evaluation),
    ignore: { path, text },
    excluded,
    uncounted,
    truncated,
    folder: { listing, texts },
    exists: (asked) => asked === '' || indexOf(listing, asked) >= 0 || (isHidden(asked) ? undefined : false),
    text: (asked) => texts.get(asked),
  });
}

/** Folders that are excluded themselves come along with what enters in them. */
function enteringEntries({ folder: { listing }, enters }: Evaluation): Entry[] {
  const entering: Entry[] = [];
  const wanted = new Set<string>();
  for (let index = listing.length - 1; index >= 0; index--) {
    const entry = listing[index];
    if (!entry || !(enters(index) || wanted.has(entry.path))) continue;
    entering.push(entry);
    wanted.add(folderOf(entry.path));
  }
  return entering.reverse();
}
