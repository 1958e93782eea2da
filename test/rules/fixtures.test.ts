import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { type Config, defaultConfig, parseConfig } from '../../server/src/core/config.ts';
import { applyEdits } from '../../server/src/core/fixes.ts';
import type { Example, Rule } from '../../server/src/core/rule.ts';
import { rules } from '../../server/src/core/rules/index.ts';
import { annotate } from './lib/annotations.ts';
import { type Analyze, checkFixture } from './lib/check.ts';
import { fixtureSources } from './lib/files.ts';
import { type Fixture, parseFixture } from './lib/fixture.ts';
import { analyzeIn, analyzeExample as analyzeWith, textOf } from './lib/world.ts';

/** The case's configuration; a rule that is off by default is on in its own cases. */
function configOf({ id, severity }: Rule, { config: settings }: Fixture): Config {
  const { config, problems } = parseConfig(settings);
  assert.deepEqual(problems, [], '--- config');
  return severity === 'off' ? { ...config, rules: { [id]: 'warning', ...config.rules } } : config;
}

function analyzer(rule: Rule, fixture: Fixture): Analyze {
  const config = configOf(rule, fixture);
  return (text, files, path = fixture.path) => analyzeIn({ ...fixture, path, text }, files, config);
}

const analyzeExample = (rule: Rule, example: Example) =>
  analyzeWith(example, {
    ...defaultConfig,
    rules: rule.severity === 'off' ? { [rule.id]: 'warning' } : {},
  });

for (const rule of rules) {
  describe(`rule ${rule.id}`, () => {
    for (const { name, source } of fixtureSources(rule.id)) {
      it(name.replace(/\.txt$/, '').replaceAll('-', ' '), () => {
        const fixture = parseFixture(source);
        checkFixture(rule.id, fixture, analyzer(rule, fixture));
      });
    }

    it('is shown by its bad example, and nothing else is', () => {
      const { bad } = rule.docs;
      const { findings, failures } = analyzeExample(rule, bad);
      assert.deepEqual(failures, []);
      assert.deepEqual(
        [
          ...new Set(
            findings.filter((each) => each.rule === rule.id || each.severity !== 'hint').map((each) => each.rule),
          ),
        ],
        [rule.id],
        annotate(textOf(bad), findings),
      );
    });

    it('is silent on its good example, and so are the others', () => {
      const { good } = rule.docs;
      const { findings } = analyzeExample(rule, good);
      assert.deepEqual(
        findings.map((finding) => finding.rule),
        [],
        annotate(textOf(good), findings),
      );
    });

    it('mends its bad example where it offers a fix', () => {
      const { bad } = rule.docs;
      for (const { fixes } of analyzeExample(rule, bad).findings) {
        for (const { edits, title } of fixes.slice(0, 1)) {
          const text = applyEdits(
            textOf(bad),
            edits.filter((edit) => edit.path === undefined),
          );
          const before = analyzeExample(rule, bad).findings.length;
          const { files } = bad;
          const mended = bad.dockerfile === undefined ? { ignoreFile: text, files } : { dockerfile: text, files };
          const { findings } = analyzeExample(rule, mended);
          assert.ok(
            findings.length < before || edits.some((edit) => edit.path),
            `"${title}":\n${annotate(text, findings)}`,
          );
        }
      }
    });
  });
}

describe('fixtures', () => {
  it('belong to rules', () => {
    const folders = readdirSync(__dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const names = folders.map(({ name }) => name).filter((name) => name !== 'lib');
    assert.deepEqual(
      names.filter((name) => !rules.some(({ id }) => id === name)),
      [],
    );
  });
});
