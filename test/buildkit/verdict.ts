import { ancestors, mountFrom, type Stage, type Step, stageAncestors } from '../../server/src/core/build/graph.ts';
import { mergesLinks } from '../../server/src/core/cache/link.ts';
import type { Model, Outcome } from '../../server/src/core/cache/model.ts';
import { type PredictedStep, predict } from '../core/cache/prediction.ts';
import type { ObservedStep } from './scenario.ts';

/** A step on which the model and the builder differ, as a sentence. */
export type Disagreement = string;

/**
 * Compares what the model says of the last of these builds with what the builder did. A step may come from the cache of any build before, so
 * the model is asked about each of them. "depends" leaves open only what the content of other stages' files decides: what stands on a step that ran runs too, and what
 * neither stands on nor reads from one is cached.
 */
export function judge(models: readonly Model[], observed: readonly ObservedStep[]): Disagreement[] {
  const after = models.at(-1);
  if (!after) return [];
  const predicted = strongest(models.slice(0, -1).map((before) => predict(before, after)));
  const seen = observedOf(after, observed);
  const ran = (step: Step): boolean => [false, true].some((link) => seen({ step, link })?.outcome === 'runs');
  const unknown = observed.length - predicted.filter((step) => seen(step)).length;
  const wrong = predicted.flatMap((step) => {
    const found = seen(step);
    if (!found) return [];
    const mistake = mistakeOf(after, step, found.outcome, ran);
    return mistake ? [`${found.stage ?? ''} ${step.link ? 'LINK ' : ''}${found.text}: ${mistake}`] : [];
  });
  return unknown > 0 ? [...wrong, `${unknown} steps of the builder are none of the model's`] : wrong;
}

const strength: readonly Outcome[] = ['cached', 'depends', 'runs'];

/** Of the predictions against each build before, what finds most in the cache. All have the same steps. */
function strongest(predictions: readonly (readonly PredictedStep[])[]): PredictedStep[] {
  const [first = [], ...others] = predictions;
  return first.map((step, index) =>
    others
      .flatMap((other) => other[index] ?? [])
      .reduce((best, other) => (strength.indexOf(other.outcome) < strength.indexOf(best.outcome) ? other : best), step),
  );
}

type Seen = (step: { readonly step: Step; readonly link: boolean }) => ObservedStep | undefined;

/** Finds a step by the number that BuildKit gives it. Of identical chains in two stages it shows only one. */
function observedOf(model: Model, observed: readonly ObservedStep[]): Seen {
  const numbers = new Map<Step, number>();
  for (const stage of model.graph.stages) {
    const first = stage.base.kind === 'image' ? 2 : 1;
    const steps = model.steps.filter((step) => step.stage === stage);
    for (const [index, step] of steps.entries()) numbers.set(step, first + index);
  }
  const single = new Set(observed.map(({ stage }) => stage)).size === 1 && observed[0]?.stage === null;
  const nameOf = ({ name, index }: Stage) => (single ? null : (name?.toLowerCase() ?? `stage-${index}`));
  return ({ step, link }) =>
    observed.find(
      (seen) => seen.stage === nameOf(step.stage) && seen.index === numbers.get(step) && seen.link === link,
    );
}

function mistakeOf(model: Model, said: PredictedStep, outcome: ObservedStep['outcome'], ran: (step: Step) => boolean) {
  if (said.outcome !== 'depends') {
    return said.outcome === outcome ? undefined : `${outcome}, not ${said.outcome} (${said.because})`;
  }
  const parents = standsOn(model, said);
  const sources = stagesRead(model, said.step).flatMap((stage) => [...stageAncestors(stage), ...stage.steps]);
  if (parents.some(ran)) return outcome === 'runs' ? undefined : 'cached although a step that it stands on ran';
  if (outcome === 'runs' && !sources.some(ran)) return 'runs although nothing that it stands on or reads ran';
  return undefined;
}

/** The copy of a `COPY --link` stands on nothing; its merge stands on that copy too. */
function standsOn({ builder }: Model, { step, link }: PredictedStep): Step[] {
  if (link) return [...ancestors(step), step];
  return mergesLinks(step, builder) ? [] : [...ancestors(step)];
}

function stagesRead({ graph }: Model, step: Step): Stage[] {
  const sources = [step.copy?.from, ...step.mounts.map((mount) => mountFrom(graph, step, mount))];
  return sources.flatMap((from) => (from?.kind === 'stage' ? from.stage : []));
}
