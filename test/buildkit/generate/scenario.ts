import { inputsOf } from '../inputs.ts';
import type { Operation, Scenario } from '../scenario.ts';
import { generateChange } from './changes.ts';
import { generateDockerfile } from './dockerfile.ts';
import { render } from './draft.ts';
import { generateContext } from './files.ts';
import { random as seeded } from './random.ts';

/** The scenario of a seed: the same for ever, on every machine. */
export function generateScenario(seed: number): Scenario {
  const random = seeded(seed);
  const context = generateContext(random);
  const draft = generateDockerfile(random, context);
  const args = Object.fromEntries(
    [...draft.argNames].filter(() => random.chance(0.4)).map((name) => [name, `b${random.below(3)}`]),
  );
  const start = { id: `seed ${seed}`, files: context.files, dockerfile: render(draft), args };
  const count = random.weighted([
    [1, 1],
    [3, 2],
    [2, 3],
  ]);
  const changes: Operation[][] = [];
  while (changes.length < count) {
    const change = generateChange(draft);
    if (isPossible({ ...start, changes: [...changes, change] })) changes.push(change);
  }
  return { ...start, changes };
}

/** An earlier change may have taken away what a later one is about. */
function isPossible(scenario: Scenario): boolean {
  try {
    inputsOf(scenario);
    return true;
  } catch {
    return false;
  }
}
