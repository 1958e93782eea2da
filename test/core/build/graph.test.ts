// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax under test
import assert from 'node:assert/strict';
import {
  ancestors,
  type BuildGraph,
  type BuildOptions,
  imageName,
  type Step,
} from '../../../server/src/core/build/graph.ts';
import { graphOf, last } from './support.ts';

const variables = (step: Step): string[] =>
  step.environment.variables.map(({ name, text, origin }) => `${origin} ${name}=${text}`);

const stagesOf = ({ stages }: BuildGraph) =>
  stages.map(({ name, base, platform }) => {
    const from = base.kind === 'stage' ? base.stage.index : base.kind === 'image' ? base.ref : base.kind;
    return [name, from, platform];
  });

describe('stages', () => {
  it('are built FROM images, stages in any case, and scratch', () => {
    const graph = graphOf('FROM node:22 AS Build\nFROM build AS next\nFROM scratch\n');
    assert.deepEqual(stagesOf(graph), [
      ['Build', 'node:22', undefined],
      ['next', 0, undefined],
      [undefined, 'scratch', undefined],
    ]);
    assert.deepEqual(
      graph.stages.map(({ image }) => image),
      ['node:22', 'node:22', undefined],
    );
  });

  it('expand global arguments and predefined ones in FROM', () => {
    const text = 'ARG V=22\nARG IMAGE=node:$V\nFROM --platform=$BUILDPLATFORM ${IMAGE}-alpine\n';
    assert.deepEqual(stagesOf(graphOf(text)), [[undefined, 'node:22-alpine', 'linux/amd64']]);
    const options = { args: { V: '20' }, buildPlatform: 'linux/arm64' };
    assert.deepEqual(stagesOf(graphOf(text, options)), [[undefined, 'node:20-alpine', 'linux/arm64']]);
  });

  it('say that an image is not known where an argument has no value', () => {
    const [stage] = graphOf('ARG TAG\nFROM node:$TAG\n').stages;
    assert.deepEqual(stage?.base, { kind: 'image', ref: 'node:${TAG}', resolved: false });
    assert.equal(stage?.image, undefined);
    assert.equal(graphOf('ARG TAG\nFROM node:${TAG:-22}\n').stages[0]?.image, 'node:22');
  });

  it('are no names of a stage that comes later', () => {
    const graph = graphOf('FROM b AS a\nCOPY --from=b /x /x\nFROM alpine AS b\n');
    assert.equal(graph.stages[0]?.base.kind, 'image');
    assert.equal(graph.stages[0]?.steps[0]?.copy?.from?.kind, 'image');
  });

  it('give way to named contexts', () => {
    const text = 'FROM alpine AS base\nRUN a\nFROM base\nCOPY --from=docs / /docs\nFROM node:22\n';
    const graph = graphOf(text, { namedContexts: ['base', 'docs', 'node:22'] });
    assert.deepEqual(graph.stages[0]?.base, { kind: 'context', name: 'base' });
    assert.deepEqual(graph.stages[0]?.steps, []);
    assert.deepEqual(graph.stages[1]?.steps[0]?.copy?.from, { kind: 'context', name: 'docs' });
    assert.deepEqual(graph.stages[2]?.base, { kind: 'context', name: 'node:22' });
  });

  it('are reached by FROM, COPY --from and mounts', () => {
    const text = `FROM alpine AS a
FROM alpine AS b
FROM alpine AS c
FROM alpine AS d
FROM a
COPY --from=1 /x /x
RUN --mount=type=bind,from=c,target=/c true
RUN --mount=type=tmpfs,from=d,target=/d true
`;
    const { reachable, stages } = graphOf(text);
    assert.deepEqual(
      stages.filter((stage) => reachable.has(stage)).map(({ index }) => index),
      [0, 1, 2, 4],
    );
  });

  it('can be the target by name or number', () => {
    const text = 'FROM alpine AS One\nFROM alpine AS two\nFROM one\n';
    assert.equal(graphOf(text).target?.index, 2);
    assert.equal(graphOf(text, { target: 'ONE' }).target?.index, 0);
    assert.equal(graphOf(text, { target: '1' }).target?.index, 1);
    assert.equal(graphOf(text, { target: 'none' }).target, undefined);
    assert.equal(graphOf(text, { target: 'none' }).reachable.size, 0);
  });

  it('never throw on what is no build', () => {
    for (const text of [
      '',
      'RUN a\n',
      'FROM\n',
      'FROM a AS\n',
      'COPY\n',
      'FROM a\nCOPY x\nENV\nARG\nRUN --mount= x\nONBUILD\n',
    ])
      for (const step of graphOf(text).stages.flatMap(({ steps }) => steps))
        void [step.copy, step.mounts, step.script, step.environment.key];
  });
});

describe('the environment', () => {
  const text = (lines: string): string => `FROM scratch\n${lines}RUN x\n`;
  const ownVariables = (lines: string, options: Partial<BuildOptions> = {}) =>
    variables(last(text(lines), options)).slice(1);

  it('keeps the order in which variables were last set', () => {
    assert.deepEqual(ownVariables('ENV A=1 B=2\nARG C=3\nENV A=4\n'), ['env B=2', 'arg C=3', 'env A=4']);
  });

  it('expands all values of one ENV with what was before it, and those of one ARG one after the other', () => {
    assert.deepEqual(ownVariables('ENV A=1\nENV A=2 B=$A\n'), ['env A=2', 'env B=1']);
    assert.deepEqual(ownVariables('ARG A=1 B=$A\n'), ['arg A=1', 'arg B=1']);
  });

  it('takes an argument from the build, its default, or the argument before the first FROM', () => {
    const file = 'ARG G=global\nARG H=global\nFROM scratch\nARG G\nARG H=own\nARG N\nRUN x\n';
    assert.deepEqual(variables(last(file)).slice(1), ['arg G=global', 'arg H=own']);
    assert.deepEqual(variables(last(file, { args: { H: 'given', N: '' } })).slice(1), [
      'arg G=global',
      'arg H=given',
      'arg N=',
    ]);
    assert.deepEqual(ownVariables('', { args: { UNDECLARED: '1' } }), []);
  });

  it('has predefined arguments only where they are declared', () => {
    const options = { platform: 'linux/arm/v7', buildPlatform: 'linux/amd64', target: 'fin' };
    const file = 'FROM scratch AS fin\nARG TARGETPLATFORM TARGETVARIANT BUILDARCH TARGETSTAGE\nRUN x $TARGETOS\n';
    assert.deepEqual(variables(last(file, options)).slice(1), [
      'arg TARGETPLATFORM=linux/arm/v7',
      'arg TARGETVARIANT=v7',
      'arg BUILDARCH=amd64',
      'arg TARGETSTAGE=fin',
    ]);
    const stageOf = (text: string) => last(text).environment.lookup('TARGETSTAGE')?.value;
    assert.equal(stageOf(file), 'fin');
    // BuildKit reads a stage's name in lower case.
    assert.equal(stageOf(file.replace('AS fin', 'AS Fin')), 'fin');
  });

  it('lets an ARG win over an ENV before it, and hides an ARG behind an ENV after it', () => {
    assert.deepEqual(ownVariables('ENV V=env\nARG V=arg\n'), ['arg V=arg']);
    assert.deepEqual(ownVariables('ARG V=arg\nENV V=env\n'), ['env V=env']);
  });

  it('is inherited with its ARGs, behind which the variables of the image are set once more', () => {
    const file = 'FROM scratch AS a\nENV V=env\nARG V=arg\nARG W=w\nRUN x\nFROM a\nRUN y\n';
    const [parent, child] = graphOf(file).stages;
    assert.deepEqual(variables(parent?.steps.at(-1) as Step).slice(1), ['arg V=arg', 'arg W=w']);
    assert.deepEqual(
      variables(child?.steps.at(-1) as Step)
        .slice(0, 3)
        .map((text) => text.replace(/=\/.*/, '')),
      ['arg W=w', 'image PATH', 'env V=env'],
    );
  });

  it('knows nothing of the variables of an image, unless it was told', () => {
    const file = 'FROM node:22\nENV PATH=/opt:$PATH\nWORKDIR $HOME\nRUN x\n';
    const unknown = last(file);
    assert.deepEqual(unknown.environment.lookup('PATH'), {
      name: 'PATH',
      value: undefined,
      text: '/opt:${PATH}',
      origin: 'env',
      declaredBy: unknown.stage.steps[0]?.instruction,
    });
    const facts = { digest: 'd', env: ['PATH=/bin', 'HOME=/root'], user: 'node', workdir: '/srv' };
    const told = last(file, { images: new Map([[imageName('node:22'), facts]]) });
    assert.equal(told.environment.lookup('PATH')?.value, '/opt:/bin');
    assert.equal(told.workdir, '/root');
    assert.equal(told.user, 'node');
  });

  it('tells images apart, and values from references that look alike', () => {
    const key = (text: string) => last(text).environment.key;
    assert.notEqual(key('FROM a\nRUN x\n'), key('FROM b\nRUN x\n'));
    assert.equal(key('FROM a\nENV A=1\nRUN x\n'), key('FROM a\nARG A=1\nRUN y\n'));
    assert.notEqual(key('FROM a\nENV A=$X\nRUN x\n'), key("FROM a\nENV A='${X}'\nRUN x\n"));
  });
});

describe('a hostile file', () => {
  it('of thousands of stages and doubling variables is read in reasonable time and memory', () => {
    const lines = ['FROM a AS s0', 'ENV V0=x'];
    for (let at = 1; at < 4000; at++)
      lines.push(`FROM s${at - 1} AS s${at}`, `ENV V${at}=$V${at - 1}$V${at - 1}`, 'RUN x');
    const graph = graphOf(lines.join('\n'));
    const step = graph.stages.at(-1)?.steps.at(-1) as Step;
    assert.equal([...ancestors(step)].length, 2 * 3999);
    assert.equal(step.environment.lookup('V3')?.value, 'x'.repeat(8));
    assert.equal(step.environment.lookup('V3999')?.value, undefined);
  });
});

describe('user, directory and shell', () => {
  it('are those before the step, the directory of a WORKDIR the one after it', () => {
    const { stages } = graphOf(
      'FROM a\nWORKDIR /a\nWORKDIR b/../c\nUSER node\nSHELL ["bash","-c"]\nRUN x\nFROM 0\nRUN y\n',
    );
    const shown = stages[0]?.steps.map(({ workdir, user, shell }) => [workdir, user, shell[0]]);
    assert.deepEqual(shown, [
      ['/a', '', '/bin/sh'],
      ['/a/c', '', '/bin/sh'],
      ['/a/c', '', '/bin/sh'],
      ['/a/c', 'node', '/bin/sh'],
      ['/a/c', 'node', 'bash'],
    ]);
  });

  it('are inherited', () => {
    const step = last('FROM a AS s\nWORKDIR /w/\nUSER 1:2\nSHELL ["bash","-c"]\nFROM s\nRUN y\n');
    assert.deepEqual([step.workdir, step.user, step.shell], ['/w/', '1:2', ['bash', '-c']]);
  });
});
