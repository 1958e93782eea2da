import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cli, temporaryFolder } from './lib/run.ts';

const project = {
  Dockerfile: 'FROM alpine:3.22\nCOPY . /all\nCOPY src /src\nCOPY run.sh /\n',
  '.dockerignore': '.git\n',
  '.gitignore': 'cache\n',
  'src/a.js': 'a\n',
  'src/b.js': 'b\n',
  'run.sh': '#!/bin/sh\n',
};

describe('what-if --against REVISION', () => {
  const make = temporaryFolder();

  const git = (cwd: string, ...args: string[]): string =>
    execFileSync('git', args, {
      cwd,
      encoding: 'utf8',
      env: {
        ...process.env,
        ...{ GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
        ...{
          GIT_AUTHOR_NAME: 'A',
          GIT_AUTHOR_EMAIL: 'a@example.com',
          GIT_COMMITTER_NAME: 'A',
          GIT_COMMITTER_EMAIL: 'a@example.com',
        },
      },
    });

  const commit = (folder: string): void => {
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--message', 'x');
  };

  function repository(files: Readonly<Record<string, string>> = project): string {
    const folder = make(files);
    git(folder, 'init', '--quiet');
    commit(folder);
    return folder;
  }

  /** Lines of the steps that run again after the revision. */
  async function again(folder: string, rev = 'HEAD', dockerfile = 'Dockerfile'): Promise<number[]> {
    const { code, stdout, stderr } = await cli(folder, ['what-if', dockerfile, '--against', rev, '--format', 'json']);
    assert.deepEqual([code, stderr], [0, '']);
    const { steps }: { steps: { line: number; outcome: string }[] } = JSON.parse(stdout);
    return steps.filter(({ outcome }) => outcome === 'runs').map(({ line }) => line);
  }

  it('finds nothing where nothing has changed, whatever the umask', async () => {
    const folder = repository();
    assert.deepEqual(await again(folder), []);
    chmodSync(path.join(folder, 'src/a.js'), 0o664);
    chmodSync(path.join(folder, 'src'), 0o775);
    assert.deepEqual(await again(folder), []);
  });

  it('sees content, new and deleted files, modes and links', async () => {
    const folder = repository();
    const changes: (() => void)[] = [
      () => writeFileSync(path.join(folder, 'src/a.js'), 'changed\n'),
      () => writeFileSync(path.join(folder, 'src/new.js'), ''),
      () => rmSync(path.join(folder, 'src/b.js')),
      () => chmodSync(path.join(folder, 'src/a.js'), 0o755),
      () => symlinkSync('a.js', path.join(folder, 'src/link')),
    ];
    for (const change of changes) {
      git(folder, 'reset', '--quiet', '--hard');
      git(folder, 'clean', '-fdq');
      change();
      assert.deepEqual(await again(folder), [2, 3, 4], String(change));
    }
    commit(folder);
    assert.deepEqual(await again(folder), []);
    assert.deepEqual(await again(folder, 'HEAD~1'), [2, 3, 4]);
    rmSync(path.join(folder, 'src/link'));
    symlinkSync('b.js', path.join(folder, 'src/link'));
    assert.deepEqual(await again(folder), [2, 3, 4]);
  });

  it('reads the Dockerfile and the ignore file as they were', async () => {
    const folder = repository({ ...project, 'src/c.md': '' });
    writeFileSync(path.join(folder, '.dockerignore'), '.git\nDockerfile\n.dockerignore\n**/*.md\n');
    writeFileSync(path.join(folder, 'Dockerfile'), project.Dockerfile.replace('COPY . /all\n', ''));
    assert.deepEqual(await again(folder), [2, 3]);
    commit(folder);
    writeFileSync(path.join(folder, 'src/c.md'), 'ignored\n');
    writeFileSync(path.join(folder, 'Dockerfile'), `${project.Dockerfile.replace('COPY . /all\n', '')}RUN x\n`);
    assert.deepEqual(await again(folder), [4]);
  });

  it('leaves what git ignores, and what a checkout would not touch, as it is', async () => {
    const folder = repository();
    mkdirSync(path.join(folder, 'cache/deep'), { recursive: true });
    writeFileSync(path.join(folder, 'cache/deep/x'), 'x');
    mkdirSync(path.join(folder, 'empty'));
    assert.deepEqual(await again(folder), []);
  });

  it('works below the root of the repository', async () => {
    const below = Object.fromEntries(Object.entries(project).map(([name, text]) => [`services/api/${name}`, text]));
    const folder = repository({ ...below, 'other/x': '' });
    writeFileSync(path.join(folder, 'other/x'), 'changed');
    assert.deepEqual(await again(folder, 'HEAD', 'services/api/Dockerfile'), []);
    writeFileSync(path.join(folder, 'services/api/run.sh'), 'changed');
    assert.deepEqual(await again(path.join(folder, 'services'), 'HEAD', 'api/Dockerfile'), [2, 3, 4]);
  });

  it('knows files that a checkout writes otherwise than git keeps them', async () => {
    const large = 'a large file\n'.repeat(100);
    const oid = createHash('sha256').update(large).digest('hex');
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${large.length}\n`;
    const folder = repository({ ...project, 'src/large.bin': pointer });
    writeFileSync(path.join(folder, 'src/large.bin'), large);
    writeFileSync(path.join(folder, 'src/a.js'), 'a\r\n');
    assert.deepEqual(await again(folder), []);
    writeFileSync(path.join(folder, 'src/large.bin'), `${large}!`);
    assert.deepEqual(await again(folder), [2, 3, 4]);
  });

  it('runs nothing that the repository configures, and takes no revision for an option', async () => {
    const folder = repository({ ...project, '.gitattributes': '* filter=evil diff=evil\n' });
    const evil = 'touch pwned; cat';
    for (const key of [
      'filter.evil.clean',
      'filter.evil.smudge',
      'filter.evil.process',
      'core.fsmonitor',
      'core.pager',
      'diff.evil.textconv',
      'diff.external',
      'alias.ls-tree',
      'core.sshCommand',
    ])
      git(folder, 'config', key, evil);
    writeFileSync(path.join(folder, 'src/a.js'), 'changed\n');
    assert.deepEqual(await again(folder), [2, 3, 4]);
    for (const rev of ['--output=pwned', '--upload-pack=touch pwned', '@{-1}', 'HEAD:src', '']) {
      assert.equal((await cli(folder, ['what-if', 'Dockerfile', `--against=${rev}x`])).code, 2, rev);
    }
    assert.ok(!existsSync(path.join(folder, 'pwned')));
  });

  it('says that the Dockerfile was not there yet', async () => {
    const folder = repository();
    writeFileSync(path.join(folder, 'Dockerfile.new'), 'FROM a\n');
    const { code, stderr } = await cli(folder, ['what-if', 'Dockerfile.new', '--against', 'HEAD']);
    assert.equal(code, 2);
    assert.match(stderr, /no git revision of that name with this Dockerfile/);
  });
});
