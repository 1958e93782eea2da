import type { BuildGraph, Step } from '../build/graph.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { consequencesIn, isCached } from './consequences.ts';
import { selectFor } from './contents.ts';
import { inputsOf } from './inputs.ts';
import type { Builder, KeyInput, Model, Selection } from './model.ts';

/** The model of one build. Everything is computed when it is asked for, and once. */
export function cacheModel(
  graph: BuildGraph,
  {
    context,
    contexts,
    builder,
  }: {
    readonly context?: ContextSnapshot | undefined;
    readonly contexts?: Model['contexts'];
    readonly builder: Builder;
  },
): Model {
  const steps = graph.stages.flatMap((stage) => (graph.reachable.has(stage) ? stage.steps.filter(isCached) : []));
  const model: Model = {
    graph,
    context,
    contexts,
    builder,
    steps,
    inputs: perStep((step): readonly KeyInput[] => inputsOf(model, step)),
    selection: perStep((step): Selection => selectFor(graph, context, step)),
    consequences: perStep(consequencesIn(graph, builder)),
  };
  return model;
}

function perStep<T>(compute: (step: Step) => T): (step: Step) => T {
  const known = new Map<Step, T>();
  return (step) => {
    const found = known.get(step) ?? compute(step);
    known.set(step, found);
    return found;
  };
}
