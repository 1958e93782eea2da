import assert from 'node:assert/strict';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cli, temporaryFolder } from './lib/run.ts';

const project = {
  Dockerfile: [
    'FROM alpine:3.22 AS build',
    'ARG VERSION',
    'WORKDIR /app',
    'COPY package.json ./',
    'RUN install',
    'COPY src src',
    'RUN build $VERSION',
    'FROM alpine:3.22 AS test',
    'RUN test',
    'FROM alpine:3.22',
    'COPY --from=build /app/dist /app',
    '',
  ].join('\n'),
  'package.json': '{}\n',
  'src/a.js': 'a\n',
  'src/b.js': 'b\n',
  'README.md': '# x\n',
};

type Step = { line: number; stage: string; instruction: string; outcome: string; because: string };

async function steps(cwd: string, args: readonly string[]): Promise<Step[]> {
  const { code, stdout, stderr } = await cli(cwd, ['what-if', ...args, '--format', 'json']);
  assert.deepEqual([code, stderr], [0, '']);
  const result: { version: number; steps: Step[] } = JSON.parse(stdout);
  assert.equal(result.version, 1);
  return result.steps;
}

/** "4 runs" and the like, for the steps that are not simply cached. */
async function outcomes(cwd: string, ...args: string[]): Promise<string[]> {
  return (await steps(cwd, ['Dockerfile', ...args]))
    .filter(({ outcome }) => outcome !== 'cached')
    .map(({ line, outcome }) => `${line} ${outcome}`);
}

const sources = ['6 runs', '7 runs', '11 depends'];

describe('what-if', () => {
  const make = temporaryFolder();

  it('answers for each step of the target, in the documented shape', async () => {
    const answer = await steps(make(project), ['Dockerfile', '--change', 'src/a.js']);
    assert.deepEqual(
      answer.map(({ line, stage, outcome }) => [line, stage, outcome]),
      [
        [3, 'build', 'cached'],
        [4, 'build', 'cached'],
        [5, 'build', 'cached'],
        [6, 'build', 'runs'],
        [7, 'build', 'runs'],
        [11, '2', 'depends'],
      ],
    );
    assert.deepEqual(Object.keys(answer[0] ?? {}), ['line', 'stage', 'instruction', 'outcome', 'because']);
    assert.equal(answer[0]?.because, '');
    assert.match(answer[3]?.because ?? '', /src\/a\.js is selected by COPY src src/);
  });

  it('takes changes of files, arguments and images, and another target', async () => {
    const folder = make(project);
    assert.deepEqual(await outcomes(folder), []);
    assert.deepEqual(await outcomes(folder, '--add', 'src/c.js'), sources);
    assert.deepEqual(await outcomes(folder, '--delete', 'src/b.js'), sources);
    assert.deepEqual(await outcomes(folder, '--change', 'src'), sources);
    assert.deepEqual(await outcomes(folder, '--change', 'README.md'), []);
    assert.deepEqual(await outcomes(folder, '--change', 'package.json', 'README.md'), ['4 runs', '5 runs', ...sources]);
    assert.deepEqual(await outcomes(folder, '--build-arg', 'VERSION=2'), ['5 runs', ...sources]);
    assert.deepEqual(await outcomes(folder, '--base', 'alpine:3.22', '--target', 'test'), ['9 runs']);
  });

  it('finds paths from the context and from the current folder', async () => {
    const folder = make(Object.fromEntries(Object.entries(project).map(([name, text]) => [`app/${name}`, text])));
    for (const change of ['src/a.js', 'app/src/a.js', './app/src/', path.join(folder, 'app/src/a.js')]) {
      const answer = await steps(folder, ['app/Dockerfile', '--change', change]);
      assert.equal(answer.filter(({ outcome }) => outcome === 'runs').length, 2, change);
    }
  });

  it('says which paths do not reach the builder', async () => {
    const folder = make({ ...project, '.dockerignore': 'README.md\n' });
    const { code, stderr } = await cli(folder, ['what-if', 'Dockerfile', '--change', 'README.md', '--add', '../x']);
    assert.equal(code, 0);
    assert.match(
      stderr,
      /README\.md does not reach the builder: it is ignored.*\n.*\.\.\/x is not in the build context/,
    );
  });

  it('prints a line for each step, the reason, and a summary', async () => {
    const { stdout } = await cli(make(project), ['what-if', 'Dockerfile', '--change', 'src/a.js']);
    const lines = stdout.split('\n');
    assert.equal(lines[0], 'cached    3  WORKDIR /app [build]');
    assert.equal(lines[3], 'runs      6  COPY src src [build]');
    assert.match(lines[4] ?? '', /^ {13}src\/a\.js is selected/);
    assert.equal(
      lines.at(-2),
      '2 of 6 steps run again, and 1 more if what it takes from another stage comes out different.',
    );
  });

  it('names a stage without a name as builds do', async () => {
    const { stdout } = await cli(make({ Dockerfile: 'FROM a\nRUN x\n' }), ['what-if', 'Dockerfile', '--base', 'a']);
    assert.match(stdout, /^runs +2 {2}RUN x \[stage-0\]\n/);
  });

  it('says which part of the question has no effect', async () => {
    const folder = make({ Dockerfile: 'FROM a AS s\nARG V\nRUN x\nCOPY --from=b:1 /x /x\n', 'notes.txt': 'hello\n' });
    const ask = (...args: string[]) => cli(folder, ['what-if', ...args]);
    const { code, stderr } = await ask('Dockerfile', '--base', 'node', '--build-arg', 'X=1');
    assert.equal(code, 0);
    assert.match(stderr, /node is no image that Dockerfile starts or copies from\n.*no ARG of Dockerfile declares X/);
    const used = await ask('Dockerfile', '--base', 'docker.io/library/b:1', '--build-arg', 'V=1', '--target', 's');
    assert.deepEqual([used.code, used.stderr], [0, '']);
    for (const args of [['notes.txt'], ['Dockerfile', '--target', 'none']]) {
      const nothing = await ask(...args);
      assert.deepEqual([nothing.code, nothing.stdout], [2, '']);
      assert.match(nothing.stderr, /has no (FROM|stage none)/);
    }
  });

  it('compares with another folder of the same layout', async () => {
    const folder = make(Object.fromEntries(Object.entries(project).map(([name, text]) => [`now/${name}`, text])));
    cpSync(path.join(folder, 'now'), path.join(folder, 'then'), { recursive: true });
    const here = path.join(folder, 'now');
    assert.deepEqual(await outcomes(here, '--against', '../then'), []);
    writeFileSync(path.join(folder, 'then/src/a.js'), 'older\n');
    assert.deepEqual(await outcomes(here, '--against', '../then'), sources);
    assert.deepEqual(await outcomes(here, '--against', '../then', '--build-arg', 'VERSION=2'), ['5 runs', ...sources]);
    const both = ['--build-arg', 'VERSION=2', '--against-build-arg', 'VERSION=2'];
    assert.deepEqual(await outcomes(here, '--against', '../then', ...both), sources);
    assert.deepEqual(await outcomes(here, '--against', '../then', '--against-build-arg', 'VERSION=2'), [
      '5 runs',
      ...sources,
    ]);
    const fromAbove = await steps(folder, ['now/Dockerfile', '--against', 'then']);
    assert.equal(fromAbove.filter(({ outcome }) => outcome === 'runs').length, 2);
  });

  it('says what it cannot compare with', async () => {
    const folder = make({ ...project, 'empty/x': '' });
    for (const against of ['empty', 'nothing', '--output=x', 'HEAD']) {
      const { code, stdout, stderr } = await cli(folder, ['what-if', 'Dockerfile', `--against=${against}`]);
      assert.deepEqual([code, stdout], [2, ''], against);
      assert.match(stderr, /--against/);
    }
    assert.equal((await cli(folder, ['what-if', 'missing'])).code, 2);
    assert.ok(!existsSync(path.join(folder, 'x')));
  });

  it('needs no more than a text to say what an argument does', async () => {
    const folder = make({ Dockerfile: 'FROM a\nARG X\nRUN a\n' });
    assert.deepEqual(await outcomes(folder, '--build-arg', 'X=1'), ['3 runs']);
  });
});
