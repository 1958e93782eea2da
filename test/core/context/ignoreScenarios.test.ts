import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseIgnore } from '../../../server/src/core/context/ignore.ts';

interface Scenario {
  readonly ignore: string;
  readonly included?: readonly string[];
  readonly error?: string;
}

const lines = readFileSync(new URL('../../fixtures/ignore-scenarios.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const { paths } = JSON.parse(lines[0] ?? '') as { paths: readonly string[] };
const scenarios = lines.slice(1).map((line) => JSON.parse(line) as Scenario);

describe('ignore files as a real builder applied them', () => {
  it('has every recorded scenario', () => assert.deepEqual([paths.length, scenarios.length], [66, 185]));

  for (const { ignore, included, error } of scenarios)
    it(JSON.stringify(ignore), () => {
      const { matcher, errors } = parseIgnore(ignore);
      assert.equal(errors.length > 0, error !== undefined);
      if (error !== undefined) return;
      const entering = paths.filter((path) => !matcher.matches(path).ignored);
      assert.deepEqual([...entering].sort(), [...(included ?? [])].sort());
    });
});
