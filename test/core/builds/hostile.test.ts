// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the files have templates of their own
import assert from 'node:assert/strict';
import { type DeclaredBuild, declaredBuilds } from '../../../server/src/core/builds/declared.ts';
import { cpuTime } from '../cpuTime.ts';

const read = (file: string, text: string): DeclaredBuild[] => declaredBuilds(`/w/${file}`, text, '/w');

describe('builds of a hostile workspace', () => {
  it('stay in it, on Windows as well', () => {
    const build = (context: string) =>
      declaredBuilds('C:/w/d/compose.yaml', `services: { a: { build: { context: ${context} } } }`, 'C:/w').map(
        ({ dockerfile }) => dockerfile,
      );
    assert.deepEqual(build('../app'), ['C:/w/app/Dockerfile']);
    for (const context of ['../..', '../../../..', 'D:/x', 'C:/x', '/C:/w', "'\\\\x'"])
      assert.deepEqual(build(context), [], context);
  });

  it('are none in texts that are broken, hostile or something else', () => {
    const texts = [
      '',
      '\0',
      '[]',
      '{',
      '{'.repeat(50_000),
      '['.repeat(50_000),
      'target "a" {'.repeat(20_000),
      'target "a" { x = '.repeat(10_000),
      'target "a" { x = [[[[[[[[[[[[[[[[[[[[[[[[[[[[ }',
      '"'.repeat(99_999),
      '"${'.repeat(50_000),
      '/*'.repeat(50_000),
      ','.repeat(100_000),
      `{,${'/**/'.repeat(20_000)}x`,
      `{,${' '.repeat(90_000)}`,
      '${'.repeat(50_000),
      `services: { a: { build: "${'${'.repeat(40)}" } }`,
      '<<A\n'.repeat(25_000),
      `services:\n${' a:\n'.repeat(1000)}`,
      'services: { a: { build: { context: [1], args: { b: { c: 1 } } } } }',
      'jobs: { a: { steps: [1, null, { run: [1] }, { uses: 3 }, { with: 7, uses: "docker/build-push-action@v1" }] } }',
      'target "a" { inherits = ["a"] }',
      '{"target": {"a": {"inherits": ["b"]}, "b": {"inherits": ["a", "a", "a", "a"]}}}',
      '{"target": {"__proto__": {"context": "x"}}}',
      'x'.repeat(500_000),
    ];
    for (const file of [
      'compose.yaml',
      'docker-bake.hcl',
      'docker-bake.json',
      '.devcontainer.json',
      '.github/workflows/a.yml',
    ])
      for (const text of texts) {
        const milliseconds = cpuTime(() => assert.ok(Array.isArray(read(file, text))));
        assert.ok(milliseconds < 3000, `${file}: ${text.slice(0, 40)}`);
      }
  });

  it('answer soon where targets inherit from each other without end', () => {
    const names = Array.from({ length: 30 }, (_, index) => `t${index}`);
    const target = Object.fromEntries(names.map((name) => [name, { inherits: names.slice(0, 10) }]));
    assert.ok(cpuTime(() => read('docker-bake.json', JSON.stringify({ target }))) < 1000);
  });
});
