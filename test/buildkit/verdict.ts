import { ancestors, mountFrom, type Stage, type Step } from '../../server/src/core/build/graph.ts';
import { isCached } from '../../server/src/core/cache/consequences.ts';
import { mergesLinks } from '../../server/src/core/cache/link.ts';
import type { Model, Outcome } from '../../server/src/core/cache/model.ts';
import { hasWildcards } from '../../server/src/core/context/pick.ts';
import { type PredictedStep, predict } from '../core/cache/prediction.ts';
import type { ObservedStep } from './scenario.ts';

/** A step on which the model and the builder differ, as a sentence. */
export type Disagreement = string;

/**
 * Compares what the model says of the last of these builds with what the builder did. A step may come from the cache of any build before, so
 * the model is asked about each of them.
 *
 * @param version Docker's, where it may be one that the model does not follow in everything.
 */
export function judge(models: readonly Model[], observed: readonly ObservedStep[], version?: string): Disagreement[] {
  const after = models.at(-1);
  if (!after) return [];
  const predicted = strongest(models.slice(0, -1).map((before) => predict(before, after)));
  const followsLinks = version !== undefined && Number.parseInt(version, 10) < 28;
  const build: Judged = { model: after, predicted, seen: observedOf(after, observed), followsLinks };
  const unknown = observed.length - predicted.filter((step) => build.seen(step)).length;
  const wrong = predicted.flatMap((step) => {
    const mistake = mistakeOf(build, step);
    return mistake ? [`${step.link ? 'LINK ' : ''}${build.seen(step)?.text}: ${mistake}`] : [];
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
export function observedOf(model: Model, observed: readonly ObservedStep[]): Seen {
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

interface Judged {
  readonly model: Model;
  readonly predicted: readonly PredictedStep[];
  readonly seen: Seen;
  /** Docker 26 counts links in a folder that a wildcard matches by what they lead to, as 28 does only with links that it matches themselves. */
  readonly followsLinks: boolean;
}

function mistakeOf(build: Judged, said: PredictedStep): string | undefined {
  const outcome = build.seen(said)?.outcome;
  if (outcome === undefined || outcome === said.outcome || sharesResult(build, said)) return undefined;
  if (isExcused(build, said)) return undefined;
  if (said.outcome === 'depends')
    return outcome === 'cached' && standsOnOneThatRan(build, said)
      ? 'cached although the step before it ran'
      : undefined;
  if (standsOnFollowedLink(build, said)) return undefined;
  return `${outcome}, not ${said.outcome} (${said.because})`;
}

/** Of steps that turn out to be one operation, any may be the one that runs. */
function sharesResult({ predicted, seen }: Judged, said: PredictedStep): boolean {
  if (said.link) return false;
  const twins = predicted.filter(({ step, twin }) => twin === said.step || step === said.twin);
  const outcomes = [said, ...twins].map((each) => seen(each)?.outcome);
  return twins.length > 0 && outcomes.includes('runs') && outcomes.includes('cached');
}

/** "depends" leaves open what the content of other stages' files decides, and nothing else: what stands on a step that ran runs. */
function standsOnOneThatRan(build: Judged, { step, link }: PredictedStep): boolean {
  if (link && build.seen({ step, link: false })?.outcome === 'runs') return true;
  if (!link && (mergesLinks(step, build.model.builder) || readsItsParent(build.model, step))) return false;
  return standing(build, parentOf(step))?.outcome === 'runs';
}

const parentOf = (step: Step): Step | undefined => [...ancestors(step)].filter(isCached).at(-1);

/** What the next step stands on: of a `COPY --link` its merge. */
const standing = ({ seen }: Judged, step: Step | undefined): ObservedStep | undefined =>
  step && (seen({ step, link: true }) ?? seen({ step, link: false }));

/** A RUN that mounts the very stage it stands on counts it by content: both are one input (getMountDeps in solver/llbsolver/ops/exec.go). */
const readsItsParent = ({ graph }: Model, step: Step): boolean =>
  step.mounts.some((mount) => {
    const from = mountFrom(graph, step, mount);
    return from?.kind === 'stage' && from.stage.steps.filter(isCached).at(-1) === parentOf(step);
  });

/**
 * BuildKit before 0.16, which this builder is, took a secret or an ssh agent for a mount of the file system that the RUN stands on, and so
 * counted that by content: such a RUN, and what follows it, may come from the cache although the step before it ran.
 */
function isExcused(build: Judged, { step, link }: PredictedStep): boolean {
  const parent = parentOf(step);
  if (standing(build, link ? step : parent)?.outcome === 'runs') {
    return step.mounts.some(({ type }) => type === 'secret' || type === 'ssh');
  }
  const said = build.predicted.filter((other) => other.step === parent).at(-1);
  return said?.outcome === 'runs' && isExcused(build, said);
}

function standsOnFollowedLink(build: Judged, said: PredictedStep): boolean {
  if (!build.followsLinks || said.outcome !== 'cached') return false;
  if (followsLink(build.model, said.step)) return true;
  const parent = build.predicted.filter(({ step }) => step === parentOf(said.step)).at(-1);
  return parent !== undefined && build.seen(parent)?.outcome === 'runs' && standsOnFollowedLink(build, parent);
}

function followsLink(model: Model, step: Step): boolean {
  if (!step.copy?.sources.some(({ text }) => hasWildcards(text))) return false;
  const { has } = model.selection(step);
  return model.context?.entries.some(({ type, path }) => type === 'symlink' && has(path)) === true;
}
