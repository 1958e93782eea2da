import { type BuildGraph, reachableStages, type Stage, type Step } from '../../build/graph.ts';
import { contextSourcesIn } from '../../cache/contextReads.ts';
import type { Model } from '../../cache/model.ts';
import { within } from '../../cache/placement.ts';
import { bytes, listing, plural } from '../../prose.ts';
import type { Span } from '../../syntax/span.ts';
import type { ContextSnapshot, Facts } from '../../workspace.ts';
import { type Candidate, candidatesIn, partOf } from './candidates.ts';
import { harmless } from './harmless.ts';

/** A COPY, ADD or bind mount of a whole folder. */
export interface BroadCopy {
  readonly step: Step;
  /** Of the folder in the instruction. */
  readonly span: Span;
  /** '' is the root. */
  readonly path: string;
}

/** What a build gets with whole folders although nothing reads it. */
export interface Needless {
  /** What brings most of it. */
  readonly copy: BroadCopy;
  /** What enters and can be kept out, the largest first. */
  readonly entering: readonly Candidate[];
  /** What an ignore file for this folder would name besides: it is not there now, or is no gain by itself. */
  readonly besides: readonly Candidate[];
  readonly files: number;
  readonly bytes: number;
}

/** Less is not worth a word: a small example, or a folder that holds little but its sources. */
const fewFiles = 20;
const fewBytes = 1_000_000;

/** A part of a rule's context. */
interface NeedlessFor {
  readonly model: Model;
  readonly facts: Pick<Facts, 'history'>;
  ofEachStage(count: (stage: Stage) => number): readonly number[];
}

export function needlessIn({ model, facts, ofEachStage }: NeedlessFor, context: ContextSnapshot): Needless | undefined {
  const counts = ofEachStage((stage) => broadCopiesIn(context, model.graph, stage).length);
  const all = counts.some((count) => count > 0) ? candidatesIn(context) : [];
  if (!isWorthIt(all.filter(({ kind }) => !kind.tracked))) return undefined;
  const copies = broadCopies(context, model);
  const enters = (root: string): boolean => copies.some((copy) => brings(model, copy, root));
  const entered = (each: Candidate): Candidate[] =>
    each.kind.tracked ? [] : [partOf(each, enters)].filter((part) => part !== undefined);
  if (!isWorthIt(all.flatMap(entered))) return undefined;
  const wanted = harmless(context, model.graph, all, facts.history?.forced);
  const entering = wanted
    .flatMap(entered)
    .map((each) => ({ each, ...gainOf([each]) }))
    .sort((a, b) => b.bytes - a.bytes || b.files - a.files)
    .map(({ each }) => each);
  if (!isWorthIt(entering)) return undefined;
  const gainOfCopy = (copy: BroadCopy): number => gainOf(entering, (path) => brings(model, copy, path)).bytes;
  const [copy] = copies.map((each) => ({ each, gain: gainOfCopy(each) })).sort((a, b) => b.gain - a.gain);
  const besides = wanted.filter((each) => entered(each).length === 0);
  return copy && { copy: copy.each, entering, besides, ...gainOf(entering) };
}

const isWorthIt = (candidates: readonly Candidate[]): boolean => {
  const { files, bytes } = gainOf(candidates);
  return files >= fewFiles || bytes >= fewBytes;
};

function gainOf(candidates: readonly Candidate[], counts: (path: string) => boolean = () => true) {
  const roots = candidates.flatMap((each) => each.roots.filter(({ path }) => counts(path)));
  return {
    files: roots.reduce((sum, each) => sum + each.files, 0),
    bytes: roots.reduce((sum, each) => sum + each.bytes, 0),
  };
}

const broadCopiesIn = (context: ContextSnapshot, graph: BuildGraph, stage: Stage): BroadCopy[] =>
  contextSourcesIn(graph, stage).filter(
    ({ path, known }) => known && (path === '' || context.get(path)?.type === 'directory'),
  );

export function broadCopies(context: ContextSnapshot, model: Model): BroadCopy[] {
  return reachableStages(model.graph).flatMap((stage) => broadCopiesIn(context, model.graph, stage));
}

/** Whether it is in what a step selects, which `--exclude` may leave out. */
const brings = (model: Model, { step, path }: BroadCopy, root: string): boolean =>
  root !== path && within(path, root) !== undefined && model.selection(step).has(root);

/** ".git (1,204 files, 38 MB) and node_modules (41,022 files, 312 MB)". */
export const described = (candidates: readonly Candidate[]): string =>
  listing(
    candidates.map((each) => {
      const gain = gainOf([each]);
      const label = each.roots.length === 1 ? each.roots[0]?.path : each.name;
      return `${label} (${plural(gain.files, 'file')}, ${bytes(gain.bytes)})`;
    }),
    4,
  );
