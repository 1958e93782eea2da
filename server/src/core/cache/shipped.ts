import type { BuildGraph, Stage } from '../build/graph.ts';
import { perObject } from '../syntax/memo.ts';

/** Whether the layers of a stage are part of the image that the build makes: the target, and the stages it is built FROM. */
export const isShipped = (graph: BuildGraph, stage: Stage): boolean => chainOf(graph).has(stage);

const chainOf = perObject(({ target }: BuildGraph): ReadonlySet<Stage> => {
  const chain = new Set<Stage>();
  for (let stage = target; stage; stage = stage.base.kind === 'stage' ? stage.base.stage : undefined) chain.add(stage);
  return chain;
});
