import assert from 'node:assert/strict';
import { entering } from '../../../server/src/core/context/entering.ts';
import { parseIgnore } from '../../../server/src/core/context/ignore.ts';
import { type Change, changed, toListing } from '../../../server/src/core/context/listing.ts';
import { enteringAfter } from '../../../server/src/core/context/update.ts';
import type { Entry } from '../../../server/src/core/workspace.ts';

const file = (path: string): Entry => ({ path, type: 'file', size: 0, mode: 0o644 });
const added = (path: string): Change => ({ path, entry: file(path) });
const folder = (path: string): Change => ({ path, entry: { path, type: 'directory', size: 0, mode: 0o755 } });
const gone = (path: string): Change => ({ path, entry: undefined });

describe('what enters after a change', () => {
  for (const [ignore, before, changes] of [
    ['', ['a/b'], [added('a/c')]],
    ['*.log', ['a/b'], [added('x.log')]],
    ['a\n!a/keep', ['a/b'], [added('a/keep')]],
    ['a\n!a/keep', ['a/b', 'a/keep'], [gone('a/keep')]],
    ['a\n!a/b/keep', ['a/b/c', 'a/b/keep', 'x'], [gone('a/b')]],
    ['a\n!a/b/keep', ['x'], [folder('a'), folder('a/b'), added('a/b/keep')]],
    ['**/*.log', [], [folder('logs'), added('logs/q.log')]],
    ['a', ['a/b'], [added('a')]],
    ['!a', ['a'], [gone('a'), folder('a'), added('a/b')]],
  ] as const)
    it(`${JSON.stringify(ignore)}: ${before.join(' ')} and then ${changes.map(({ path }) => path).join(' ')}`, () => {
      const { matcher } = parseIgnore(ignore);
      const listing = toListing(before.map(file));
      const after = changed(listing, changes);
      assert.deepEqual(
        enteringAfter(entering(listing, matcher).entries, after, matcher, changes),
        entering(after, matcher).entries,
      );
    });
});
