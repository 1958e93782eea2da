// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax under test
import assert from 'node:assert/strict';
import { imageName, mountFrom, type Step } from '../../../server/src/core/build/graph.ts';
import { graphOf, last } from './support.ts';

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
