import assert from 'node:assert/strict';
import { type Analysis, analyze } from '../../server/src/core/analyze.ts';
import { type Config, defaultConfig } from '../../server/src/core/config.ts';
import { isIgnoreFileName } from '../../server/src/core/filenames.ts';
import type { Rule } from '../../server/src/core/rule.ts';
import { earlyArg } from '../../server/src/core/rules/earlyArg.ts';
import { rules } from '../../server/src/core/rules/index.ts';
import { type StageMemory, stageReports } from '../../server/src/core/stageReports.ts';
import type { Facts } from '../../server/src/core/workspace.ts';
import { fixtureSources } from './lib/files.ts';
import { type Fixture, parseFixture } from './lib/fixture.ts';
import { mutate, random } from './lib/mutate.ts';
import { factsOf } from './lib/world.ts';

const fixtures = rules
  .flatMap(({ id }) => fixtureSources(id).map(({ source }) => parseFixture(source)))
  .filter(({ path, text }) => !isIgnoreFileName(path) && /^FROM/im.test(text));
const lines = fixtures.flatMap(({ text }) => text.split('\n'));

const everyRule: Config = {
  ...defaultConfig,
  rules: Object.fromEntries(rules.filter(({ severity }) => severity === 'off').map(({ id }) => [id, 'warning'])),
};

type Pick = (below: number) => number;

/** A few letters in one line, which is what most edits are. */
function typed(text: string, pick: Pick): string {
  const at = pick(text.length + 1);
  const gone = pick(3) === 0 ? (text.slice(at).match(/^.{0,4}/)?.[0].length ?? 0) : 0;
  return text.slice(0, at) + ['x', ' ', '-', '$', ' --no-cache-dir', ' /srv', '1'][pick(7)] + text.slice(at + gone);
}

/** What ties stages together: a name of one in another. */
function tied(text: string, pick: Pick): string {
  const all = text.split('\n');
  const names = all.flatMap((line) => /^FROM .* AS (\w+)$/i.exec(line)?.[1] ?? []);
  const name = names[pick(names.length)] ?? '0';
  const link = [
    `COPY --from=${name} /root /srv`,
    `FROM ${name} AS s${pick(9)}`,
    `RUN --mount=from=${name},target=/m make`,
  ];
  all.splice(1 + pick(all.length), 0, link[pick(link.length)] ?? '');
  return all.join('\n');
}

/** Several cases one below the other, in a context with the files of all. */
function world(pick: Pick): { text: string; facts: Facts } {
  const parts = Array.from({ length: 2 + pick(3) }, () => fixtures[pick(fixtures.length)]).filter(
    (fixture): fixture is Fixture => fixture !== undefined,
  );
  const joined = parts.map(({ text }) => text.replace(/^# (syntax|escape|check)=.*\n/gim, '')).join('\n');
  const text = pick(2) === 0 ? joined : tied(joined, pick);
  const files = parts.map((part) => [...(part.files ?? [])]);
  const factsIn = (context: typeof files) =>
    factsOf({ path: 'Dockerfile', text, history: parts[0]?.history }, new Map(context.flat()));
  // Some builds take another folder, in which only some of the files are.
  const others = pick(3) === 0 ? [factsIn(files.slice(0, 1)).context].filter((each) => each !== undefined) : [];
  return { text, facts: { ...factsIn(files), others } };
}

const seen = ({ findings, failures }: Analysis) => ({ findings, failures });

/** Edits one after the other: what is remembered of the last version must make no difference. */
function checkEdits(pick: Pick): void {
  const { text: first, facts } = world(pick);
  let text = first;
  let last = analyze(text, facts, everyRule);
  for (let left = 6; left > 0; left--) {
    const edit = [typed, typed, typed, tied, (old: string) => mutate(old, lines, pick)][pick(5)] ?? typed;
    const next = edit(text, pick);
    last = analyze(next, facts, everyRule, last);
    const fresh = seen(analyze(next, facts, everyRule));
    assert.deepEqual(seen(last), fresh, `after\n${text}\n---- comes\n${next}`);
    text = next;
  }
}

describe('reports that are remembered from the last version', () => {
  for (const seed of [1, 2, 3, 4]) {
    it(`are those that the rules would make (seed ${seed})`, () => {
      const pick = random(seed);
      for (let left = 12; left > 0; left--) checkEdits(pick);
    });
  }

  const text =
    'FROM debian:12 AS a\nRUN make a\n\nFROM debian:12 AS b\nRUN make b\n\nFROM debian:12\nCOPY --from=a /a /\n';
  const edits: readonly (readonly [string, string, string, readonly number[]])[] = [
    ['one stage', 'make b', 'make bb', [1]],
    ['a stage that another one copies from', 'make a', 'make aa', [0, 2]],
    ['how many lines there are', 'make a', 'make \\\n aa', [0, 1, 2]],
    ['a FROM', 'debian:12 AS b', 'debian:13 AS b', [0, 1, 2]],
    ['what copies from a stage', '/a /', '/a /aa', [0, 2]],
    ['which stages there are', 'FROM debian:12\n', 'FROM debian:12 AS c\nFROM debian:12\n', [0, 1, 2, 3]],
    ['the text above the first FROM', 'FROM debian:12 AS a', 'ARG A\nFROM debian:12 AS a', [0, 1, 2]],
  ];
  for (const [what, from, to, expected] of edits) {
    it(`are not of stages that have to do with the edit: ${what}`, () => {
      const facts = { context: undefined, history: undefined };
      const asked: number[] = [];
      const spy: Rule = {
        ...earlyArg,
        checkStage(_, { index }) {
          asked.push(index);
          return [];
        },
      };
      const askAll = (version: string, memory: StageMemory | undefined) => {
        const { graph, ...known } = analyze(version, facts, defaultConfig);
        const reports = stageReports({ ...known, graph: { ...graph, reachable: new Set(graph.stages) } }, memory);
        assert.deepEqual(reports.of(spy, {}), []);
        return reports.memory;
      };
      const memory = askAll(text, undefined);
      assert.deepEqual(asked.splice(0), [0, 1, 2]);
      askAll(text.replace(from, to), memory);
      assert.deepEqual(asked, expected);
    });
  }
});
