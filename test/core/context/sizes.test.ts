import assert from 'node:assert/strict';
import { toListing } from '../../../server/src/core/context/listing.ts';
import { sizesOf } from '../../../server/src/core/context/sizes.ts';

describe('sizes of what is in a context', () => {
  const file = (path: string, size: number) => ({ path, type: 'file' as const, size, mode: 0o644 });
  const folder = (path: string) => ({ path, type: 'directory' as const, size: 0, mode: 0o755 });
  const { itemsIn } = sizesOf(
    toListing([
      file('a/b/c', 5),
      file('a/d', 1),
      file('a-b', 4),
      file('a/b/e', 2),
      file('z', 9),
      folder('empty'),
      folder('a/none'),
    ]),
  );
  const brief = (path: string) =>
    itemsIn(path).map((item) => `${item.path} ${item.files} ${item.bytes} ${item.folder}`);

  it('are those of files and of all that folders hold, biggest first', () => {
    assert.deepEqual(brief(''), ['z 1 9 false', 'a 3 8 true', 'a-b 1 4 false', 'empty 0 0 true']);
    assert.deepEqual(brief('a'), ['a/b 2 7 true', 'a/d 1 1 false', 'a/none 0 0 true']);
    assert.deepEqual(brief('a/b'), ['a/b/c 1 5 false', 'a/b/e 1 2 false']);
  });

  it('are none of folders that are empty, unknown or files', () => {
    for (const path of ['empty', 'nowhere', 'a/none', 'a-b']) assert.deepEqual(brief(path), []);
  });
});
