import assert from 'node:assert/strict';
import { readCases, readIgnoreCases } from '../../buildkit/cases.ts';
import { agrees } from '../../buildkit/ignore.ts';
import { inputsOf } from '../../buildkit/inputs.ts';
import { unique } from '../../buildkit/unique.ts';
import { judge } from '../../buildkit/verdict.ts';
import { modelOf } from './prediction.ts';

describe('cases that a real builder decided', () => {
  for (const scenario of readCases()) {
    it(`${scenario.id}: ${scenario.about}`, () => {
      const builder = scenario.store === 'overlay2' ? 'docker-graphdriver' : 'buildkit';
      const models = unique(inputsOf(scenario), 'u').map((input) => modelOf(input, builder));
      assert.equal(scenario.observed?.length, scenario.changes.length);
      const wrong = scenario.observed?.map((steps, index) => judge(models.slice(0, index + 2), steps));
      assert.deepEqual(wrong?.flat(), []);
    });
  }
});

describe('ignore files that a real builder decided', () => {
  for (const ignoreCase of readIgnoreCases()) {
    it(ignoreCase.about, () => assert.ok(agrees(ignoreCase, ignoreCase.observed ?? undefined)));
  }
});
