import assert from 'node:assert/strict';
import { afterChanges, openContextFolder, snapshotOfFolder } from '../../server/src/node/contextFolder.ts';
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

  it('tells of the folder what the ignore file keeps out: files, .gitignore, other Dockerfiles', async () => {
    const tree = makeTree({
      '.gitignore': 'dist\n',
      'Dockerfile.dev': 'FROM a\n',
      'package.json': '{}',
      'ignored/package.json': '{}',
      'ci/build.sh': 'make\n',
      'src/a.ts': 'x',
      'src/version.ts': 'y',
    });
    const ignore = { path: '.dockerignore', text: '.gitignore\nDockerfile*\nignored/*.json\n' };
    const disk = openDisk();
    const details = { reason: '', dockerfile: undefined };
    const folder = await openContextFolder(disk, tree.root, ignore);
    const texts = (of = folder) => [...(snapshotOfFolder(of, details).folder?.texts.keys() ?? [])].sort();
    const read = ['.gitignore', 'Dockerfile.dev', 'ci/build.sh', 'package.json', 'src/version.ts'];
    assert.deepEqual(texts(), read);
    const { folder: facts, ...context } = snapshotOfFolder(folder, details);
    assert.ok(facts?.listing.some(({ path }) => path === 'ignored/package.json'));
    assert.equal(context.text('Dockerfile.dev'), undefined);
    tree.write('x.Dockerfile', 'FROM b\n');
    tree.write('Dockerfile.dev', 'FROM c\n');
    const after = await afterChanges(disk, folder, ['x.Dockerfile', 'Dockerfile.dev']);
    assert.deepEqual(texts(after), [...read, 'x.Dockerfile']);
    assert.equal(snapshotOfFolder(after, details).folder?.texts.get('Dockerfile.dev'), 'FROM c\n');
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
