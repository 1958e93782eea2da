import assert from 'node:assert/strict';
import { type Futile, futilePatterns } from '../../../server/src/core/context/effect.ts';
import { entering } from '../../../server/src/core/context/entering.ts';
import { parseIgnore } from '../../../server/src/core/context/ignore.ts';
import { toListing } from '../../../server/src/core/context/listing.ts';
import { random } from '../../rules/lib/mutate.ts';

const told = (text: string): string[] =>
  [...futilePatterns(parseIgnore(text))].map(([pattern, futile]) => {
    const other = 'by' in futile ? futile.by : futile.kind === 'shallow' ? futile.inner : futile.later;
    return `${pattern.line + 1} ${futile.kind}${other ? ` ${other.line + 1}` : ''}`;
  });

const names = ['a', 'b', 'ab', 'a.c', 'b.c'];
const tree = names.flatMap((one) =>
  names.flatMap((two) => [`${one}/${two}/f`, `${one}/${two}/a`, `${one}/${two}/g.c`]),
);
const listing = toListing(
  [...tree, 'f', 'g.c', 'a.c/f', 'h/a', 'h/i/j/b'].map((path) => ({ path, type: 'file', size: 1, mode: 0o644 })),
);
const entered = (lines: readonly string[]): string =>
  entering(listing, parseIgnore(lines.join('\n')).matcher)
    .entries.filter(({ type }) => type === 'file')
    .map(({ path }) => path)
    .join('\n');

describe('lines of an ignore file without effect', () => {
  const table: Record<string, readonly string[]> = {
    'a\n': [],
    'a\nb\na\n': ['3 repeated 1'],
    'a\n/a/\n': ['2 repeated 1'],
    '*.log\nnpm-debug.log\n': ['2 repeated 1'],
    'npm-debug.log\n*.log\n': ['1 repeated 2'],
    '**/node_modules\nnode_modules/.cache\n': ['2 repeated 1'],
    // What is between decides again.
    'a\n!a/k\na\n': [],
    'a\n!a/k\na/k/x\n': [],
    '!a\n': ['1 idle'],
    '!README.md\n*.md\n': ['1 idle 2'],
    '*.md\n!README.md\n': [],
    '*.md\n!docs/README.md\n': ['2 idle'],
    // An exception for a folder that is not excluded does not reach what is excluded in it.
    'src/gen\n!src\n': ['2 shallow 1'],
    '**/gen\n!src\n': ['2 idle'],
    '**\n!src\n': [],
    '*\n!src\n!src/a\n': ['3 idle'],
    'dist\n!dist\n': ['1 undone 2'],
    '*\n!src\n*\n': ['2 undone 3'],
    '*\n!src\nsrc/*.log\n': [],
    // The first line has the folder looked into.
    '!a/ab\n**\n!a/*/**\n': [],
    '[\n[\n': [],
  };
  for (const [text, expected] of Object.entries(table))
    it(JSON.stringify(text), () => assert.deepEqual(told(text), expected));

  it('can be taken out of any file, whatever files there are', () => {
    const pick = random(11);
    const parts = [...names, '*', '**', '*.c', 'a*', '?', 'h', 'i', 'j'];
    const line = () =>
      `${pick(3) === 0 ? '!' : ''}${Array.from({ length: 1 + pick(3) }, () => parts[pick(parts.length)]).join('/')}`;
    const kinds = new Map<Futile['kind'], number>();
    for (let left = 3000; left > 0; left--) {
      const lines = Array.from({ length: 2 + pick(5) }, line);
      const all = entered(lines);
      for (const [pattern, { kind }] of futilePatterns(parseIgnore(lines.join('\n')))) {
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        const without = lines.filter((_, at) => at !== pattern.line);
        assert.equal(entered(without), all, `${kind}, line ${pattern.line + 1}:\n${lines.join('\n')}`);
      }
    }
    assert.equal(kinds.size, 4, JSON.stringify([...kinds]));
  });

  it('are not looked for in endless files', () => {
    assert.deepEqual(told('a\n'.repeat(2000)), []);
  });
});
