import assert from 'node:assert/strict';
import { analyzeIgnoreFile } from '../../server/src/core/analyzeIgnoreFile.ts';
import { defaultConfig } from '../../server/src/core/config.ts';
import { isIgnoreFileName } from '../../server/src/core/filenames.ts';
import { fixAllOfIgnoreFile } from '../../server/src/core/fixAll.ts';
import { applyEdits } from '../../server/src/core/fixes.ts';
import { rules } from '../../server/src/core/rules/index.ts';
import { fixtureSources } from './lib/files.ts';
import { type Fixture, parseFixture } from './lib/fixture.ts';
import { random } from './lib/mutate.ts';
import { ignoreFactsOf } from './lib/world.ts';

const fixtures = rules
  .flatMap(({ id }) => fixtureSources(id).map(({ source }) => parseFixture(source)))
  .filter(({ path }) => isIgnoreFileName(path));

const lines = fixtures.flatMap(({ text }) => text.split('\n'));
const fragments = ['*', '**/', '!', '/', '#', ' ', '\\', '[', ']', '{a,b}', '?', '\t', '../', '\uFEFF', 'ü', '\u0000'];

type Pick = (below: number) => number;

function mutate(text: string, pick: Pick): string {
  const parts = text.split('\n');
  for (let left = 1 + pick(4); left > 0; left--) {
    const at = pick(parts.length);
    const line = parts[at] ?? '';
    const column = pick(line.length + 1);
    const fragment = fragments[pick(fragments.length)] ?? '';
    const kinds = [
      () => parts.splice(at, 1),
      () => parts.splice(at, 0, lines[pick(lines.length)] ?? ''),
      () => parts.splice(at, 1, line.slice(0, column) + fragment + line.slice(column)),
      () => parts.splice(at, 1, line.slice(0, column)),
      () => parts.push(...parts.splice(at, 1)),
    ];
    kinds[pick(kinds.length)]?.();
  }
  return parts.join('\n');
}

/** Nothing may throw, point outside or come out differently with CRLF; fixing comes to rest, and safe fixes change nothing that is read. */
function checkMutant(text: string, fixture: Fixture): void {
  const facts = ignoreFactsOf({ ...fixture, text }, fixture.files);
  const found = analyzeIgnoreFile(text, facts, defaultConfig);
  assert.deepEqual(found.failures, [], text);
  for (const { span, message, rule } of found.findings) {
    assert.ok(0 <= span.start && span.start < span.end && span.end <= text.length, `${rule}: no span of\n${text}`);
    assert.doesNotMatch(message, /undefined|NaN|\[object/, text);
  }
  const told = (findings: typeof found.findings) => findings.map(({ rule, message }) => `${rule} ${message}`);
  const spelled = analyzeIgnoreFile(text.replace(/\r?\n/g, '\r\n'), facts, defaultConfig);
  assert.deepEqual(told(spelled.findings), told(found.findings), JSON.stringify(text));
  for (const applicability of ['safe', 'suggestion'] as const) {
    const fixed = fixAllOfIgnoreFile(found, applicability);
    assert.equal(applyEdits(text, fixed.edits), fixed.text);
    const again = fixAllOfIgnoreFile(fixed.analysis, applicability);
    assert.deepEqual(again.edits, [], `the fixes never come to rest:\n${JSON.stringify(text)}`);
  }
}

describe('rules on ignore files in the middle of an edit', () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`seed ${seed}`, () => {
      const pick = random(seed);
      for (let left = 150; left > 0; left--) {
        const fixture = fixtures[pick(fixtures.length)];
        if (fixture) checkMutant(mutate(fixture.text, pick), fixture);
      }
    });
  }
});
