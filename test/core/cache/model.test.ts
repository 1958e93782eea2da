// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfile text
import assert from 'node:assert/strict';
import type { Step } from '../../../server/src/core/build/graph.ts';
import { buildGraph } from '../../../server/src/core/build/graph.ts';
import type { Model } from '../../../server/src/core/cache/model.ts';
import { cacheModel } from '../../../server/src/core/cache/model.ts';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import { causes, model } from './builds.ts';

const textOf = ({ keyword, instruction }: Step): string => `${keyword} ${instruction.rest.text}`;

function stepOf({ steps }: Model, text: string): Step {
  const step = steps.find((candidate) => textOf(candidate).startsWith(text));
  assert.ok(step, text);
  return step;
}

const follow = (of: Model, text: string) => {
  const { runs, depends } = of.consequences(stepOf(of, text));
  return { runs: runs.map(textOf), depends: depends.map(textOf) };
};

describe('the steps of a model', () => {
  it('are what the target runs and caches, in file order', () => {
    const { steps } = model(
      'FROM a AS s\nRUN 1\nFROM b AS dead\nRUN 2\nFROM s\nWORKDIR /\nENV A=1\nWORKDIR /w\nCOPY a.txt .\n',
    );
    assert.deepEqual(steps.map(textOf), ['RUN 1', 'WORKDIR /w', 'COPY a.txt .']);
  });
});

describe('what follows from a step that runs again', () => {
  it('is all that stands on it', () => {
    const text = 'FROM a AS s\nRUN 1\nENV A=1\nRUN 2\nFROM s AS t\nWORKDIR /w\nFROM t\nRUN 3\n';
    assert.deepEqual(follow(model(text), 'RUN 1'), { runs: ['RUN 2', 'WORKDIR /w', 'RUN 3'], depends: [] });
    assert.deepEqual(follow(model(text), 'RUN 3'), { runs: [], depends: [] });
  });

  it('is open behind COPY --from and mounts, and for what stands on those', () => {
    const text = `FROM a AS s
RUN 1
FROM b
RUN own
COPY --from=s /o /o
RUN 2
FROM b AS u
RUN --mount=from=s,target=/m 3
FROM b
RUN 4
COPY --from=1 /x /x
COPY --from=u /y /y
`;
    assert.deepEqual(follow(model(text), 'RUN 1'), {
      runs: [],
      depends: ['COPY /o /o', 'RUN 2', 'RUN 3', 'COPY /x /x', 'COPY /y /y'],
    });
  });

  it('leaves the copy of a --link alone, not what stands on it', () => {
    const text = 'FROM a\nRUN 1\nCOPY --link a.txt /x\nRUN 2\n';
    assert.deepEqual(follow(model(text), 'RUN 1').runs, ['RUN 2']);
    assert.deepEqual(follow(model(text, { builder: 'docker-graphdriver' }), 'RUN 1').runs, ['COPY a.txt /x', 'RUN 2']);
  });

  it('agrees with a comparison of two builds', () => {
    const text = (first: string) =>
      `FROM a AS s\nRUN ${first}\nCOPY --link a.txt /x\nRUN 2\nFROM s AS t\nWORKDIR /w\nFROM b\nCOPY --from=t /o /o\nRUN 3\nCOPY --link a.txt /x\nRUN --mount=type=cache,from=s,target=/c 4\n`;
    const before = model(text('1'));
    const causesAfter = causes(before, model(text('9')));
    const { runs, depends } = before.consequences(stepOf(before, 'RUN 1'));
    const touched = new Set([...runs, ...depends, stepOf(before, 'RUN 1')]);
    assert.deepEqual(
      causesAfter.map((because) => because !== ''),
      before.steps.map((step) => touched.has(step)),
    );
  });
});

describe('the inputs of a step', () => {
  const inputs = (text: string, of: string, options = {}) => {
    const made = model(text, options);
    return made.inputs(stepOf(made, of));
  };

  it('of a RUN are text, variables, user, directory, shell and mounts', () => {
    const text = `FROM a AS s
FROM b
ARG V=1
ENV W=w
USER node
RUN --mount=target=/m,source=src --mount=type=cache,target=/c --mount=from=s,source=/o,target=/o x
`;
    const found = inputs(text, 'RUN x').map((input) => (input.kind === 'files' ? [...input.selection.files] : input));
    assert.deepEqual(found, [
      { kind: 'instruction' },
      { kind: 'base-image', ref: 'b' },
      { kind: 'variable', name: 'V', value: '1', origin: 'arg' },
      { kind: 'variable', name: 'W', value: 'w', origin: 'env' },
      { kind: 'user', value: 'node' },
      { kind: 'workdir', value: '/' },
      { kind: 'shell', value: ['/bin/sh', '-c'] },
      ['src/deep/y.js', 'src/x.js'],
      { kind: 'stage-files', stage: 0, paths: ['/o'], via: 'mount' },
    ]);
  });

  it('of a COPY are the variables that it expands and the files', () => {
    const text = 'FROM a\nRUN x\nARG D=src U=1\nCOPY $D ${D:-x} /d\nCOPY --from=img /f /f\n';
    const found = inputs(text, 'COPY $D').map((input) =>
      input.kind === 'files' ? input.selection.files.length : input,
    );
    assert.deepEqual(found, [{ kind: 'instruction' }, { kind: 'variable', name: 'D', value: 'src', origin: 'arg' }, 2]);
    assert.deepEqual(inputs(text, 'COPY /f'), [
      { kind: 'instruction' },
      { kind: 'image-files', ref: 'img', paths: ['/f'] },
    ]);
  });

  it('of a WORKDIR are its user and the image it stands on', () => {
    assert.deepEqual(inputs('FROM a\nUSER u\nWORKDIR /w\n', 'WORKDIR'), [
      { kind: 'instruction' },
      { kind: 'base-image', ref: 'a' },
      { kind: 'user', value: 'u' },
    ]);
  });
});

describe('the selection of a step', () => {
  const selection = (line: string, options = {}) => {
    const made = model(`FROM a AS s\nFROM a\n${line}\n`, options);
    const step = made.steps.at(-1);
    assert.ok(step);
    return made.selection(step);
  };

  it('is what a COPY and bind mounts read', () => {
    assert.deepEqual(selection('COPY src *.txt /d/').files, ['a.txt', 'b.txt', 'src/deep/y.js', 'src/x.js']);
    assert.deepEqual(selection('COPY --exclude=deep src /d/').files, ['src/x.js']);
    assert.deepEqual(selection('RUN --mount=source=src,target=/s --mount=source=a.txt,target=/a x').files.length, 3);
    assert.equal(selection('COPY src /d/').has('src/x.js'), true);
    assert.equal(selection('COPY src /d/').bytes, 2);
  });

  it('is nothing for what reads other things', () => {
    for (const line of ['COPY --from=s /a /a', 'RUN x', 'RUN --mount=type=cache,target=/c x', 'ADD https://e.org/x /x'])
      assert.deepEqual([...selection(line).files, selection(line).known], [true], line);
  });

  it('says what is missing and what is not known', () => {
    assert.deepEqual(selection('COPY a.txt none.txt /d/').missing, ['none.txt']);
    const partly = selection('COPY a.txt $NONE /d/');
    assert.deepEqual([partly.known, [...partly.files]], [false, ['a.txt']]);
    const graph = buildGraph(parseDockerfile('FROM a\nCOPY a.txt /d/\n'), { args: {} });
    const blind = cacheModel(graph, { builder: 'buildkit' });
    assert.equal(blind.selection(stepOf(blind, 'COPY')).known, false);
  });
});

describe('causes', () => {
  const of = (before: string, after: string) => causes(model(before), model(after));

  it('name the first thing that changed', () => {
    assert.deepEqual(of('FROM a\nARG V=1\nRUN x\n', 'FROM a\nARG V=2\nRUN x\n'), ['ARG V is 2 instead of 1']);
    assert.deepEqual(of('FROM a\nENV V=1\nRUN x\n', 'FROM a\nRUN x\n'), ['ENV V is no longer set']);
    assert.deepEqual(of('FROM a\nRUN x\n', 'FROM a\nRUN y\nRUN z\n'), [
      'its command changed',
      'the build before had no such step',
    ]);
    assert.deepEqual(of('FROM a\nWORKDIR /x\n', 'FROM a\nWORKDIR /y\n'), ['its directory is /y instead of /x']);
  });

  it('name files with the step that selects them', () => {
    const text = 'FROM a\nRUN x\nCOPY . .\nRUN y\n';
    assert.deepEqual(causes(model(text), model(text, { files: { 'a.txt': '2' } })), [
      '',
      'a.txt and 4 more are selected by COPY . . on line 3',
      'the step before it runs again: COPY . . on line 3',
    ]);
    const folders = { '.dockerignore': '**/*.log' };
    const before = model(text, { files: folders });
    assert.equal(
      causes(before, model(text, { files: { ...folders, 'logs/x.log': '' } }))[1],
      'a folder or link is selected by COPY . . on line 3',
    );
  });

  it('name the image', () => {
    assert.deepEqual(of('FROM a:1\nRUN x\nRUN y\n', 'FROM a:2\nRUN x\nRUN y\n'), [
      'it is built on a:2 instead of a:1',
      'the step before it runs again: RUN x on line 2',
    ]);
  });

  it('name all that an open outcome hangs on', () => {
    const text = (make: string) =>
      `FROM a AS s\nRUN ${make}\nFROM b\nCOPY --from=s /o /o\nRUN y\nCOPY --from=s /p /q /r/\nFROM i:${make} AS t\nFROM b\nCOPY --from=1 /x /x\nCOPY --from=t /z /z\n`;
    assert.deepEqual(of(text('1'), text('2')).slice(3), [
      'it is cached if /p and /q in stage s are the same as before, and a step before it is cached: COPY --from=s /o /o on line 4',
      'it is cached if /x in the stage on line 3 is the same as before',
      'it is cached if /z in i:2 is the same as before, and the step before it is cached: COPY --from=1 /x /x on line 9',
    ]);
  });

  it('name what an open outcome hangs on', () => {
    const text = (make: string) => `FROM a AS s\nRUN ${make}\nFROM b\nCOPY --from=s /o /o\nRUN y\n`;
    assert.deepEqual(of(text('1'), text('2')), [
      'its command changed',
      'it is cached if /o in stage s is the same as before',
      'it is cached if the step before it is: COPY --from=s /o /o on line 4',
    ]);
  });
});
