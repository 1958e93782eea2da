import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Stage } from '../../../server/src/core/build/graph.ts';
import type { Model } from '../../../server/src/core/cache/model.ts';
import { inputsOf } from '../../buildkit/inputs.ts';
import type { ObservedStep, Scenario } from '../../buildkit/scenario.ts';
import { isOfStage, mayDepend, modelOf, type PredictedStep, pairUp, predict } from './prediction.ts';

const scenarios = readFileSync(new URL('../../fixtures/cache-scenarios.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): Scenario => JSON.parse(line));

function mistakes(before: Model, after: Model, observed: readonly ObservedStep[]): string[] {
  const predicted = predict(before, after);
  const ran = (stage: Stage) => observed.some((step) => isOfStage(step, stage) && step.outcome === 'runs');
  const depends = mayDepend(after, ran);
  const paired = pairUp(predicted, observed);
  const isRight = (seen: ObservedStep, said: PredictedStep | undefined) =>
    said?.outcome === seen.outcome || (said?.outcome === 'depends' && depends(said.step));
  const wrong = paired
    .filter(({ observed: seen, predicted: said }) => !isRight(seen, said))
    .map(
      ({ observed: seen, predicted: said }) => `${seen.text}: ${seen.outcome}, not ${said?.outcome} (${said?.because})`,
    );
  const tooMany = predicted.length - paired.filter(({ predicted: said }) => said).length;
  return tooMany > 0 ? [...wrong, `${tooMany} steps that no builder executed`] : wrong;
}

describe('what real builders did', () => {
  for (const scenario of scenarios) {
    it(`${scenario.id}: ${scenario.about}`, () => {
      const models = inputsOf(scenario).map((input) => modelOf(input));
      const wrong = scenario.observed?.flatMap((observed, index) => {
        const [before, after] = [models[index], models[index + 1]];
        return before && after ? mistakes(before, after, observed) : ['there is no such build'];
      });
      assert.deepEqual(wrong, []);
    });
  }

  it('are 194 scenarios', () => {
    assert.equal(scenarios.length, 194);
  });
});
