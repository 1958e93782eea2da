import assert from 'node:assert/strict';
import { afterChanges, openContextFolder } from '../../server/src/node/contextFolder.ts';
import { type Disk, openDisk } from '../../server/src/node/disk.ts';
import { problems } from '../../server/src/node/watched.ts';
import { makeTree, removeTrees } from './lib/tree.ts';

const without = (disk: Disk, name: string): Disk => ({
  ...disk,
  list: async (folder) => (`${folder}`.endsWith(`/${name}`) ? undefined : disk.list(folder)),
});

describe('a context folder', () => {
  afterEach(removeTrees);

  it('says what could not be listed', async () => {
    const { root } = makeTree({ 'shut/x': '', a: '' });
    const folder = await openContextFolder(without(openDisk(), 'shut'), root, undefined);
    assert.deepEqual(
      [...problems(folder)],
      [`Cannot read a folder of the build context ${root} (shut): what is in there is not known.`],
    );
    const some = await openContextFolder(openDisk(), root, undefined, 1);
    assert.deepEqual(
      [...problems(some)],
      [`The build context ${root} has more than 1 files and folders: the others are not counted.`],
    );
    assert.deepEqual([...problems(await openContextFolder(openDisk(), root, undefined))], []);
  });

  it('counts what the ignore file keeps out, before and after a change', async () => {
    const tree = makeTree({ 'a.log': '12', 'b.log': '345', c: '' });
    const ignore = { path: '.dockerignore', text: '*.log\n' };
    const folder = await openContextFolder(openDisk(), tree.root, ignore);
    assert.deepEqual(folder.entering.excluded, { files: 2, bytes: 5 });
    tree.remove('a.log');
    const after = await afterChanges(openDisk(), folder, ['a.log']);
    assert.deepEqual(after.entering.excluded, { files: 1, bytes: 3 });
  });

  it('is read anew after very many changes', async () => {
    const tree = makeTree({ a: '' });
    const folder = await openContextFolder(openDisk(), tree.root, undefined);
    tree.write('b', '');
    const paths = Array.from({ length: 600 }, (_, index) => `gone/${index}`);
    const after = await afterChanges(openDisk(), folder, paths);
    assert.deepEqual(
      after.entering.entries.map(({ path }) => path),
      ['a', 'b'],
    );
  });
});
