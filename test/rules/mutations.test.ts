import assert from 'node:assert/strict';
import { type Analysis, analyze } from '../../server/src/core/analyze.ts';
import { type Config, defaultConfig } from '../../server/src/core/config.ts';
import { isIgnoreFileName } from '../../server/src/core/filenames.ts';
import { fixAll } from '../../server/src/core/fixAll.ts';
import { applyEdits, type Edit } from '../../server/src/core/fixes.ts';
import type { Finding } from '../../server/src/core/rule.ts';
import { rules } from '../../server/src/core/rules/index.ts';
import { cpuTime } from '../core/cpuTime.ts';
import { fixtureSources } from './lib/files.ts';
import { type Fixture, parseFixture } from './lib/fixture.ts';
import { mutate, random } from './lib/mutate.ts';
import { factsOf } from './lib/world.ts';

const fixtures = rules
  .flatMap(({ id }) => fixtureSources(id).map(({ source }) => parseFixture(source)))
  .filter(({ path }) => !isIgnoreFileName(path));

const everyRule: Config = {
  ...defaultConfig,
  rules: Object.fromEntries(rules.filter(({ severity }) => severity === 'off').map(({ id }) => [id, 'warning'])),
};

const ownEdits = (edits: readonly Edit[]): Edit[] => edits.filter((edit) => edit.path === undefined);

const told = ({ findings }: Analysis): string[] =>
  findings.map(({ rule, message, fixes }) => [rule, message, ...fixes.map((fix) => fix.title)].join(' | '));

function checkSpans(text: string, { rule, span, related, message }: Finding): void {
  for (const { start, end } of [span, ...related.map((item) => item.span)]) {
    assert.ok(0 <= start && start < end && end <= text.length, `${rule}: ${start}-${end} is no span of\n${text}`);
  }
  assert.doesNotMatch(message, /undefined|NaN|\[object/, text);
}

/** Texts in the middle of an edit: nothing may throw, point outside, or come out differently with CRLF; fixing comes to rest. */
function checkMutant(text: string, fixture: Fixture): void {
  const facts = factsOf({ ...fixture, text }, fixture.files);
  const found = analyze(text, facts, everyRule);
  assert.deepEqual(found.failures, [], text);
  for (const finding of found.findings) {
    checkSpans(text, finding);
    for (const { edits, title } of finding.fixes) {
      const after = analyze(applyEdits(text, ownEdits(edits)), facts, everyRule);
      const problems = after.dockerfile.problems.length - found.dockerfile.problems.length;
      assert.ok(problems <= 0, `"${title}" breaks\n${text}`);
    }
  }
  assert.deepEqual(told(analyze(text.replace(/\r?\n/g, '\r\n'), facts, everyRule)), told(found), text);
  const fixed = fixAll(found, 'suggestion');
  assert.equal(applyEdits(text, ownEdits(fixed.edits)), fixed.text);
  assert.deepEqual(ownEdits(fixAll(fixed.analysis, 'suggestion').edits), [], `the fixes never come to rest:\n${text}`);
}

describe('rules on documents in the middle of an edit', () => {
  const lines = fixtures.flatMap(({ text }) => text.split('\n'));
  const perSeed = 60;

  for (const seed of [1, 2, 3, 4, 5]) {
    it(`seed ${seed}`, () => {
      const pick = random(seed);
      for (let left = perSeed; left > 0; left--) {
        const fixture = fixtures[pick(fixtures.length)];
        if (fixture) checkMutant(mutate(fixture.text, lines, pick), fixture);
      }
    });
  }
});

describe('rules on more stages than anybody writes', () => {
  it('take no longer for a chain of them than people wait', () => {
    const next = Array.from(
      { length: 800 },
      (_, at) => `FROM s${at} AS s${at + 1}\nENV A${at}=1\nRUN npm run b${at}\n`,
    );
    const text = `FROM node:22 AS s0\nCOPY . .\nRUN npm ci\n${next.join('')}`;
    const facts = factsOf({ path: 'Dockerfile', text, history: undefined }, new Map());
    const time = cpuTime(() => assert.deepEqual(analyze(text, facts, everyRule).failures, []));
    assert.ok(time < 4000, `${Math.round(time)} ms of processor time`);
  });
});
