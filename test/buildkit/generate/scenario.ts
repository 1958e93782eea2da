import { inputsOf } from '../inputs.ts';
import type { Operation, Scenario } from '../scenario.ts';
import { argumentValue, generateChange } from './changes.ts';
import { generateDockerfile } from './dockerfile.ts';
import { type Dialect, render } from './draft.ts';
import { generateContext } from './files.ts';
import { random as seeded } from './random.ts';

/** The scenario of a seed: the same for ever, on every machine. */
export function generateScenario(seed: number, dialect: Dialect): Scenario {
  const random = seeded(seed);
  const context = generateContext(random);
  const draft = generateDockerfile(random, context, dialect);
  const given = [...draft.argNames].filter(() => random.chance(0.4));
  const args = Object.fromEntries(given.map((name) => [name, argumentValue(random, name)]));
  const images = { ownImages: seed % 16 === 7 };
  const start = { id: `seed ${seed}`, files: context.files, dockerfile: render(draft), args, ...images };
  const count = random.weighted([
    [3, 1],
    [3, 2],
    [1, 3],
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
  if (countsFolderModes(scenario)) return false;
  try {
    inputsOf(scenario);
    return true;
  } catch {
    return false;
  }
}

/**
 * BuildKit takes over the mode of a folder only when it receives the context anew, and it does that after a writable mount used up its copy.
 * The model, which knows nothing of copies, goes by the usual case.
 */
const countsFolderModes = (scenario: Scenario): boolean =>
  scenario.changes.flat().some((operation) => operation.op === 'chmod' && !/\w\.\w|\.\w/.test(operation.path)) &&
  JSON.stringify(scenario).includes(',rw');
