import type { BuildGraph, Stage } from '../build/graph.ts';

const known = new WeakMap<BuildGraph, ReadonlySet<Stage>>();

/** Whether the layers of a stage are part of the image that the build makes: the target, and the stages it is built FROM. */
export function isShipped(graph: BuildGraph, stage: Stage): boolean {
  const found = known.get(graph) ?? chainOf(graph.target);
  known.set(graph, found);
  return found.has(stage);
}

function chainOf(target: Stage | undefined): Set<Stage> {
  const chain = new Set<Stage>();
  for (let stage = target; stage; stage = stage.base.kind === 'stage' ? stage.base.stage : undefined) chain.add(stage);
  return chain;
}
