import assert from 'node:assert/strict';
import { snapshotOfTexts } from '../../server/src/core/context/snapshot.ts';
import { type BuildChange, type BuildInput, whatIf } from '../../server/src/core/whatIf.ts';

const text = `FROM node:22 AS build
WORKDIR /app
COPY package.json ./
RUN npm ci
COPY src ./src
ARG VERSION=1
RUN npm run build
FROM nginx
COPY --from=build /app/dist /srv
LABEL a=b
RUN nginx -t
FROM node:22 AS unused
COPY . .
`;

const context = snapshotOfTexts({
  Dockerfile: text,
  '.dockerignore': '*.log\n',
  'package.json': '{}',
  'src/a.ts': 'a',
  'src/b.ts': 'b',
});

const input: BuildInput = { text, context, args: {}, target: '1', builder: 'buildkit' };

const outcomes = (change: BuildChange, of: BuildInput = input): string =>
  whatIf(of, change)
    .steps.map(({ outcome }) => outcome.charAt(0))
    .join('');

describe('what if', () => {
  it('nothing changes', () => assert.equal(outcomes({}), 'ccccccc'));

  it('tells line, stage, instruction, outcome and cause of each step that is needed', () => {
    assert.deepEqual(whatIf(input, { changed: ['src/b.ts'] }), {
      steps: [
        { line: 2, lastLine: 2, stage: 'build', instruction: 'WORKDIR /app', outcome: 'cached', because: '' },
        { line: 3, lastLine: 3, stage: 'build', instruction: 'COPY package.json ./', outcome: 'cached', because: '' },
        { line: 4, lastLine: 4, stage: 'build', instruction: 'RUN npm ci', outcome: 'cached', because: '' },
        {
          line: 5,
          lastLine: 5,
          stage: 'build',
          instruction: 'COPY src ./src',
          outcome: 'runs',
          because: 'src/b.ts is selected by COPY src ./src on line 5',
        },
        {
          line: 7,
          lastLine: 7,
          stage: 'build',
          instruction: 'RUN npm run build',
          outcome: 'runs',
          because: 'the step before it runs again: COPY src ./src on line 5',
        },
        {
          line: 9,
          lastLine: 9,
          stage: '1',
          instruction: 'COPY --from=build /app/dist /srv',
          outcome: 'depends',
          because: 'it is cached if /app/dist in stage build is the same as before',
        },
        {
          line: 11,
          lastLine: 11,
          stage: '1',
          instruction: 'RUN nginx -t',
          outcome: 'depends',
          because: 'it is cached if the step before it is: COPY --from=build /app/dist /srv on line 9',
        },
      ],
    });
  });

  it('leaves out a stage whose place a named context takes', () => {
    const { steps } = whatIf({ ...input, namedContexts: ['build'] }, { changed: ['src'] });
    assert.deepEqual(
      steps.map(({ line, outcome }) => [line, outcome]),
      [
        [9, 'cached'],
        [11, 'cached'],
      ],
    );
  });

  it('tells where a step of several lines ends', () => {
    const long = 'FROM a\nRUN one \\\n  # why\n  two\nRUN <<EOF\nthree\nEOF\nCOPY <<A <<B /x/\na\nA\nb\nB\nRUN four';
    const { steps } = whatIf({ ...input, text: long, target: undefined }, {});
    assert.deepEqual(
      steps.map(({ line, lastLine }) => [line, lastLine]),
      [
        [2, 4],
        [5, 7],
        [8, 12],
        [13, 13],
      ],
    );
  });

  it('files change, come, go or become executable', () => {
    assert.equal(outcomes({ changed: ['package.json'] }), 'crrrrdd');
    assert.equal(outcomes({ changed: ['src'] }), 'cccrrdd');
    assert.equal(outcomes({ changed: ['Dockerfile', 'none.txt'] }), 'ccccccc');
    assert.equal(outcomes({ added: ['src/new/c.ts'] }), 'cccrrdd');
    assert.equal(outcomes({ added: ['x.log', 'other.txt'] }), 'ccccccc');
    assert.equal(outcomes({ added: ['src/a.ts'] }), 'cccrrdd');
    assert.equal(outcomes({ deleted: ['src/a.ts'] }), 'cccrrdd');
    assert.equal(outcomes({ deleted: ['src'] }), 'cccrrdd');
    assert.equal(outcomes({ mode: ['src/a.ts'] }), 'cccrrdd');
    assert.equal(outcomes({ changed: [''] }), 'crrrrdd');
  });

  it('knows changed files whose content nobody has read', () => {
    const entries = context.entries.map((entry) => ({ ...entry }));
    const blind = { ...context, entries, text: () => undefined, digest: () => undefined };
    assert.equal(outcomes({}, { ...input, context: blind }), 'ccccccc');
    assert.equal(outcomes({ changed: ['src/a.ts'] }, { ...input, context: blind }), 'cccrrdd');
    assert.equal(outcomes({ deleted: ['src/a.ts'] }, { ...input, context: blind }), 'cccrrdd');
  });

  it('arguments get another value, or none', () => {
    assert.equal(outcomes({ args: { VERSION: '2' } }), 'ccccrdd');
    const given = { ...input, args: { VERSION: '2' } };
    assert.equal(outcomes({ args: { VERSION: undefined } }, given), 'ccccrdd');
    assert.equal(outcomes({ args: { OTHER: '1' } }), 'ccccccc');
  });

  it('images are pulled again', () => {
    assert.equal(outcomes({ images: ['nginx'] }), 'cccccrr');
    assert.equal(outcomes({ images: ['docker.io/library/node:22'] }), 'rrrrrdd');
    assert.equal(outcomes({ images: ['alpine'] }), 'ccccccc');
  });

  it('another target is built', () => assert.equal(outcomes({ target: 'unused' }), 'r'));

  it('the text or the whole context is another one', () => {
    assert.equal(outcomes({ text: text.replace('npm ci', 'npm install') }), 'ccrrrdd');
    assert.equal(outcomes({ text: text.replace('a=b', 'a=c') }), 'ccccccc');
    assert.equal(outcomes({ text: `# hi\n${text}` }, { ...input, target: 'unused' }), 'r');
    const other = snapshotOfTexts({ 'package.json': '{}', 'src/a.ts': 'a', 'src/b.ts': 'changed' }, { root: '/other' });
    assert.equal(outcomes({ context: other }), 'cccrrdd');
  });

  it('nothing is known of the context', () => {
    const blind = { ...input, context: undefined };
    assert.equal(outcomes({ changed: ['src/a.ts'] }, blind), 'ccccccc');
    assert.equal(outcomes({ args: { VERSION: '2' } }, blind), 'ccccrdd');
  });
});
