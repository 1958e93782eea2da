import assert from 'node:assert/strict';
import { type SelectOptions, selectFiles, selectionContent } from '../../../server/src/core/context/select.ts';
import { makeSnapshot, snapshotOfTexts } from '../../../server/src/core/context/snapshot.ts';
import type { ContextSnapshot, Entry } from '../../../server/src/core/workspace.ts';

const file = (path: string, more: Partial<Entry> = {}): Entry => ({
  path,
  type: 'file',
  size: 1,
  mode: 0o644,
  ...more,
});
const link = (path: string, target: string): Entry => ({ path, type: 'symlink', size: 1, mode: 0o777, target });
const folder = (path: string): Entry => ({ path, type: 'directory', size: 0, mode: 0o755 });

const context = makeSnapshot({
  root: '/context',
  entries: [
    ...['a.txt', 'b.txt', 'src/x.js', 'src/sub/y.js', 'src/sub/deep/z.js', 'src-old/x.js', 'package.json'].map((path) =>
      file(path),
    ),
    file('src/sub/[1].txt'),
    file('src/a\\*b'),
    folder('empty'),
    link('link', 'a.txt'),
    link('dirlink', 'src/sub'),
    link('src/up', '../../../a.txt'),
    link('src/rooted', '/b.txt'),
    link('gone', 'nowhere'),
    link('loop', 'loop'),
  ],
});

const files = (sources: string | readonly string[], options?: SelectOptions): readonly string[] =>
  selectFiles(context, [sources].flat(), options).files;

describe('what a COPY selects', () => {
  for (const [source, expected] of [
    ['a.txt', ['a.txt']],
    ['/a.txt', ['a.txt']],
    ['./x/../a.txt', ['a.txt']],
    ['../../a.txt', ['a.txt']],
    ['src/sub', ['src/sub/[1].txt', 'src/sub/deep/z.js', 'src/sub/y.js']],
    ['src/sub/', ['src/sub/[1].txt', 'src/sub/deep/z.js', 'src/sub/y.js']],
    ['empty', []],
    ['*.txt', ['a.txt', 'b.txt']],
    ['s*/*.js', ['src/x.js', 'src-old/x.js']],
    ['src/**/*.js', ['src/sub/y.js']],
    ['**/y.js', []],
    ['src/s*', ['src/sub/[1].txt', 'src/sub/deep/z.js', 'src/sub/y.js']],
    ['src/sub/[[]1].txt', ['src/sub/[1].txt']],
    ['src/a\\*b', ['src/a\\*b']],
    ['src/[', []],
    ['link', ['a.txt', 'link']],
    ['l*k', ['a.txt', 'link']],
    ['dirlink', ['dirlink', 'src/sub/[1].txt', 'src/sub/deep/z.js', 'src/sub/y.js']],
    ['dirlink/y.js', ['dirlink', 'src/sub/y.js']],
    ['dirlink/*.js', ['dirlink', 'src/sub/y.js']],
    ['dirlink/../b.txt', ['b.txt']],
    ['src/up', ['a.txt', 'src/up']],
    ['src/rooted', ['b.txt', 'src/rooted']],
    ['gone', []],
    ['loop', []],
    ['a.txt/x', []],
  ] as const)
    it(source, () => assert.deepEqual([...files(source)].sort(), [...expected].sort()));

  it('takes the whole context with links as they are', () => {
    const { files: all, bytes, known, missing } = selectFiles(context, ['.']);
    assert.deepEqual([all.length, bytes, known, missing], [15, 15, true, []]);
    assert.deepEqual(files('/'), all);
  });

  it('joins sources and says which match nothing', () => {
    const selection = selectFiles(context, ['b.txt', 'nope', '*.txt', 'x*', 'empty']);
    assert.deepEqual(selection.files, ['a.txt', 'b.txt']);
    assert.deepEqual(selection.missing, ['nope', 'x*']);
    assert.equal(selection.has('a.txt'), true);
    assert.equal(selection.has('package.json'), false);
    assert.equal(selection.has('nope'), false);
  });

  it('knows nothing without a context', () => {
    const selection = selectFiles(undefined, ['.']);
    assert.deepEqual([selection.known, selection.files, selection.missing], [false, [], []]);
  });

  it('reads the source of a mount as a path', () => {
    assert.deepEqual(files('*.txt', { wildcards: false }), []);
    assert.equal(files('', { wildcards: false }).length, 15);
  });

  it('is computed once for a snapshot', () => {
    assert.equal(selectFiles(context, ['src'], { exclude: [] }), selectFiles(context, ['src']));
    assert.notEqual(selectFiles(context, ['src']), selectFiles(snapshotOfTexts({ 'src/a': '' }), ['src']));
  });
});

describe('--exclude', () => {
  for (const [source, exclude, expected] of [
    ['src/sub', ['*.js'], ['src/sub/[1].txt', 'src/sub/deep/z.js']],
    ['src/sub', ['**/*.js'], ['src/sub/[1].txt']],
    ['src/sub', ['deep'], ['src/sub/[1].txt', 'src/sub/y.js']],
    ['src/sub', ['deep', '!deep/z.js'], ['src/sub/[1].txt', 'src/sub/deep/z.js', 'src/sub/y.js']],
    ['src/sub', ['/deep'], ['src/sub/[1].txt', 'src/sub/deep/z.js', 'src/sub/y.js']],
    // What a source names itself is not filtered.
    ['*.txt', ['*.txt'], ['a.txt', 'b.txt']],
    ['src/s*', ['y.js'], ['src/sub/[1].txt', 'src/sub/deep/z.js']],
  ] as const)
    it(`${source} without ${exclude.join(', ')}`, () => assert.deepEqual(files(source, { exclude }), expected));

  it('is not known where the builder refuses a pattern', () =>
    assert.equal(selectFiles(context, ['src'], { exclude: ['[a'] }).known, false));
});

describe('--parents', () => {
  for (const [source, expected] of [
    ['src/x.js', ['src/x.js']],
    ['./src/*.js', ['src/x.js']],
    ['src/**/*.js', ['src/sub/deep/z.js', 'src/sub/y.js', 'src/x.js']],
    ['**/x.js', ['src/x.js', 'src-old/x.js']],
    ['src/./sub/*.js', ['src/sub/y.js']],
    ['s*/./x.js', ['src/x.js', 'src-old/x.js']],
    ['nope', []],
  ] as const)
    it(source, () => assert.deepEqual(files(source, { parents: true }), expected));

  it('says what is missing', () =>
    assert.deepEqual(selectFiles(context, ['src/x.js', 'nope'], { parents: true }).missing, ['nope']));

  for (const source of ['.', './', '/', 'src/./', 'src/./.'])
    it(`brings nothing of a folder that the pattern ends at: ${source}`, () => {
      const { files: found, missing } = selectFiles(context, [source], { parents: true });
      assert.deepEqual([found, missing], [[], []]);
      assert.deepEqual(selectionContent(context, [source], { parents: true }), [[]]);
    });

  it('names the content below the pivot', () => {
    const names = (source: string) =>
      selectionContent(context, [source], { parents: true })[0]?.map(({ path }) => path);
    assert.deepEqual(names('src/sub/*.js'), ['', 'src', 'src/sub', 'src/sub/y.js']);
    assert.deepEqual(names('src/./sub/*.js'), ['', 'sub', 'sub/y.js']);
  });
});

describe('the content of what a COPY selects', () => {
  const content = (snapshot: ContextSnapshot, source: string, options?: SelectOptions) =>
    selectionContent(snapshot, [source], options);
  const base = { 'src/x.js': 'x', 'src/sub/y.js': 'y', 'a.txt': 'a' };
  const same = (source: string, other: Readonly<Record<string, string>>, options?: SelectOptions): boolean => {
    const [before, after] = [base, other].map((texts) => content(snapshotOfTexts(texts), source, options));
    return JSON.stringify(before) === JSON.stringify(after);
  };

  it('does not hold the name of the file or folder itself', () => {
    const moved = { 'lib/x.js': 'x', 'lib/sub/y.js': 'y', 'b.txt': 'a' };
    assert.deepEqual(content(snapshotOfTexts(base), 'src'), content(snapshotOfTexts(moved), 'lib'));
    assert.deepEqual(content(snapshotOfTexts(base), 'a.txt'), content(snapshotOfTexts(moved), 'b.txt'));
  });

  it('holds the names of what wildcards match', () => {
    assert.equal(same('*.txt', { 'b.txt': 'a' }), false);
    assert.equal(same('src/*', { 'src/x.js': 'x', 'src/sub/y.js': 'y' }), true);
  });

  it('changes with content, names and empty folders, and only with what is selected', () => {
    assert.equal(same('src', { ...base, 'a.txt': 'z' }), true);
    assert.equal(same('src', { ...base, 'src/x.js': 'z' }), false);
    assert.equal(same('src', { ...base, 'src/new': '' }), false);
    assert.equal(same('src', { ...base, 'src/x.js': 'z' }, { exclude: ['*.js'] }), true);
    const log = { ...base, '.dockerignore': '**/*.log\n' };
    const withLog = snapshotOfTexts({ ...log, 'logs/q.log': '' });
    assert.notDeepEqual(content(snapshotOfTexts(log), '.'), content(withLog, '.'));
  });

  it('holds the mode of files but not of folders, and the target of links', () => {
    const of = (...entries: Entry[]) => content(makeSnapshot({ root: '/', entries, digest: () => 'd' }), '.');
    assert.notDeepEqual(of(file('a')), of(file('a', { mode: 0o755 })));
    assert.deepEqual(of({ ...folder('a'), mode: 0o700 }), of(folder('a')));
    assert.notDeepEqual(of(link('a', 'b')), of(link('a', 'c')));
    assert.notDeepEqual(of(file('a')), of(folder('a')));
  });

  it('holds the content that a named link leads to', () => {
    const of = (target: string) =>
      content(makeSnapshot({ root: '/', entries: [link('l', target), file('a'), file('b')], digest: () => 'd' }), 'l');
    assert.deepEqual(of('a'), of('b'));
    assert.deepEqual(of('gone'), [[]]);
  });

  it('takes unknown content for equal only to itself', () => {
    const [one, other] = [file('a'), file('a')];
    const of = (entry: Entry) => content(makeSnapshot({ root: '/', entries: [entry] }), 'a');
    assert.deepEqual(of(one), of(one));
    assert.notDeepEqual(of(one), of(other));
  });
});
