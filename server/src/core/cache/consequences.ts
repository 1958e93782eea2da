import { type BuildGraph, type CopyFrom, mountFrom, type Stage, type Step } from '../build/graph.ts';
import { mergesLinks } from './link.ts';
import type { Builder } from './model.ts';

export interface Consequences {
  readonly runs: readonly Step[];
  readonly depends: readonly Step[];
}

/** What becomes of a step, or of all that a stage leaves; in order of weight. */
const weights = ['cached', 'depends', 'runs'] as const;
type Effect = (typeof weights)[number];

const heavier = (a: Effect, b: Effect): Effect => (weights.indexOf(a) < weights.indexOf(b) ? b : a);

/** The steps that run again when `step` does, without asking for the content of a single file. */
export function consequencesOf(graph: BuildGraph, builder: Builder, step: Step): Consequences {
  const runs: Step[] = [];
  const depends: Step[] = [];
  const ends = new Map<Stage, Effect>();
  const start = graph.stages.indexOf(step.stage);
  if (!step.operation || start < 0) return { runs, depends };
  for (const stage of graph.stages.slice(start)) {
    if (!graph.reachable.has(stage)) continue;
    let standing: Effect = stage.base.kind === 'stage' ? (ends.get(stage.base.stage) ?? 'cached') : 'cached';
    for (const next of stage.steps) {
      if (next === step) standing = 'runs';
      if (next === step || !isCached(next)) continue;
      const read = effectOfReading(graph, next, ends);
      const own = mergesLinks(next, builder) ? read : heavier(standing, read);
      if (own === 'runs') runs.push(next);
      if (own === 'depends') depends.push(next);
      standing = heavier(standing, own);
    }
    ends.set(stage, standing);
  }
  return { runs, depends };
}

/** Whether a step is something that BuildKit runs and caches: `WORKDIR /` makes nothing. */
export const isCached = (step: Step): boolean =>
  step.operation && !(step.keyword === 'WORKDIR' && step.workdir === '/') && !(isCopy(step) && !step.copy);

const isCopy = ({ keyword }: Step): boolean => keyword === 'COPY' || keyword === 'ADD';

/** Files of other stages count by content. */
function effectOfReading(graph: BuildGraph, step: Step, ends: ReadonlyMap<Stage, Effect>): Effect {
  const { flags } = step.instruction;
  if (!flags.some(({ name, value }) => name === 'from' || (name === 'mount' && value?.includes('from'))))
    return 'cached';
  const changes = (from: CopyFrom | undefined) =>
    from?.kind === 'stage' && (ends.get(from.stage) ?? 'cached') !== 'cached';
  const { copy } = step;
  const reads = copy
    ? copy.sources.length > 0 && changes(copy.from)
    : step.mounts.some((mount) => changes(mountFrom(graph, step, mount)));
  return reads ? 'depends' : 'cached';
}
