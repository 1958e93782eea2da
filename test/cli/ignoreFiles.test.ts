import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
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
