import { type BuildGraph, type Stage, type Step, stagesRead } from '../build/graph.ts';
import { perObject } from '../syntax/memo.ts';
import { mergesLinks } from './link.ts';
import type { Builder } from './model.ts';

export interface Consequences {
  readonly runs: readonly Step[];
  readonly depends: readonly Step[];
}

/** What becomes of a step, or of all that a stage leaves, by weight. */
const cached = 0;
const depends = 1;
const runs = 2;

/** A step as far as it hands on that something runs again. */
interface Link {
  readonly step: Step;
  /** Stages whose files it reads; they count by content. */
  readonly reads: readonly Stage[];
  /** True for the copy of a `COPY --link`: it stands on nothing. */
  readonly alone: boolean;
}

/** Answers which steps run again when one does, without asking for the content of a single file. */
export function consequencesIn(graph: BuildGraph, builder: Builder): (step: Step) => Consequences {
  const linksOf = perObject(({ steps }: Stage): readonly Link[] =>
    steps.filter(isCached).map((step) => ({ step, reads: stagesRead(graph, step), alone: mergesLinks(step, builder) })),
  );
  return (step) => follow(graph, linksOf, step);
}

/** Whether a step is something that BuildKit runs and caches: `WORKDIR /` makes nothing. */
export const isCached = (step: Step): boolean =>
  step.operation &&
  !(step.keyword === 'WORKDIR' && step.workdir === '/') &&
  !(isCopy(step) && step.instruction.args.length < 2);

const isCopy = ({ keyword }: Step): boolean => keyword === 'COPY' || keyword === 'ADD';

function follow(graph: BuildGraph, linksOf: (stage: Stage) => readonly Link[], start: Step): Consequences {
  const result = { runs: [] as Step[], depends: [] as Step[] };
  const ends = new Map<Stage, number>();
  for (const stage of graph.stages.slice(start.stage.index)) {
    const usesEnds = [...(graph.sources.get(stage) ?? [])].some((source) => ends.has(source));
    if (!graph.reachable.has(stage) || (stage !== start.stage && !usesEnds)) continue;
    let standing = (stage.base.kind === 'stage' && ends.get(stage.base.stage)) || cached;
    for (const { step, reads, alone } of linksOf(stage)) {
      if (step === start) standing = runs;
      if (step === start) continue;
      const read = reads.some((source) => ends.get(source)) ? depends : cached;
      const own = alone ? read : Math.max(standing, read);
      if (own === runs) result.runs.push(step);
      if (own === depends) result.depends.push(step);
      standing = Math.max(standing, own);
    }
    if (standing !== cached) ends.set(stage, standing);
  }
  return result;
}
