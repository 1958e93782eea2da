// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax under test
import assert from 'node:assert/strict';
import {
  type BuildGraph,
  type BuildOptions,
  buildGraph,
  imageName,
  mountFrom,
  type Step,
} from '../../../server/src/core/build/graph.ts';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';

const graphOf = (text: string, options: Partial<BuildOptions> = {}): BuildGraph =>
  buildGraph(parseDockerfile(text), { args: {}, ...options });

/** The last step of the last stage. */
function last(text: string, options: Partial<BuildOptions> = {}): Step {
  const step = graphOf(text, options).stages.at(-1)?.steps.at(-1);
  assert.ok(step, text);
  return step;
}

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
    assert.equal(last(file).environment.lookup('TARGETSTAGE')?.value, 'fin');
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

describe('mounts', () => {
  const mountsOf = (flags: string, before = '') => last(`FROM a\n${before}RUN ${flags} x\n`).mounts;

  it('are read as CSV, expanded, their targets resolved', () => {
    const [mount] = mountsOf(
      '--mount=type=cache,\\"id=a,b\\",target=$D/cache,sharing=LOCKED',
      'ARG D=deep\nWORKDIR /w\n',
    );
    assert.equal(mount?.type, 'cache');
    assert.equal(mount?.id, 'a,b');
    assert.equal(mount?.target, '/w/deep/cache');
    assert.equal(mount?.writtenTarget, '$D/cache');
    assert.equal(mount?.sharing, 'locked');
    assert.equal(mount?.readOnly, false);
  });

  it('have defaults by type', () => {
    const [bind, secret, hidden] = mountsOf(
      '--mount=target=/s,src=x --mount=type=secret,id=a/token --mount=type=secret,id=t,env=T',
    );
    assert.deepEqual([bind?.type, bind?.source, bind?.readOnly], ['bind', 'x', true]);
    assert.equal(secret?.target, '/run/secrets/token');
    assert.equal(hidden?.target, undefined);
  });

  it('are read-only or not as the last word says', () => {
    const readOnly = (options: string) => mountsOf(`--mount=type=bind,target=/s${options}`)[0]?.readOnly;
    assert.deepEqual(['', ',rw', ',rw=false', ',ro=0', ',rw,ro'].map(readOnly), [true, false, true, false, true]);
  });

  it('have no target where a variable is not known', () => {
    assert.equal(mountsOf('--mount=type=cache,target=$HOME/.npm')[0]?.target, undefined);
  });

  it('come from stages by name, never by number', () => {
    const graph = graphOf('FROM a AS s\nFROM b\nRUN --mount=from=S,target=/x --mount=from=0,target=/y z\n');
    const step = graph.stages[1]?.steps[0] as Step;
    assert.deepEqual(
      step.mounts.map((mount) => mountFrom(graph, step, mount)?.kind),
      ['stage', 'image'],
    );
  });
});

describe('COPY and ADD', () => {
  it('have their words expanded and their destination resolved', () => {
    const { copy } = last(
      'FROM a\nARG D=src\nWORKDIR /w\nCOPY --chown=$D:0 --chmod=$D --exclude=$D $D/x "y" out/$D/\n',
    );
    assert.deepEqual(
      copy?.sources.map(({ text }) => text),
      ['src/x', 'y'],
    );
    assert.equal(copy?.destination, '/w/out/src/');
    assert.deepEqual([copy?.chown, copy?.chmod, copy?.exclude], ['src:0', 'src', ['$D']]);
  });

  it('resolve every spelling of a destination', () => {
    const destination = (text: string) => last(`FROM a\nWORKDIR /w\nCOPY x ${text}\n`).copy?.destination;
    const cases = {
      '.': '/w/',
      './': '/w/',
      '/x/../y': '/y',
      '../z': '/z',
      '/d/.': '/d/.',
      '/': '/',
      'a//b/': '/w/a/b/',
    };
    for (const [text, expected] of Object.entries(cases)) assert.equal(destination(text), expected, text);
  });

  it('tell files, URLs and heredocs apart', () => {
    const { copy } = last('FROM a\nADD --checksum=sha256:1 x https://e.org/f.tgz git@e.org:r.git <<EOF /d/\nhi\nEOF\n');
    assert.deepEqual(
      copy?.sources.map(({ text }) => text),
      ['x'],
    );
    assert.deepEqual(
      copy?.urls.map(({ text }) => text),
      ['https://e.org/f.tgz', 'git@e.org:r.git'],
    );
    assert.deepEqual(
      copy?.heredocs.map(({ delimiter }) => delimiter),
      ['EOF'],
    );
    assert.equal(copy?.options.get('checksum'), 'sha256:1');
  });

  it('say which sources are not known', () => {
    const { copy } = last('FROM a\nCOPY app/$NODE_ENV.json x /d/\n');
    assert.deepEqual(
      copy?.sources.map(({ text, known }) => [text, known]),
      [
        ['app/${NODE_ENV}.json', false],
        ['x', true],
      ],
    );
  });
});

describe('ONBUILD', () => {
  it('of a parent stage comes before the steps of its children, and not of theirs', () => {
    const graph = graphOf('FROM a AS p\nONBUILD RUN t\nONBUILD ENV A=1\nFROM p AS c\nRUN own\nFROM c\nRUN z\n');
    const shown = graph.stages.map(({ steps }) => steps.map(({ keyword, fromOnbuild }) => [keyword, fromOnbuild]));
    assert.deepEqual(shown[1], [
      ['RUN', true],
      ['ENV', true],
      ['RUN', false],
    ]);
    assert.deepEqual(shown[2], [['RUN', false]]);
    assert.equal(graph.stages[2]?.steps[0]?.environment.lookup('A')?.value, '1');
  });

  it('of an image is known where somebody told, and stands at its FROM', () => {
    const images = new Map([[imageName('a'), { digest: 'd', env: [], onbuild: ['COPY . /app', 'RUN make'] }]]);
    const { stages } = graphOf('# hi\nFROM a\nRUN own\n', { images });
    const [copy, make, own] = stages[0]?.steps ?? [];
    assert.deepEqual([copy?.keyword, make?.instruction.rest.text, own?.fromOnbuild], ['COPY', 'make', false]);
    assert.deepEqual(copy?.instruction.span, stages[0]?.from.span);
    assert.equal(copy?.instruction.line, 1);
  });
});

describe('image names', () => {
  it('have one full form', () => {
    const same = ['alpine', 'alpine:latest', 'library/alpine', 'docker.io/alpine', 'index.docker.io/library/alpine'];
    for (const name of same) assert.equal(imageName(name), 'docker.io/library/alpine:latest', name);
    assert.equal(imageName('ghcr.io/o/i:1'), 'ghcr.io/o/i:1');
    assert.equal(imageName('localhost:5000/i'), 'localhost:5000/i:latest');
    assert.equal(imageName('node:22@sha256:1'), 'docker.io/library/node@sha256:1');
  });
});
