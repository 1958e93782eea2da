// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the files have templates of their own
import assert from 'node:assert/strict';
import { analyze } from '../../../server/src/core/analyze.ts';
import { type DeclaredBuild, declaredBuilds } from '../../../server/src/core/builds/declared.ts';
import { mergeFindings } from '../../../server/src/core/builds/merge.ts';
import { planOf } from '../../../server/src/core/builds/plan.ts';
import { defaultConfig } from '../../../server/src/core/config.ts';
import { snapshotOfTexts } from '../../../server/src/core/context/snapshot.ts';
import type { Fix } from '../../../server/src/core/fixes.ts';
import type { BuildFacts, Facts } from '../../../server/src/core/workspace.ts';

const noBuilds: BuildFacts = { args: {}, passed: [], targets: [], namedContexts: [] };
const rulesIn = (text: string, facts: Partial<Facts>): string[] =>
  analyze(text, { context: undefined, history: undefined, ...facts }, defaultConfig).findings.map(
    ({ rule, severity }) => `${rule} ${severity}`,
  );

describe('the builds of one Dockerfile', () => {
  const service = (name: string, build: string): string => `  ${name}: { build: ${build} }\n`;
  const compose = (...services: string[]): DeclaredBuild[] =>
    declaredBuilds('/w/compose.yaml', `services:\n${services.join('')}`, '/w');
  const workflow = (context: string): DeclaredBuild[] =>
    declaredBuilds(
      '/w/.github/workflows/a.yml',
      `jobs: { j: { steps: [{ run: 'docker build -f app/Dockerfile ${context}' }] } }`,
      '/w',
    );

  it('name their contexts, those of compose files before those of workflows', () => {
    const all = [
      ...workflow('app'),
      ...compose(service('a', '{ context: ., dockerfile: app/Dockerfile }'), service('b', 'other')),
    ];
    const plan = planOf('/w/app/Dockerfile', all);
    assert.deepEqual(plan.contexts, [{ folder: '/w', reason: 'build.context of service a in compose.yaml' }]);
    assert.deepEqual(
      plan.candidates.map(({ folder }) => folder),
      ['/w/app', '/w'],
    );
    assert.deepEqual(planOf('/w/Dockerfile', all), { contexts: [], candidates: [], facts: undefined });
  });

  it('count three contexts at most', () => {
    const contexts = ['.', 'b', 'c', 'd'].map((name, index) =>
      service(`s${index}`, `{ context: ${name}, dockerfile: /w/D }`),
    );
    assert.deepEqual(
      planOf('/w/D', compose(...contexts)).contexts.map(({ folder }) => folder),
      ['/w', '/w/b', '/w/c'],
    );
  });

  it('pass values that are known only where all agree', () => {
    const { facts } = planOf(
      '/w/Dockerfile',
      compose(
        service('a', '{ context: ., target: one, args: { SAME: x, OTHER: a, OPEN: "${V}" } }'),
        service(
          'b',
          '{ context: ., target: two, args: { SAME: x, OTHER: b, ALONE: c } , additional_contexts: { n: . } }',
        ),
      ),
    );
    assert.deepEqual(facts, {
      args: { SAME: 'x', ALONE: 'c' },
      passed: ['OTHER', 'OPEN'],
      targets: ['one', 'two'],
      namedContexts: ['n'],
    });
  });
});

describe('an analysis with what builds pass', () => {
  const text = 'FROM alpine:3.22\nARG FLAVOUR\nRUN apk add --no-cache g++\nRUN make FLAVOUR=$FLAVOUR\n';

  it('takes an argument that one passes as set, whatever its value', () => {
    const of = (builds: BuildFacts | undefined) =>
      rulesIn(text, { builds }).filter((rule) => rule.startsWith('early-arg'));
    assert.deepEqual(of(undefined), []);
    assert.deepEqual(of({ ...noBuilds, passed: ['FLAVOUR'] }), ['early-arg hint']);
    assert.deepEqual(of({ ...noBuilds, args: { FLAVOUR: 'x' } }), ['early-arg hint']);
    assert.deepEqual(of({ ...noBuilds, passed: ['ELSE'] }), []);
  });

  it('takes the value of an argument without a default, as far as it is known', () => {
    const base = (file: string, builds: Partial<BuildFacts>, args = {}) => {
      const facts: Facts = { context: undefined, history: undefined, builds: { ...noBuilds, ...builds } };
      return analyze(file, facts, { ...defaultConfig, buildArgs: args }).graph.stages[0]?.base;
    };
    const image = (ref: string, resolved = true) => ({ kind: 'image', ref, resolved });
    assert.deepEqual(base('ARG V\nFROM a:$V\n', { args: { V: '1' } }), image('a:1'));
    assert.deepEqual(base('ARG V\nFROM a:$V\n', { passed: ['V'] }), image('a:${V}', false));
    // Builds that pass nothing use the default.
    assert.deepEqual(base('ARG V=2\nFROM a:$V\n', { args: { V: '1' } }), image('a:2'));
    assert.deepEqual(base('ARG V=2\nFROM a:$V\n', { passed: ['V'] }), image('a:2'));
    assert.deepEqual(base('ARG V\nFROM a:$V\n', { args: { V: '1' } }, { V: '3' }), image('a:3'));
    assert.deepEqual(base('ARG constructor\nFROM a\n', {}), image('a'));
  });

  it('takes the global default of an argument before what builds pass', () => {
    const facts: Facts = { context: undefined, history: undefined, builds: { ...noBuilds, passed: ['V'] } };
    const { graph } = analyze('ARG V=2\nFROM a\nARG V\nRUN x\n', facts, defaultConfig);
    assert.equal(graph.stages[0]?.steps[1]?.environment.lookup('V')?.value, '2');
  });

  it('looks at the stages that one of them builds, and at the last all the same', () => {
    const stages = text.replace('22', '22 AS dev').replace('FLAVOUR', 'GIT_SHA') + text.replace('FLAVOUR', 'GIT_SHA');
    const of = (builds?: BuildFacts) => rulesIn(stages, { builds }).filter((rule) => rule.startsWith('early-arg'));
    assert.deepEqual(of().length, 1);
    assert.deepEqual(of({ ...noBuilds, targets: ['dev'] }).length, 2);
    assert.deepEqual(of({ ...noBuilds, targets: ['nothing'] }).length, 1);
  });
});

describe('a Dockerfile that is built in several contexts', () => {
  const text = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm npm ci\n';
  const npm = {
    'package.json': '{"name": "a"}',
    'package-lock.json': '{"lockfileVersion": 3}',
    'a.js': '',
    '.dockerignore': '**/node_modules\n',
  };
  const context = (files: Record<string, string>, reason: string) => ({
    ...snapshotOfTexts(files, { root: `/${reason}` }),
    reason,
  });
  const findings = (...contexts: ReturnType<typeof context>[]) => {
    const [main, ...others] = contexts;
    return analyze(text, { context: main, history: undefined, others }, defaultConfig).findings.filter(
      ({ rule }) => rule === 'copy-before-install',
    );
  };

  it('keeps the findings and fixes that are the same in all', () => {
    const [alone] = findings(context(npm, 'one'));
    assert.ok(alone && alone.fixes.length > 0);
    assert.deepEqual(findings(context(npm, 'one'), context(npm, 'two')), [alone]);
  });

  it('has no fix that would be another elsewhere', () => {
    const [found, ...rest] = findings(context(npm, 'one'), context({ ...npm, '.npmrc': 'a=b' }, 'two'));
    assert.deepEqual([rest, found?.fixes], [[], []]);
  });

  it('names the contexts of a finding that does not hold in all', () => {
    const fixes: Fix[] = [{ title: 'x', applicability: 'safe', edits: [{ span: { start: 0, end: 0 }, newText: 'x' }] }];
    const finding = { rule: 'a', severity: 'hint', message: 'Wrong.', related: [], fixes } as const;
    const here = { ...finding, span: { start: 5, end: 6 } };
    const there = { ...finding, span: { start: 1, end: 2 } };
    const merged = mergeFindings([
      { reason: 'one', findings: [here] },
      { reason: 'two', findings: [there, here] },
      { reason: 'three', findings: [here] },
    ]);
    const message = 'Wrong. Of the contexts that this file is built in, this holds for one named by two.';
    assert.deepEqual(merged, [{ ...there, message, fixes: [] }, here]);
  });

  it('still has the facts that it was given', () => {
    const facts: Facts = { context: context(npm, 'one'), history: undefined, others: [context(npm, 'two')] };
    assert.equal(analyze(text, facts, defaultConfig).facts, facts);
  });
});
