import assert from 'node:assert/strict';
import { fromGitignore, isGitIgnored } from '../../../server/src/core/context/gitIgnored.ts';
import { byName } from '../../../server/src/core/context/names.ts';
import { snapshotOfTexts } from '../../../server/src/core/context/snapshot.ts';

describe('what git ignores', () => {
  it('means the same as patterns of an ignore file', () => {
    const lines = (text: string, folder = ''): string[] => fromGitignore(text, folder).split('\n').slice(0, -1);
    assert.deepEqual(lines('# x\n\n  \na\n/b\nc/\nd/e\n*.o\n!f\n!/g\n'), [
      '**/a',
      'b',
      '**/c',
      'd/e',
      '**/*.o',
      '!**/f',
      '!g',
    ]);
    assert.deepEqual(lines('a \r\nb\\ \r\n[!c]\r\n\\#d\r\n'), ['**/a', '**/b\\ ', '**/[^c]', '**/\\#d']);
    assert.deepEqual(lines('a\n/b\n!c\n', 'x/[y]'), ['x/\\[y]/**/a', 'x/\\[y]/b', '!x/\\[y]/**/c']);
  });

  it('is told by all .gitignore files of a folder, the inner ones last', () => {
    const context = snapshotOfTexts({
      '.gitignore': '*.log\n/dist\n',
      'api/.gitignore': '!keep.log\nbuild/\n',
      '.dockerignore': '.gitignore\n**/.gitignore\n',
      'api/a': '',
    });
    const ignored = ['a.log', 'api/b.log', 'dist', 'dist/a', 'api/build/x'];
    const kept = ['api/keep.log', 'api/dist', 'build', 'a'];
    for (const path of ignored) assert.ok(isGitIgnored(context, path), path);
    for (const path of kept) assert.ok(!isGitIgnored(context, path), path);
  });

  it('is a folder alone where a pattern ends with a slash, and what is in it', () => {
    assert.equal(fromGitignore('c/\n/d/\n!e/f/\n', 'a', true), 'a/**/c/**\na/d/**\n!a/e/f/**\n');
    const context = snapshotOfTexts({ '.gitignore': 'build/\n', 'hooks/build': '', 'web/build/a': '' });
    for (const path of ['web/build', 'web/build/a', 'later/build']) assert.ok(isGitIgnored(context, path), path);
    assert.ok(!isGitIgnored(context, 'hooks/build'));
  });

  it('is not known without a folder', () => {
    const context = { ...snapshotOfTexts({ '.gitignore': 'a\n' }), folder: undefined };
    assert.equal(isGitIgnored(context, 'a'), false);
  });
});

describe('paths by their names', () => {
  it('are those of the folder, ignored or not', () => {
    const context = snapshotOfTexts({ 'a/x': '', 'b/x': '', '.dockerignore': 'b\n' });
    assert.deepEqual(byName(context).get('x'), ['a/x', 'b/x']);
    assert.deepEqual(byName(context).get('b'), ['b']);
    assert.equal(byName(context).get('y'), undefined);
    assert.deepEqual(byName({ ...context, folder: undefined }).get('x'), ['a/x']);
  });
});
