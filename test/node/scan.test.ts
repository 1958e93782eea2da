import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseIgnore } from '../../server/src/core/context/ignore.ts';
import { comparePaths } from '../../server/src/core/context/path.ts';
import { openDisk } from '../../server/src/node/disk.ts';
import { type Scan, scan } from '../../server/src/node/scan.ts';
import { makeTree, removeTrees } from './lib/tree.ts';

const scanTree = (root: string, ignore = '', limit = 1000, disk = openDisk()): Promise<Scan> =>
  scan(disk, root, { walker: parseIgnore(ignore).matcher.walker, limit });
const paths = ({ listing }: Scan): string[] => listing.map((entry) => entry.path);

describe('listing a folder', () => {
  afterEach(removeTrees);

  it('gives files, folders and links with size, mode and target, in order', async () => {
    const { root, link } = makeTree({ 'b.txt': 'bb', 'a/z/x': '', 'a-b': '', 'a/y': 'yyy' });
    mkdirSync(path.join(root, 'empty'));
    chmodSync(path.join(root, 'b.txt'), 0o755);
    link('l', 'a/y');
    const found = await scanTree(root);
    assert.deepEqual(paths(found), ['a', 'a/y', 'a/z', 'a/z/x', 'a-b', 'b.txt', 'empty', 'l']);
    assert.deepEqual(paths(found).toSorted(comparePaths), paths(found));
    assert.deepEqual(found.listing[5], { path: 'b.txt', type: 'file', size: 2, mode: 0o755 });
    assert.deepEqual(found.listing[7], { path: 'l', type: 'symlink', size: 3, mode: 0o777, target: 'a/y' });
    assert.deepEqual([found.unlisted, found.unreadable, found.truncated], [[], [], false]);
  });

  it('does not enter what is ignored, unless an exception may bring something back', async () => {
    const { root } = makeTree({ 'node_modules/a/i.js': '', 'src/a.ts': '', 'lib/keep/x': '', 'lib/other/y': '' });
    const disk = openDisk();
    const found = await scanTree(root, 'node_modules\nlib\n!lib/keep\n', 1000, disk);
    const expected = ['lib', 'lib/keep', 'lib/keep/x', 'lib/other', 'node_modules', 'src', 'src/a.ts'];
    assert.deepEqual(paths(found), expected);
    assert.deepEqual([...found.unlisted].sort(), ['lib/other', 'node_modules']);
    // The root, lib, lib/keep and src are listed, and their two files looked at.
    assert.equal(disk.reads, 6);
  });

  it('does not follow links, so that loops end', async () => {
    const { root, link } = makeTree({ 'a/x': '' });
    link('a/self', '.');
    link('a/up', '../..');
    link('dangling', 'nowhere');
    assert.deepEqual(paths(await scanTree(root)), ['a', 'a/self', 'a/up', 'a/x', 'dangling']);
  });

  it('stops at the limit and says so', async () => {
    const files = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`d${index % 5}/f${index}`, '']));
    const found = await scanTree(makeTree(files).root, '', 20);
    assert.deepEqual([found.listing.length, found.truncated], [20, true]);
  });

  it('lists only a part of the context', async () => {
    const { root } = makeTree({ 'a/b/c': '', 'a/b/d/e': '', x: '' });
    const { walker } = parseIgnore('a/b/d').matcher;
    const found = await scan(openDisk(), root, { walker, limit: 1000 }, 'a/b');
    assert.deepEqual([paths(found), found.unlisted], [['a/b/c', 'a/b/d'], ['a/b/d']]);
  });

  it('names folders that cannot be read, and goes on', async () => {
    const { root } = makeTree({ x: '' });
    const disk = openDisk();
    const list: typeof disk.list = async (folder) => (`${folder}`.endsWith('/shut') ? undefined : disk.list(folder));
    mkdirSync(path.join(root, 'shut'));
    const found = await scanTree(root, '', 1000, { ...disk, list });
    assert.deepEqual([paths(found), found.unreadable], [['shut', 'x'], ['shut']]);
    assert.deepEqual((await scanTree(`${root}/nowhere`)).unreadable, ['']);
  });

  it('takes names in any encoding', async function () {
    const { root } = makeTree({ 'é/日本.txt': '' });
    const latin = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xe9, 0x2e, 0x61])]);
    const folder = Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff])]);
    try {
      writeFileSync(latin, 'abc');
      mkdirSync(folder);
      writeFileSync(Buffer.concat([folder, Buffer.from('/inside')]), 'de');
    } catch {
      this.skip(); // Some file systems take UTF-8 only.
    }
    const sizes = (await scanTree(root)).listing.map(({ path: name, size }) => [name, size]);
    assert.deepEqual(sizes, [
      ['é', 0],
      ['é/日本.txt', 0],
      ['\uFFFD', 0],
      ['\uFFFD/inside', 2],
      ['\uFFFD.a', 3],
    ]);
  });

  it('leaves out what is neither file, folder nor link', async function () {
    if (process.platform === 'win32') this.skip();
    const { root } = makeTree({ x: '' });
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    assert.deepEqual(paths(await scanTree(root)), ['x']);
  });
});
