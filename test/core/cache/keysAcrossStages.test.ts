import assert from 'node:assert/strict';
import type { ImageFacts } from '../../../server/src/core/build/graph.ts';
import { model, outcomes, type TestBuild } from './builds.ts';
import { check } from './keyCases.ts';

describe('base images', () => {
  const facts = (digest: string, more: Partial<ImageFacts> = {}) =>
    new Map([['docker.io/library/a:latest', { digest, env: [], ...more }]]);
  const text = 'FROM a\nCOPY a.txt b\nWORKDIR /w\nRUN x\n';
  const with2 = (before: Map<string, ImageFacts>, after: Map<string, ImageFacts>, dockerfile = text) =>
    outcomes(model(dockerfile, { images: before }), model(dockerfile, { images: after }));

  it('count by their layers', () => {
    assert.equal(with2(facts('1'), facts('1')), 'ccc');
    assert.equal(with2(facts('1'), facts('2')), 'rrr');
    check([['RUN x', 'LABEL a=b\nRUN x', 'c']]);
    assert.equal(outcomes(model('FROM a\nRUN x\n'), model('FROM docker.io/library/a:latest\nRUN x\n')), 'c');
    assert.equal(outcomes(model('FROM a\nRUN x\n'), model('FROM a:2\nRUN x\n')), 'r');
  });

  it('count by their variables, their user and their triggers', () => {
    assert.equal(with2(facts('1'), facts('1', { env: ['A=1'] })), 'ccr');
    assert.equal(with2(facts('1'), facts('1', { user: 'node' })), 'crr');
    assert.equal(with2(facts('1'), facts('1', { onbuild: ['RUN t'] })), 'rrrr');
  });

  it('leave open what is copied from them', () => {
    const copy = 'FROM scratch\nCOPY --from=a /etc/x /x\n';
    assert.equal(with2(facts('1'), facts('2'), copy), 'd');
    assert.equal(with2(facts('1'), facts('1'), copy), 'c');
    assert.equal(
      with2(facts('1'), facts('2'), 'FROM scratch AS s\nCOPY a.txt /\nFROM b\nRUN --mount=from=a,target=/m x\n'),
      'd',
    );
  });

  it('count by platform', () => {
    assert.equal(outcomes(model('FROM a\nRUN x\n'), model('FROM --platform=linux/amd64 a\nRUN x\n')), 'c');
    assert.equal(outcomes(model('FROM a\nRUN x\n'), model('FROM --platform=linux/arm64 a\nRUN x\n')), 'r');
    assert.equal(outcomes(model('FROM a\nRUN x\n'), model('FROM a\nRUN x\n', { platform: 'linux/arm64' })), 'r');
  });
});

describe('stages', () => {
  const compared = (before: string, after: string, options: TestBuild = {}) =>
    outcomes(model(before, options), model(after, options));
  const two = (make: string, read: string) => `FROM a AS s\n${make}\nFROM b\n${read}\nRUN x\n`;

  it('are mounted beside the context', () => {
    const text = two(
      'RUN make',
      'RUN --mount=target=/a --mount=from=s,target=/b --mount=target=/c --mount=from=a,target=/d y',
    );
    assert.equal(compared(text, text), 'ccc');
    assert.equal(compared(text, text.replace('make', 'make all')), 'rdd');
  });

  it('are a firewall behind COPY --from and bind mounts, none behind FROM', () => {
    assert.equal(compared(two('RUN 1', 'COPY --from=s /o /o'), two('RUN 2', 'COPY --from=s /o /o')), 'rdd');
    assert.equal(
      compared(two('RUN 1', 'RUN --mount=from=s,target=/m y'), two('RUN 2', 'RUN --mount=from=s,target=/m y')),
      'rdd',
    );
    assert.equal(
      compared(
        two('RUN 1', 'RUN --mount=type=cache,from=s,target=/m y'),
        two('RUN 2', 'RUN --mount=type=cache,from=s,target=/m y'),
      ),
      'rdd',
    );
    assert.equal(compared('FROM a AS s\nRUN 1\nFROM s\nRUN x\n', 'FROM a AS s\nRUN 2\nFROM s\nRUN x\n'), 'rr');
  });

  it('stay what they are under another name, place or number', () => {
    assert.equal(compared(two('RUN 1', 'COPY --from=s /o /o'), two('RUN 1', 'COPY --from=0 /o /o')), 'ccc');
    const moved = 'FROM z AS n\nFROM a AS t\nRUN 1\nFROM b\nCOPY --from=t /o /o\nRUN x\n';
    assert.equal(compared(two('RUN 1', 'COPY --from=s /o /o'), moved), 'ccc');
  });

  it('are one where they do the same', () => {
    assert.equal(compared('FROM a\nRUN 1\n', two('RUN 1', 'COPY --from=s /o /o')), 'crr');
    const twins = 'FROM a AS s\nRUN 1\nFROM a AS t\nRUN 1\nFROM b\nCOPY --from=s /x /x\nCOPY --from=t /y /y\n';
    assert.equal(compared(twins, twins.replace('--from=t', '--from=s')), 'ccc');
  });

  it('give other files under other paths', () => {
    assert.equal(compared(two('RUN 1', 'COPY --from=s /p/f /f'), two('RUN 1', 'COPY --from=s /q/f /f')), 'crr');
    const literal = 'RUN mkdir /p /q && echo 1 > /p/f && echo 1 > /q/f';
    assert.equal(compared(two(literal, 'COPY --from=s /p/f /f'), two(literal, 'COPY --from=s /q/f /f')), 'ccc');
    const unsure = literal.replace('echo 1 > /q/f', 'make /q/f');
    assert.equal(compared(two(unsure, 'COPY --from=s /p/f /f'), two(unsure, 'COPY --from=s /q/f /f')), 'crr');
  });

  it('that nothing needs never run', () => {
    assert.equal(compared('FROM a AS dead\nRUN 1\nFROM b\nRUN x\n', 'FROM a AS dead\nRUN 2\nFROM b\nRUN x\n'), 'c');
  });

  it('take triggers of a local parent for steps of their own', () => {
    const text = (trigger: string) => `FROM a AS s\nONBUILD RUN ${trigger}\nRUN base\nFROM s\nRUN x\n`;
    assert.equal(compared(text('1'), text('2')), 'crr');
  });

  it('count by content where a RUN mounts the very stage that it stands on', () => {
    const text = (make: string) => `FROM a AS s\nRUN ${make}\nFROM s\nRUN --mount=from=s,target=/m x\n`;
    assert.equal(compared(text('1'), text('2')), 'rd');
  });
});

describe('COPY --link', () => {
  const text = (first: string, flags = '--link') => `FROM a\nRUN ${first}\nCOPY ${flags} a.txt /x\nRUN y\n`;
  const compared = (flags: string, options: TestBuild = {}) =>
    outcomes(model(text('1', flags), options), model(text('2', flags), options));

  it('keeps its copy when what is before it changes, not what stands on it', () => {
    assert.equal(compared('--link'), 'rcrr');
    assert.equal(compared('--link --chown=1:1'), 'rcrr');
  });

  it('is an ordinary COPY with --chmod, and where layers cannot be merged', () => {
    assert.equal(compared('--link --chmod=644'), 'rrr');
    assert.equal(compared('--link=false'), 'rrr');
    assert.equal(compared('--link', { builder: 'docker-graphdriver' }), 'rrr');
  });

  it('needs no merge on an empty file system', () => {
    assert.equal(outcomes(model('FROM scratch\nCOPY a.txt /x\n'), model('FROM scratch\nCOPY --link a.txt /x\n')), 'c');
  });

  it('runs once when it is added', () => {
    assert.equal(outcomes(model(text('1', '')), model(text('1'))), 'crrr');
  });
});

describe('other builders', () => {
  it('Docker 20.10 counts id and sharing of every cache mount', () =>
    check([['RUN --mount=type=cache,target=/c,id=k x', 'RUN --mount=type=cache,target=/c,id=l x', 'r']], {
      builder: 'docker-20.10',
    }));

  it('kaniko counts only the variables that a command names', () =>
    check(
      [
        ['ARG A=1\nRUN x', 'ARG A=2\nRUN x', 'c'],
        ['ARG A=1\nRUN x $A', 'ARG A=2\nRUN x $A', 'r'],
      ],
      { builder: 'kaniko' },
    ));
});
