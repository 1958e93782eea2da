import assert from 'node:assert/strict';
import { defaultConfig, parseConfig } from '../../server/src/core/config.ts';
import { rules } from '../../server/src/core/rules/index.ts';

const id = rules[0]?.id ?? '';

/** The problems of some settings, and proof that nothing but the named keys differs from the defaults. */
function problemsOf(settings: unknown): string[] {
  const { config, problems } = parseConfig(settings);
  assert.deepEqual(config, defaultConfig, 'a wrong value must leave the default in force');
  return problems;
}

describe('configuration', () => {
  it('takes what is right', () => {
    const settings = {
      rules: { [id]: 'off' },
      builder: 'kaniko',
      buildArgs: { VERSION: '1.2', JOBS: 4, DEBUG: true },
      contexts: { 'docker/*.Dockerfile': '.' },
      buildLogs: { Dockerfile: 'build.log' },
      target: 'test',
      history: false,
    };
    const { config, problems } = parseConfig(settings);
    assert.deepEqual(problems, []);
    assert.deepEqual(config, {
      ...settings,
      options: {},
      buildArgs: { VERSION: '1.2', JOBS: '4', DEBUG: 'true' },
    });
  });

  it('reads the long names of a settings file and leaves the settings of others alone', () => {
    const { config, problems } = parseConfig({
      'cacheLens.builder': 'buildah',
      'editor.tabSize': 2,
      builder: 'nonsense',
    });
    assert.deepEqual(problems, []);
    assert.equal(config.builder, 'buildah');
  });

  it('takes nothing, null and the empty string for "not set"', () => {
    for (const settings of [undefined, null, {}, { target: '' }, { builder: null }, { history: undefined }]) {
      assert.deepEqual(problemsOf(settings), []);
    }
  });

  it('names every wrong value and keeps the right ones beside it', () => {
    const { config, problems } = parseConfig({
      rules: { [id]: 'fatal', nope: 'off' },
      builder: 'podman',
      target: 7,
      history: 'no',
    });
    assert.deepEqual(config, { ...defaultConfig, rules: {} });
    assert.deepEqual(problems, [
      `cacheLens.rules.${id}: "fatal" is not one of error, warning, information, hint, off.`,
      'cacheLens.rules: there is no rule "nope".',
      'cacheLens.builder: "podman" is not one of buildkit, docker-graphdriver, docker-20.10, buildah, kaniko.',
      'cacheLens.target: 7 is not a string.',
      'cacheLens.history: "no" is neither true nor false.',
    ]);
    assert.deepEqual(parseConfig({ rules: { [id]: 'hint', nope: 'off' } }).config.rules, { [id]: 'hint' });
  });

  it('names settings, rules and options that do not exist', () => {
    assert.deepEqual(problemsOf({ colour: 'red' }), ['There is no setting "colour".']);
    assert.match(parseConfig({ options: { nope: {} } }).problems.join(), /there is no rule "nope"/);
    assert.match(parseConfig({ options: { [id]: { nope: 1 } } }).problems.join(), /there is no option "nope"/);
  });

  it('lets the editor keep its own settings', () => {
    assert.deepEqual(problemsOf({ trace: { server: 'verbose' }, 'trace.server': 'off' }), []);
  });

  it('survives everything', () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": 1}, "rules": {"__proto__": "off", "constructor": "off"}}');
    const values = [0, 'x', true, [], [1], () => 1, hostile, { rules: [] }, { options: 'x' }, { buildArgs: [1] }];
    for (const value of [...values, { contexts: { a: {} } }, { options: { [id]: 3 } }, { buildArgs: { A: null } }]) {
      const { problems } = parseConfig(value);
      assert.notEqual(problems.length, 0, `no problem for ${JSON.stringify(value)}`);
      assert.ok(problems.every((problem) => problem.length < 160));
    }
    assert.equal(({} as Record<string, unknown>).polluted, undefined);
  });
});
