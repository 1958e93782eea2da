import { loggedSteps } from '../../server/src/core/cache/buildLog.ts';
import type { Model } from '../../server/src/core/cache/model.ts';
import { timeOf } from '../../server/src/core/cache/time.ts';
import { parseDockerfile } from '../../server/src/core/syntax/dockerfile.ts';
import { noFacts } from '../../server/src/core/workspace.ts';
import { type BuildInput, dockerfileOf, type ObservedStep } from './scenario.ts';
import { type Disagreement, observedOf } from './verdict.ts';

/** What a build with plain progress prints of these steps, each with a time of its own. */
const printed = (observed: readonly ObservedStep[]): string =>
  observed
    .flatMap(({ stage, index, text, link, outcome }, at) => [
      `#${at} [${stage === null ? '' : `${stage} `}${index}/99] ${link ? 'LINK ' : ''}${text}`,
      `#${at} ${outcome === 'runs' ? `DONE ${at}.0s` : 'CACHED'}`,
    ])
    .join('\n');

/**
 * Steps to which the log of a build gives the time of another one, or one although they did not run, or none although it tells them apart:
 * a name may be that of several where they have variables.
 */
export function wrongTimes(model: Model, input: BuildInput, observed: readonly ObservedStep[]): Disagreement[] {
  const { graph } = model;
  const log = { name: 'build.log', steps: loggedSteps(printed(observed)) };
  const known = { dockerfile: parseDockerfile(dockerfileOf(input)), graph, facts: { ...noFacts, log } };
  const seen = observedOf(model, observed);
  return model.steps.flatMap((step) => {
    const own = seen({ step, link: false });
    const right = own?.outcome === 'runs' ? observed.indexOf(own) : undefined;
    const seconds = timeOf(known, [step])?.seconds;
    const isTwice = observed.some((other) => other !== own && other.text === own?.text && other.stage === own?.stage);
    const { text } = step.instruction.rest;
    if (seconds === right || (seconds === undefined && (isTwice || text.includes('$')))) return [];
    return [`${own?.text ?? text}: its time is ${seconds ?? 'unknown'}, not ${right ?? 'unknown'}`];
  });
}
