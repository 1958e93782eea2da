import assert from 'node:assert/strict';
import { analyze } from '../../../server/src/core/analyze.ts';
import { defaultConfig } from '../../../server/src/core/config.ts';
import { snapshotOfTexts } from '../../../server/src/core/context/snapshot.ts';
import { rules } from '../../../server/src/core/rules/index.ts';
import { cpuTime } from '../cpuTime.ts';

const own = rules.filter(({ category }) => category === 'context').map(({ id }) => id);
const off = rules.filter(({ id }) => !own.includes(id)).map(({ id }) => [id, 'off'] as const);
const config = { ...defaultConfig, rules: Object.fromEntries(off) };

/** Milliseconds of processor time that the rules on the build context take. */
function timed(dockerfile: string, files: Readonly<Record<string, string>>): number {
  const git = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`.git/${at}`, '']));
  const facts = { context: snapshotOfTexts({ ...git, ...files }), history: undefined };
  return cpuTime(() => assert.deepEqual(analyze(dockerfile, facts, config).failures, []));
}

describe('hostile input to the rules on the build context', () => {
  const copy = 'FROM a\nCOPY . .\n';
  const dist = { '.gitignore': 'dist\n', 'package.json': '{}', 'dist/a': 'x'.repeat(2_000_000) };
  const cases: Readonly<Record<string, () => number>> = {
    'a RUN of many installs': () => timed(`${copy}RUN ${'apk add x '.repeat(6000)}\n`, {}),
    'a RUN of one long word': () => timed(`${copy}RUN ${'a.'.repeat(60_000)}\n`, {}),
    'a RUN of many build tools': () => timed(`${copy}RUN ${'npm '.repeat(15_000)}\n`, dist),
    'a manifest that never ends': () => timed(copy, { 'package.json': '"scripts":{'.repeat(40_000) }),
    'a script that never ends': () =>
      timed(copy, { 'package.json': JSON.stringify({ scripts: { build: 'node -a '.repeat(50_000) } }) }),
    'an empty manifest': () => timed(copy, { 'Cargo.toml': '\n'.repeat(500_000) }),
    'a long word in a manifest': () => timed(copy, { 'Cargo.toml': 'a-'.repeat(250_000) }),
    'a Makefile of options': () => timed(`${copy}RUN make\n`, { Makefile: `git ${'-a '.repeat(20_000)}`.repeat(3) }),
    'a .gitignore of stars': () => timed(copy, { '.gitignore': `${'*a'.repeat(200)}\n`.repeat(50), 'x.log': '' }),
    'many sources that are not there': () =>
      timed(
        `${copy}${Array.from({ length: 400 }, (_, at) => `COPY there/${at} missing/${at} /\n`).join('')}`,
        Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`there/${at}`, ''])),
      ),
    'many other Dockerfiles': () =>
      timed(
        copy,
        Object.fromEntries(
          Array.from({ length: 300 }, (_, at) => [`x/Dockerfile.${at}`, `FROM a${at}\n${'COPY a*/* b\n'.repeat(50)}`]),
        ),
      ),
  };

  for (const [name, run] of Object.entries(cases))
    it(`${name} is no reason to hang`, () => {
      const milliseconds = run();
      assert.ok(milliseconds < 3000, `${Math.round(milliseconds)} ms`);
    });
});
