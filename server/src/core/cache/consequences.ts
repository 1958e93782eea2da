import { type BuildGraph, mountFrom, reachableStages, type Stage, type Step } from '../build/graph.ts';
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

interface Chain {
  readonly stage: Stage;
  readonly parent: Stage | undefined;
  readonly links: readonly Link[];
  /** All stages that something in it stands on or reads. */
  readonly sources: ReadonlySet<Stage>;
}

/** Answers which steps run again when one does, without asking for the content of a single file. */
export function consequencesIn(graph: BuildGraph, builder: Builder): (step: Step) => Consequences {
  let known: readonly Chain[] | undefined;
  return (step) => {
    known ??= chainsOf(graph, builder);
    return follow(known, step);
  };
}

/** Whether a step is something that BuildKit runs and caches: `WORKDIR /` makes nothing. */
export const isCached = (step: Step): boolean =>
  step.operation &&
  !(step.keyword === 'WORKDIR' && step.workdir === '/') &&
  !(isCopy(step) && step.instruction.args.length < 2);

const isCopy = ({ keyword }: Step): boolean => keyword === 'COPY' || keyword === 'ADD';

const chainsOf = (graph: BuildGraph, builder: Builder): Chain[] =>
  reachableStages(graph).map((stage) => chainOf(graph, builder, stage));

function chainOf(graph: BuildGraph, builder: Builder, stage: Stage): Chain {
  const parent = stage.base.kind === 'stage' ? stage.base.stage : undefined;
  const links = stage.steps
    .filter(isCached)
    .map((step) => ({ step, reads: stagesRead(graph, step), alone: mergesLinks(step, builder) }));
  const sources = new Set([...(parent ? [parent] : []), ...links.flatMap(({ reads }) => reads)]);
  return { stage, parent, links, sources };
}

function stagesRead(graph: BuildGraph, step: Step): Stage[] {
  const { copy } = step;
  const sources = copy
    ? [copy.sources.length > 0 ? copy.from : undefined]
    : step.mounts.map((mount) => mountFrom(graph, step, mount));
  return sources.flatMap((from) => (from?.kind === 'stage' ? from.stage : []));
}

const meets = (ends: ReadonlyMap<Stage, number>, sources: ReadonlySet<Stage>): boolean =>
  [...ends.keys()].some((stage) => sources.has(stage));

function follow(chains: readonly Chain[], start: Step): Consequences {
  const result = { runs: [] as Step[], depends: [] as Step[] };
  const ends = new Map<Stage, number>();
  for (const { stage, parent, links, sources } of chains) {
    if (stage !== start.stage && !meets(ends, sources)) continue;
    let standing = (parent && ends.get(parent)) ?? cached;
    for (const { step, reads, alone } of links) {
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
