import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { inputsOf } from '../../buildkit/inputs.ts';
import type { Scenario } from '../../buildkit/scenario.ts';
import { mistakes, modelOf } from './prediction.ts';

const scenarios = readFileSync(new URL('../../fixtures/cache-scenarios.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): Scenario => JSON.parse(line));

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
