import assert from 'node:assert/strict';
import { startProgress } from '../../server/src/cli/progress.ts';
import { testIo } from './lib/io.ts';
import { cli, temporaryFolder } from './lib/run.ts';

const files = {
  Dockerfile: 'FROM alpine:3.22\nCOPY src \\\n  /src\nRUN make\n',
  'src/a.c': '',
  'src/b.c': '',
};

describe('explain', () => {
  const make = temporaryFolder();

  it('says of each instruction what its cache key depends on', async () => {
    const { code, stdout, stderr } = await cli(make(files), ['explain', 'Dockerfile']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(stdout, /^Dockerfile:1 FROM alpine:3\.22\n {2}/);
    assert.match(stdout, /\n\nDockerfile:2 COPY src \/src\n[\s\S]*2 files[\s\S]*src\/a\.c/);
    assert.doesNotMatch(stdout, /\*\*|`/);
  });

  it('takes a line, of any part of the instruction', async () => {
    const folder = make(files);
    for (const line of [2, 3]) {
      const { stdout } = await cli(folder, ['explain', `Dockerfile:${line}`]);
      assert.equal(stdout.match(/^Dockerfile:\d/gm)?.join(), 'Dockerfile:2');
    }
    const { code, stderr } = await cli(folder, ['explain', 'Dockerfile:9']);
    assert.equal(code, 2);
    assert.match(stderr, /there is no instruction on line 9/);
  });

  it('says how long steps took, where the log of a build tells', async () => {
    const log = '#7 [3/3] RUN make\n#7 DONE 12.5s\n';
    const folder = make({ ...files, 'ci/build.log': log });
    const said = async (...args: string[]) => (await cli(folder, ['explain', ...args])).stdout.replace(/\s+/g, ' ');
    assert.match(
      await said('Dockerfile:4', '--build-log', 'ci/build.log'),
      /in ci\/build\.log, it took 13 s - no other step/,
    );
    assert.match(
      await said('Dockerfile:2', '--build-log', 'ci/build.log'),
      /the 1 step that runs again with it took 13 s/,
    );
    assert.doesNotMatch(await said('Dockerfile'), / took /);
    for (const [log, problem] of [
      ['none.log', 'there is no such file'],
      ['src', 'it is not a regular file'],
      ['Dockerfile', 'it has no step that ran, as docker build --progress=plain prints them'],
    ] as const) {
      const { code, stderr } = await cli(folder, ['check', '--build-log', log]);
      assert.equal(code, 2);
      assert.ok(stderr.includes(`${log}: ${problem}`), stderr);
    }
  });

  it('takes a file whose name looks like one with a line', async () => {
    const { code, stdout } = await cli(make({ ...files, 'Dockerfile:2': 'FROM scratch\n' }), [
      'explain',
      'Dockerfile:2',
    ]);
    assert.equal(code, 0);
    assert.match(stdout, /^Dockerfile:2:1 FROM scratch/);
  });

  it('prints JSON with places from zero and lines from one', async () => {
    const { stdout } = await cli(make(files), ['explain', '--format', 'json', 'Dockerfile:3']);
    const { version, path, instructions } = JSON.parse(stdout);
    assert.deepEqual([version, path, instructions.length], [1, 'Dockerfile', 1]);
    const { line, keyword, range, text, markdown } = instructions[0];
    assert.deepEqual(
      [line, keyword, range],
      [2, 'COPY', { start: { line: 1, character: 0 }, end: { line: 2, character: 6 } }],
    );
    assert.match(markdown, /`src\/a\.c`/);
    assert.doesNotMatch(text, /`/);
  });

  it('ends with 2 where there is no such file', async () => {
    const { code, stderr } = await cli(make(files), ['explain', 'nope']);
    assert.equal(code, 2);
    assert.match(stderr, /^cache-lens: nope: there is no such file\n/);
  });
});

describe('progress', () => {
  const run = (isTerminal: boolean, step: number): string => {
    const io = testIo({ isTerminal, columns: 20 });
    let time = 0;
    const progress = startProgress(io, 30, () => {
      time += step;
      return time;
    });
    for (let n = 0; n < 30; n++) progress.next(`a/long/path/to/${n}/Dockerfile`);
    progress.end();
    return io.written.stderr;
  };

  it('is a line on a terminal in a long run, and leaves no trace', () => {
    const written = run(true, 60);
    assert.match(written, /\d+\/30 a\/long\/pat/);
    assert.ok(written.endsWith('\r\u001b[K'));
    assert.ok(written.split('\r').every((line) => line.length <= 22));
  });

  it('is nothing in a short run, or without a terminal', () => {
    assert.equal(run(true, 1), '');
    assert.equal(run(false, 60), '');
  });
});
