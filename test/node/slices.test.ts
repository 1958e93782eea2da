import assert from 'node:assert/strict';
import { inSlices } from '../../server/src/node/slices.ts';

function* work(steps: number, milliseconds: number): Generator<undefined, string> {
  for (let step = 0; step < steps; step++) {
    const end = performance.now() + milliseconds;
    while (performance.now() < end);
    yield;
  }
  return 'done';
}

describe('work in slices', () => {
  it('lets others work in between', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    assert.equal(await inSlices(work(30, 2)), 'done');
    clearInterval(timer);
    assert.ok(turns >= 3, `${turns} turns`);
  });

  it('does not wait where there is little to do', async () => {
    let turns = 0;
    const timer = setImmediate(() => turns++);
    assert.equal(await inSlices(work(10, 0)), 'done');
    clearImmediate(timer);
    assert.equal(turns, 0);
  });
});
