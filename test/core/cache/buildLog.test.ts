import assert from 'node:assert/strict';
import { buildGraph } from '../../../server/src/core/build/graph.ts';
import { loggedSteps } from '../../../server/src/core/cache/buildLog.ts';
import { timeOf, took } from '../../../server/src/core/cache/time.ts';
import { duration } from '../../../server/src/core/prose.ts';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import { noFacts } from '../../../server/src/core/workspace.ts';

const brief = (log: string) =>
  loggedSteps(log).map(({ names, number, text, seconds }) => `${[...names, number].join(' ')}: ${text} ${seconds}`);

/** By line, the seconds of each step that has a time; lines count from one. */
function times(text: string, log: string): Record<number, number> {
  const dockerfile = parseDockerfile(text);
  const graph = buildGraph(dockerfile, { args: {} });
  const known = { dockerfile, graph, facts: { ...noFacts, log: { name: 'build.log', steps: loggedSteps(log) } } };
  const steps = graph.stages.flatMap((stage) => stage.steps);
  return Object.fromEntries(
    steps.flatMap((step) => {
      const time = timeOf(known, [step]);
      return time ? [[step.instruction.line + 1, time.seconds] as const] : [];
    }),
  );
}

describe('the log of a build', () => {
  it('has the steps that ran', () => {
    const log = `#0 building with "default" instance using docker driver

#1 [internal] load build definition from Dockerfile
#1 DONE 0.0s

#5 [build  1/13] FROM docker.io/library/debian:12@sha256:64d4
#5 DONE 1.0s

#8 [build  3/13] RUN echo "x 1.2" 'q'     && sleep 0.3
#8 0.094 x 1.2
#8 0.101 #9 DONE 99s
#8 ...

#9 [build 12/13] RUN sleep 0.2
#9 CACHED

#8 [build  3/13] RUN echo "x 1.2" 'q'     && sleep 0.3
#8 DONE 0.4s

#10 [2/3] WORKDIR /app
#10 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1
`;
    assert.deepEqual(brief(log), ['build 3: RUNechox1.2q&&sleep0.3 0.4']);
  });

  it('may have gone through a service, a terminal or Windows', () => {
    for (const before of [
      '2026-11-20T10:00:00.1234567Z ',
      'build\tBuild image\t2026-11-20T10:00:00.1Z ',
      '2026-11-20T10:00:00.1Z 00O ',
    ])
      assert.deepEqual(brief(`${before}#7 [2/3] RUN make\r\n${before}#7 DONE 12.5s\r\n`), ['2: RUNmake 12.5']);
    assert.deepEqual(brief('\u001b[34m#7 [2/3] RUN make\u001b[0m\n\u001b[34m#7 DONE 1.0s\u001b[0m\n'), [
      '2: RUNmake 1',
    ]);
  });

  it('may tell of several platforms and several builds', () => {
    const log = `#7 [linux/amd64 build 2/3] RUN make
#7 DONE 1.0s
#8 [web linux/amd64->arm64 build 2/3] RUN make
#8 DONE 2.0s
#7 [linux/amd64 build 2/3] RUN make
#7 DONE 3.0s
`;
    assert.deepEqual(brief(log), ['web build 2: RUNmake 2', 'build 2: RUNmake 3']);
  });

  it('may be anything', () => {
    for (const text of [
      '',
      '#',
      '#1 ',
      '#1 DONE 1s',
      '#1 [a\n#1 DONE 2.0s',
      '#1 [1/1] \n#1 DONE 1s',
      `#1 [${'a '.repeat(99_999)}`,
    ])
      assert.deepEqual(brief(text), []);
  });
});

describe('the time that a step took', () => {
  it('is found by what the builder calls it', () => {
    const text = [
      'FROM debian:12 AS Build',
      'ARG VERSION=1.2',
      'WORKDIR /app/$VERSION',
      `RUN echo "x \${VERSION:-9}" 'q $VERSION' "\\$HOME" $UNSET \\`,
      '    # a comment',
      '    && make',
      'RUN <<EOF',
      'set -e',
      'make',
      'EOF',
      'RUN --mount=type=tmpfs,target=/t <<EOF',
      'make all',
      'EOF',
      'COPY ["Dockerfile", "/a b"]',
      'run --mount=type=cache,target=/c make',
      'RUN echo "$NOTHING 14"',
      'FROM build',
      'RUN make',
    ].join('\n');
    const log = `#1 [build 2/7] WORKDIR /app/7
#1 DONE 0.1s
#2 [build 3/7] RUN echo "x 7" 'q $VERSION' "$HOME" $UNSET     && make
#2 DONE 0.2s
#3 [build 4/7] RUN <<EOF (set -e...)
#3 DONE 0.3s
#4 [build 5/7] RUN --mount=type=tmpfs,target=/t <<EOF (make all)
#4 DONE 0.4s
#5 [build 6/7] COPY [Dockerfile, /a b]
#5 DONE 0.5s
#6 [build 7/7] RUN --mount=type=cache,target=/c make
#6 DONE 0.6s
#8 [build 8/8] RUN echo " 14"
#8 DONE 0.8s
#7 [stage-1 1/1] RUN make
#7 DONE 0.7s
`;
    assert.deepEqual(times(text, log), { 3: 0.1, 4: 0.2, 7: 0.3, 11: 0.4, 14: 0.5, 15: 0.6, 16: 0.8, 18: 0.7 });
  });

  it('is not that of another text, another stage, or a step that cannot be told from another one', () => {
    const log = '#1 [a 2/3] RUN make\n#1 DONE 1.0s\n#2 [a 3/3] RUN npm ci && npm run buil...\n#2 DONE 2.0s\n';
    assert.deepEqual(times('FROM x AS a\nRUN make all\nRUN mak\nFROM x AS b\nRUN make\n', log), {});
    assert.deepEqual(times('FROM x AS a\nRUN make\nRUN make\nFROM x\n', log), {});
    assert.deepEqual(times('FROM x AS a\nRUN npm ci && npm run build:a\nFROM x\n', log), { 2: 2 });
    assert.deepEqual(
      times('FROM x AS a\nRUN npm ci && npm run build:a\nRUN npm ci && npm run build:b\nFROM x\n', log),
      {},
    );
    assert.deepEqual(times('FROM x AS a\nRUN npm ci\nFROM x\n', log), {});
    assert.deepEqual(times('FROM x AS a\nRUN $TOOL ci && npm run build:a\nFROM x\n', log), { 2: 2 });
    assert.deepEqual(times('FROM x AS a\nRUN make all $T\nRUN $A test && $B x\nFROM x\n', log), {});
  });

  it('is that of each of several alike, by their order', () => {
    const log = '#2 [a 4/4] RUN make\n#2 DONE 2.0s\n#1 [a 2/4] RUN make\n#1 DONE 1.0s\n';
    assert.deepEqual(times('FROM x AS a\nRUN make\nRUN other\nRUN make\nFROM x\n', log), { 2: 1, 4: 2 });
  });

  it('is that of the step that has the name as it stands', () => {
    const log = '#1 [a 2/3] WORKDIR /w/x\n#1 DONE 1.0s\n#2 [a 3/3] WORKDIR /w/7\n#2 DONE 2.0s\n';
    assert.deepEqual(times('FROM x AS a\nWORKDIR /w/x\nWORKDIR /w/$V\nFROM x\n', log), { 2: 1, 3: 2 });
    assert.deepEqual(times('FROM x AS a\nWORKDIR /w/$V\nWORKDIR /w/x\nFROM x\n', log), { 2: 2, 3: 1 });
  });

  it('needs no stage where there is one alone, and is the last one where there are several', () => {
    const log = '#1 [2/3] RUN make\n#1 DONE 1.0s\n#1 [web 3/4] RUN make\n#1 DONE 2.0s\n';
    assert.deepEqual(times('FROM x\nRUN make\n', log), { 2: 2 });
  });

  it('is said in a sentence', () => {
    const dockerfile = parseDockerfile('FROM x\nRUN make\nRUN npm ci\nRUN none\n');
    const graph = buildGraph(dockerfile, { args: {} });
    const steps = loggedSteps('#1 [2/4] RUN make\n#1 DONE 61.0s\n#2 [3/4] RUN npm ci\n#2 DONE 64.2s\n');
    const known = { dockerfile, graph, facts: { ...noFacts, log: { name: 'ci/build.log', steps } } };
    const all = graph.stages[0]?.steps ?? [];
    assert.equal(took(known, all.slice(0, 1)), 'In ci/build.log, RUN make took 61 s.');
    assert.equal(took(known, all.slice(0, 2)), 'In ci/build.log, these 2 steps took 2 min 5 s.');
    assert.equal(took(known, all), 'In ci/build.log, 2 of these 3 steps took 2 min 5 s.');
    assert.equal(took(known, all.slice(2)), '');
    assert.equal(took({ dockerfile, graph, facts: noFacts }, all), '');
    assert.deepEqual([0.04, 9.94, 10, 119.4, 3599, 3780].map(duration), [
      '0.0 s',
      '9.9 s',
      '10 s',
      '119 s',
      '59 min 59 s',
      '1 h 3 min',
    ]);
  });
});
