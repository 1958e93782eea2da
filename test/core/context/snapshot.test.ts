import assert from 'node:assert/strict';
import { changed, toListing } from '../../../server/src/core/context/listing.ts';
import { makeSnapshot, snapshotOfTexts } from '../../../server/src/core/context/snapshot.ts';
import type { Entry } from '../../../server/src/core/workspace.ts';

const file = (path: string, size = 1): Entry => ({ path, type: 'file', size, mode: 0o644 });
const paths = (entries: readonly Entry[]): string[] => entries.map(({ path }) => path);

describe('a snapshot of the context', () => {
  it('sorts entries, a folder before its content and both before what merely begins alike, and adds folders', () => {
    const { entries } = makeSnapshot({ root: '/', entries: [file('a-b'), file('a/z/x'), file('a.b'), file('a/b')] });
    assert.deepEqual(paths(entries), ['a', 'a/b', 'a/z', 'a/z/x', 'a-b', 'a.b']);
  });

  it('leaves out what the ignore file says, counts it, and still knows that it exists', () => {
    const entries = [file('src/a.ts'), file('node_modules/x/i.js', 10), file('node_modules/y.js', 5), file('a.md')];
    const ignore = { path: '.dockerignore', text: 'node_modules\n*.md\n' };
    const context = makeSnapshot({ root: '/', entries, ignore });
    assert.deepEqual(paths(context.entries), ['src', 'src/a.ts']);
    assert.deepEqual(context.excluded, { files: 3, bytes: 16 });
    assert.deepEqual(
      ['', 'node_modules/x', 'a.md', 'b.md'].map((path) => context.exists(path)),
      [true, true, true, false],
    );
    assert.equal(context.get('a.md'), undefined);
    assert.equal(context.get('src/a.ts')?.size, 1);
  });

  it('lets a folder in with what an exception brings back, and one whose files are all left out', () => {
    const entries = [file('a/b/c'), file('a/d'), file('logs/x.log')];
    const ignore = { path: '.dockerignore', text: 'a\n!a/b/c\n**/*.log\n' };
    assert.deepEqual(paths(makeSnapshot({ root: '/', entries, ignore }).entries), ['a', 'a/b', 'a/b/c', 'logs']);
  });

  it('holds the Dockerfile and the ignore file unless they are ignored', () => {
    const texts = { Dockerfile: 'FROM a', 'a.txt': '' };
    const kept = snapshotOfTexts({ ...texts, '.dockerignore': '# nothing' });
    assert.deepEqual(paths(kept.entries), ['.dockerignore', 'Dockerfile', 'a.txt']);
    const left = snapshotOfTexts({ ...texts, '.dockerignore': '*\n!a.txt' });
    assert.deepEqual(paths(left.entries), ['a.txt']);
    assert.equal(left.text('Dockerfile'), undefined);
    assert.equal(kept.text('Dockerfile'), 'FROM a');
  });

  it('goes by the ignore file of the Dockerfile before the common one', () => {
    const context = snapshotOfTexts({
      Dockerfile: '',
      'Dockerfile.dockerignore': 'a',
      '.dockerignore': 'b',
      a: '',
      b: '',
    });
    assert.equal(context.ignore?.path, 'Dockerfile.dockerignore');
    assert.deepEqual([context.get('a'), context.get('b')?.path], [undefined, 'b']);
  });
});

describe('changes of a listing', () => {
  const listing = toListing(['a/b', 'a/c/d', 'e'].map((path) => file(path)));
  const pathsAfter = (...changes: Parameters<typeof changed>[1]): string[] => paths(changed(listing, changes));

  it('adds, replaces and takes away', () => {
    assert.deepEqual(pathsAfter({ path: 'a/bb', entry: file('a/bb') }), ['a', 'a/b', 'a/bb', 'a/c', 'a/c/d', 'e']);
    assert.equal(changed(listing, [{ path: 'e', entry: file('e', 7) }]).at(-1)?.size, 7);
    assert.deepEqual(pathsAfter({ path: 'a/c', entry: undefined }), ['a', 'a/b', 'e']);
    assert.deepEqual(pathsAfter({ path: 'gone', entry: undefined }), paths(listing));
  });

  it('takes away what was in a folder that is a file now, and keeps what is in one that is still there', () => {
    assert.deepEqual(pathsAfter({ path: 'a', entry: file('a') }), ['a', 'e']);
    assert.deepEqual(
      pathsAfter({ path: 'a', entry: { path: 'a', type: 'directory', size: 0, mode: 0 } }),
      paths(listing),
    );
  });
});
