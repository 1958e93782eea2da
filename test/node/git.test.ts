import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import path from 'node:path';
import { readHistory } from '../../server/src/node/git.ts';
import { makeTree, removeTrees, type Tree } from './lib/tree.ts';

const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
const git = (root: string, ...args: string[]): string =>
  execFileSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

function commit(tree: Tree, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) tree.write(file, text);
  git(tree.root, 'add', '-A');
  git(tree.root, 'commit', '-q', '-m', 'a commit');
}

function repository(): Tree {
  const tree = makeTree({});
  git(tree.root, 'init', '-q', '-b', 'main');
  commit(tree, { 'a.txt': '1', 'app/é b.txt': '1' });
  commit(tree, { 'app/x': '1' });
  return tree;
}

describe('git history', () => {
  afterEach(removeTrees);

  it('gives the paths of each commit, newest first', async () => {
    const { root } = repository();
    assert.deepEqual((await readHistory(root))?.commits, [['app/x'], ['a.txt', 'app/é b.txt']]);
  });

  it('gives paths relative to the context and leaves out those outside', async () => {
    const tree = repository();
    commit(tree, { 'a.txt': '2' });
    assert.deepEqual((await readHistory(`${tree.root}/app`))?.commits, [[], ['x'], ['é b.txt']]);
  });

  it('gives what is tracked although a .gitignore names it', async () => {
    const tree = repository();
    assert.deepEqual((await readHistory(tree.root))?.forced, []);
    commit(tree, { '.gitignore': 'x\n*.txt\n', 'app/y.txt': '1' });
    assert.deepEqual((await readHistory(tree.root))?.forced, ['a.txt', 'app/x', 'app/é b.txt']);
    assert.deepEqual((await readHistory(`${tree.root}/app`))?.forced, ['x', 'é b.txt']);
  });

  it('counts a merge as one commit of all that it brought', async () => {
    const tree = repository();
    git(tree.root, 'checkout', '-q', '-b', 'side');
    commit(tree, { one: '1' });
    commit(tree, { two: '1' });
    git(tree.root, 'checkout', '-q', 'main');
    git(tree.root, 'merge', '-q', '--no-ff', '-m', 'merge', 'side');
    assert.deepEqual((await readHistory(tree.root))?.commits[0], ['one', 'two']);
  });

  it('is not known outside of repositories, without commits, in shallow clones and where there is no folder', async () => {
    const tree = repository();
    assert.equal(await readHistory(makeTree({}).root), undefined);
    assert.equal(await readHistory(`${tree.root}/nowhere`), undefined);
    const empty = makeTree({});
    git(empty.root, 'init', '-q');
    assert.equal(await readHistory(empty.root), undefined);
    const clone = makeTree({});
    git(clone.root, 'clone', '-q', '--depth=1', `file://${tree.root}`, 'shallow');
    assert.equal(await readHistory(`${clone.root}/shallow`), undefined);
  });

  it('does not obey the environment that it was started in', async () => {
    const tree = repository();
    process.env.GIT_DIR = '/nowhere';
    try {
      assert.equal((await readHistory(tree.root))?.commits.length, 2);
    } finally {
      delete process.env.GIT_DIR;
    }
  });

  it('runs nothing that the repository configures', async function () {
    if (process.platform === 'win32') this.skip();
    const tree = repository();
    const proof = path.join(tree.root, 'proof');
    tree.write('run.sh', `#!/bin/sh\necho ran >> '${proof}'\ncat "$1" 2>/dev/null\n`);
    const script = path.join(tree.root, 'run.sh');
    chmodSync(script, 0o755);
    tree.write('.gitattributes', '* diff=evil filter=evil\n');
    for (const key of [
      'core.fsmonitor',
      'core.pager',
      'pager.log',
      'diff.external',
      'diff.evil.textconv',
      'gpg.program',
    ])
      git(tree.root, 'config', key, script);
    for (const key of ['diff.evil.command', 'filter.evil.clean', 'filter.evil.process', 'core.sshCommand', 'alias.log'])
      git(tree.root, 'config', key, key === 'alias.log' ? `!${script}` : script);
    git(tree.root, 'config', 'log.showSignature', 'true');
    tree.write('.git/hooks/post-index-change', `#!/bin/sh\necho ran >> '${proof}'\n`);
    chmodSync(path.join(tree.root, '.git/hooks/post-index-change'), 0o755);
    assert.equal((await readHistory(tree.root))?.commits.length, 2);
    assert.equal(existsSync(proof), false);
  });
});
