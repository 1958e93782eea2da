import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { buildSync } from 'esbuild';
import { type Analysis, analyze } from '../../server/src/core/analyze.ts';
import { defaultConfig } from '../../server/src/core/config.ts';
import { snapshotOfTexts } from '../../server/src/core/context/snapshot.ts';
import type { Facts } from '../../server/src/core/workspace.ts';
import { generated } from '../bench/dockerfile.ts';

/** Numbers from 0 up to `below`, the same ones for the same seed (a linear congruential generator). */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const snippets = [
  'USER app\n',
  'RUN useradd -m app\n',
  'ENV HOME=/srv\n',
  'WORKDIR /srv/service2\n',
  'COPY . .\n',
  'COPY services/service2 ./\n',
  'RUN npm install\n',
  'SHELL ["/bin/bash", "-ec"]\n',
  '# cache-lens ignore=copy-before-install\n',
  '# hadolint ignore=DL3006,DL3009\n',
  'FROM node\n',
  'FROM service1 AS again\n',
  'COPY --from=service1 /srv /srv\n',
  'ARG GIT_SHA=none\n',
  ' \\\n',
  '$GIT_SHA',
  'x',
];

/** What a hand does: something new at the start of a line or anywhere, or a few characters taken away. */
function edited(text: string, random: (below: number) => number): string {
  const at = random(text.length);
  const lineStart = text.lastIndexOf('\n', at) + 1;
  const snippet = snippets[random(snippets.length)] ?? '';
  const place = snippet.endsWith('\n') ? lineStart : at;
  const gone = random(3) === 0 ? random(12) : 0;
  return text.slice(0, place) + snippet + text.slice(place + gone);
}

function facts(): Facts {
  const files: Record<string, string> = { 'README.md': '' };
  for (const folder of ['services/service1', 'services/service2']) {
    files[`${folder}/package.json`] = '{"name":"service","scripts":{"build":"tsc"}}';
    files[`${folder}/package-lock.json`] = '{"lockfileVersion":3,"packages":{}}';
    files[`${folder}/src/main.ts`] = '';
  }
  return { context: snapshotOfTexts(files), history: { commits: [['README.md'], ['services/service1/src/main.ts']] } };
}

const seen = ({ findings, failures, model }: Analysis) => ({
  findings,
  failures,
  consequences: model.steps.map((step) => {
    const { runs, depends } = model.consequences(step);
    return [runs, depends].map((steps) => steps.map(({ instruction }) => instruction.span.start));
  }),
});

const { outputFiles } = buildSync({
  entryPoints: [path.resolve(import.meta.dirname, '../../server/src/core/analyze.ts')],
  bundle: true,
  write: false,
  platform: 'node',
  format: 'cjs',
});
const bundle = outputFiles[0]?.text ?? '';

/** The analysis with modules of its own, which remember nothing. */
function coldAnalyze(): typeof analyze {
  const module = { exports: {} as { analyze: typeof analyze } };
  new Function('module', 'exports', 'require', bundle)(module, module.exports, createRequire(import.meta.url));
  return module.exports.analyze;
}

const blanks = (count: number): string => '\n'.repeat(count);

describe('Analysing while somebody types', () => {
  const warm = facts();
  for (const seed of [1, 2, 3]) {
    it(`forgets nothing and keeps nothing stale (seed ${seed})`, () => {
      const random = randomNumbers(seed);
      let text = generated(20);
      for (let edit = 0; edit < 8; edit++) {
        text = edited(text, random);
        const typed = seen(analyze(text, warm, defaultConfig));
        assert.deepEqual(typed.failures, []);
        // Another context is asked about the same text: what is remembered of one must not answer for the other.
        analyze(text, { context: snapshotOfTexts({ 'other.txt': '' }), history: undefined }, defaultConfig);
        assert.deepEqual(seen(coldAnalyze()(text, facts(), defaultConfig)), typed, text);
      }
    });
  }

  it('moves what it remembers with the text', () => {
    const text = generated(20);
    const before = seen(analyze(text, warm, defaultConfig)).findings;
    const after = seen(analyze(blanks(7) + text, warm, defaultConfig)).findings;
    assert.ok(before.length > 0);
    assert.deepEqual(
      after.map(({ rule, span }) => [rule, span.start - 7, span.end - 7]),
      before.map(({ rule, span }) => [rule, span.start, span.end]),
    );
  });
});
