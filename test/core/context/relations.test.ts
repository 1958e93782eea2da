import assert from 'node:assert/strict';
import { type Pattern, parsePattern } from '../../../server/src/core/context/patternMatcher.ts';
import { covers, mayMeet } from '../../../server/src/core/context/relations.ts';
import { random } from '../../rules/lib/mutate.ts';
import { cpuTime } from '../cpuTime.ts';

const parsed = new Map<string, Pattern>();

const pattern = (text: string): Pattern => {
  const found = parsed.get(text) ?? parsePattern(text);
  assert.ok(found, text);
  parsed.set(text, found);
  return found;
};

const names = ['a', 'b', 'ab', 'a.c', 'b.c'];
const paths = names.flatMap((one) => [
  one,
  ...names.flatMap((two) => [`${one}/${two}`, ...names.map((three) => `${one}/${two}/${three}`)]),
]);
const parts = [...names, '*', '**', '*.c', 'a*', '?', '?b', 'a**', '[ab]'];

const folders = (path: string): string[] => path.split('/').map((_, index, all) => all.slice(0, index + 1).join('/'));
const holds = (text: string, path: string): boolean => folders(path).some((each) => pattern(text).test.matches(each));

describe('how patterns relate', () => {
  it('is told of pairs that people write', () => {
    const table: [string, string, boolean, boolean][] = [
      ['**/node_modules', 'node_modules', true, true],
      ['node_modules', '**/node_modules', false, true],
      ['node_modules', 'node_modules/a', true, true],
      ['*.log', 'npm-debug.log', true, true],
      ['*.log', 'npm-debug.log*', false, true],
      ['**/*.log', 'logs/a.log', true, true],
      ['*', 'src/a', true, true],
      ['src/**', 'src', false, true],
      ['src/**', 'src/a', true, true],
      ['src/*', 'src/**', false, true],
      ['docs', '*.md', false, false],
      ['docs', 'README.md', false, false],
      ['a/*.md', 'b/**/*.md', false, false],
      ['[ab]', 'a', false, true],
    ];
    for (const [a, b, covered, meets] of table) {
      assert.equal(covers(pattern(a), pattern(b), { below: true }), covered, `${a} covers ${b}`);
      assert.equal(mayMeet(pattern(a), pattern(b)), meets, `${a} meets ${b}`);
    }
  });

  it('never contradicts the matcher', () => {
    const pick = random(7);
    const some = () => Array.from({ length: 1 + pick(3) }, () => parts[pick(parts.length)]).join('/');
    let covered = 0;
    let apart = 0;
    for (let left = 2000; left > 0; left--) {
      const [a, b] = [some(), some()];
      if (covers(pattern(a), pattern(b), { below: true })) {
        covered++;
        for (const path of paths) assert.ok(!holds(b, path) || holds(a, path), `${a} does not cover ${b}: ${path}`);
      }
      if (covers(pattern(a), pattern(b), { below: false }))
        for (const path of paths)
          assert.ok(!pattern(b).test.matches(path) || pattern(a).test.matches(path), `${a} is not ${b}: ${path}`);
      if (!mayMeet(pattern(a), pattern(b))) {
        apart++;
        for (const path of paths) assert.ok(!holds(a, path) || !holds(b, path), `${a} meets ${b}: ${path}`);
      }
    }
    assert.ok(covered > 100 && apart > 100, `${covered} covered, ${apart} apart`);
  });

  it('takes no time on hostile patterns', () => {
    const hostile = ['*a'.repeat(40), '**/'.repeat(11), '*a'.repeat(3) + 'a'.repeat(34), '**/*a*a/'.repeat(5)];
    const milliseconds = cpuTime(() => {
      for (const a of hostile)
        for (const b of hostile) {
          covers(pattern(`${a}x`), pattern(`${b}y`), { below: true });
          mayMeet(pattern(`${a}x`), pattern(`${b}y`));
        }
    });
    assert.ok(milliseconds < 2000);
  });
});
