import assert from 'node:assert/strict';
import { existsSync, lstatSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { moveFile } from '../../server/src/cli/write.ts';
import { cli, findingsOf, temporaryFolder } from './lib/run.ts';

const make = temporaryFolder();
const python = 'FROM python:3.13\nCOPY requirements.txt src/app.py ./\n';
const project = {
  Dockerfile: python,
  'requirements.txt': 'flask==3.1.0\n',
  'src/app.py': '',
  'src/__pycache__/app.pyc': 'x',
  '.dockerignore': '__pycache__\n*.log\nnpm-debug.log\n',
};

describe('cache-lens check on ignore files', () => {
  it('finds them in a folder and reports what they do', async () => {
    const folder = make(project);
    assert.deepEqual((await findingsOf(folder))['.dockerignore'], ['gitignore-syntax', 'repeated-pattern']);
    const { code, stdout } = await cli(folder, ['check', '.dockerignore']);
    assert.equal(code, 1);
    assert.match(stdout, /src\/__pycache__ \(1 file, 1 B\) enters the build/);
  });

  it('finds what an allow list forgets in a folder that it keeps out', async () => {
    const folder = make({
      Dockerfile: 'FROM alpine:3.22\nCOPY scripts/run.sh /\n',
      'scripts/run.sh': '',
      '.dockerignore': '*\n!src\n',
    });
    assert.deepEqual(await findingsOf(folder), {
      '.dockerignore': ['ignored-build-input'],
      Dockerfile: ['copy-ignored-file'],
    });
  });

  it('mends them', async () => {
    const folder = make(project);
    const { code } = await cli(folder, ['check', '--fix', '.dockerignore']);
    assert.equal(readFileSync(path.join(folder, '.dockerignore'), 'utf8'), '**/__pycache__\n*.log\n');
    assert.equal(code, 0);
  });

  it('takes one from standard input', async () => {
    const folder = make(project);
    const { stdout } = await cli(
      folder,
      ['check', '--stdin', '--stdin-filename', '.dockerignore', '--format', 'json'],
      {
        stdin: 'requirements.txt\n',
      },
    );
    assert.match(stdout, /ignored-build-input/);
  });

  it('knows the Dockerfiles that use it, by their contexts', async () => {
    const folder = make({
      'docker/Dockerfile': 'FROM alpine:3.22\nCOPY src/a.txt /\n',
      'docker/.dockerignore': 'src\n',
      'docker/api.dockerignore': 'src\n',
      'src/a.txt': '',
      '.dockerignore': '*.txt\nsrc/*.txt\n',
      '.git/HEAD': '',
    });
    assert.deepEqual(await findingsOf(folder), {
      '.dockerignore': ['ignored-build-input'],
      'docker/.dockerignore': ['misplaced-dockerignore'],
      'docker/Dockerfile': ['copy-ignored-file'],
      'docker/api.dockerignore': ['misplaced-dockerignore'],
    });
  });
});

describe('cache-lens check --context on ignore files', () => {
  const files = {
    Dockerfile: 'FROM alpine:3.22\nCOPY a.txt /\n',
    '.dockerignore': '*.txt\n',
    'a.txt': '',
    'app/Dockerfile': 'FROM alpine:3.22\nCOPY a.txt /\n',
    'app/.dockerignore': '*.txt\n',
    'app/a.txt': '',
    'app/own.Dockerfile': 'FROM alpine:3.22\nCOPY a.txt /\n',
    'app/own.Dockerfile.dockerignore': 'a.txt\n',
    '.git/HEAD': '',
  };
  const ignoreFiles = ['.dockerignore', 'app/.dockerignore', 'app/own.Dockerfile.dockerignore'];

  it('says of them what it says of the Dockerfiles: which build reads them', async () => {
    const folder = make(files);
    assert.deepEqual(await findingsOf(folder, ignoreFiles), {
      '.dockerignore': ['ignored-build-input'],
      'app/.dockerignore': ['ignored-build-input'],
      'app/own.Dockerfile.dockerignore': ['ignored-build-input'],
    });
    assert.deepEqual(await findingsOf(folder, ['--context', '.', ...ignoreFiles]), {
      '.dockerignore': ['ignored-build-input'],
      'app/.dockerignore': ['misplaced-dockerignore'],
      'app/own.Dockerfile.dockerignore': ['ignored-build-input'],
    });
    assert.deepEqual(await findingsOf(folder, ['--context', 'app/', ...ignoreFiles]), {
      '.dockerignore': ['misplaced-dockerignore'],
      'app/.dockerignore': ['ignored-build-input'],
      'app/own.Dockerfile.dockerignore': ['ignored-build-input'],
    });
  });

  it('counts the files of that folder for the ignore file of one Dockerfile', async () => {
    const own = 'app/own.Dockerfile.dockerignore';
    const folder = make({ ...files, [own]: '__pycache__\n', 'app/__pycache__/a.pyc': 'x' });
    const found = async (...args: string[]) => (await findingsOf(folder, [...args, own]))[own];
    assert.deepEqual(await found(), []);
    assert.deepEqual(await found('--context', '.'), ['gitignore-syntax']);
  });
});

describe('cache-lens check on an ignore file that no build reads', () => {
  const misplaced = {
    'docker/Dockerfile': 'FROM alpine:3.22\nCOPY src /src\n',
    'docker/.dockerignore': '*.log\nnpm-debug.log\n',
    'src/a.txt': '',
    '.git/HEAD': '',
  };
  const has = (folder: string, name: string) => existsSync(path.join(folder, name));

  it('names the places that it can be moved to', async () => {
    const folder = make(misplaced);
    const { stdout } = await cli(folder, ['check', '--format', 'json', 'docker/.dockerignore']);
    const fixes = JSON.parse(stdout).files[0].findings[0].fixes;
    assert.deepEqual(fixes, [
      { title: 'Move it to the top folder', applicability: 'suggestion', edits: [], moveTo: '.dockerignore' },
      {
        title: 'Rename it to Dockerfile.dockerignore',
        applicability: 'suggestion',
        edits: [],
        moveTo: 'docker/Dockerfile.dockerignore',
      },
    ]);
    const sarif = await cli(folder, ['check', '--format', 'sarif', 'docker/.dockerignore']);
    assert.deepEqual(JSON.parse(sarif.stdout).runs[0].results[0].fixes, []);
  });

  it('moves it with all fixes, and mends it there', async () => {
    const left = make(misplaced);
    await cli(left, ['check', '--fix', 'docker']);
    assert.ok(has(left, 'docker/.dockerignore'), 'safe fixes leave it where it is');
    const folder = make(misplaced);
    const { code, stdout, stderr } = await cli(folder, ['check', '--fix=all', 'docker/.dockerignore']);
    assert.deepEqual([code, stderr], [0, '']);
    assert.match(
      stdout,
      /^fixed \.dockerignore: misplaced-dockerignore, repeated-pattern; moved from docker\/\.dockerignore$/m,
    );
    assert.equal(has(folder, 'docker/.dockerignore'), false);
    assert.equal(readFileSync(path.join(folder, '.dockerignore'), 'utf8'), '*.log\n');
  });

  it('moves one of two that want the same place', async () => {
    const folder = make({
      ...misplaced,
      'other/Dockerfile': 'FROM alpine:3.22\nCOPY src /src\n',
      'other/.dockerignore': 'tmp\n',
    });
    const { stdout } = await cli(folder, ['check', '--fix=all']);
    assert.match(stdout, /There is one already/);
    assert.equal(readFileSync(path.join(folder, '.dockerignore'), 'utf8'), '*.log\n');
    assert.equal(readFileSync(path.join(folder, 'other/.dockerignore'), 'utf8'), 'tmp\n');
  });

  it('moves no symbolic link, none over a broken one, and nothing through one that leads out', async () => {
    const outside = make({});
    const folder = make(misplaced);
    const stays = async (why: string) => {
      const { stdout } = await cli(folder, ['check', '--fix=all', 'docker/.dockerignore']);
      assert.match(stdout, /misplaced-dockerignore/, why);
      assert.ok(lstatSync(path.join(folder, 'docker/.dockerignore')), why);
    };
    symlinkSync('nowhere', path.join(folder, '.dockerignore'));
    symlinkSync('nowhere', path.join(folder, 'docker/Dockerfile.dockerignore'));
    await stays('broken links');
    const linked = make({ ...misplaced, 'docker/real': 'a\n' });
    renameSync(path.join(linked, 'docker/.dockerignore'), path.join(linked, 'docker/other'));
    symlinkSync('other', path.join(linked, 'docker/.dockerignore'));
    await cli(linked, ['check', '--fix=all', 'docker/.dockerignore']);
    assert.equal(has(linked, '.dockerignore'), false);
    const away = make({ '.git/HEAD': '' });
    renameSync(path.join(linked, 'docker'), path.join(outside, 'docker'));
    renameSync(path.join(outside, 'docker/other'), path.join(outside, 'docker/plain'));
    symlinkSync(path.join(outside, 'docker'), path.join(away, 'docker'));
    await cli(away, ['check', '--fix=all', 'docker/.dockerignore']);
    assert.equal(has(away, '.dockerignore'), false);
  });

  it('never writes over a file that came in the meantime', async () => {
    const folder = make({ a: '1\n', b: '2\n' });
    const at = (name: string) => path.join(folder, name);
    await assert.rejects(moveFile(at('a'), at('b')), { code: 'EEXIST' });
    symlinkSync('nowhere', at('c'));
    await assert.rejects(moveFile(at('a'), at('c')), { code: 'EEXIST' });
    assert.deepEqual([readFileSync(at('a'), 'utf8'), readFileSync(at('b'), 'utf8')], ['1\n', '2\n']);
    assert.equal(has(folder, 'nowhere'), false);
    await assert.rejects(moveFile(at('c'), at('d')), /symbolic link/);
  });
});
