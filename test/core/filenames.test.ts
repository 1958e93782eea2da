import assert from 'node:assert/strict';
import { isDockerfileName, isIgnoreFileName } from '../../server/src/core/filenames.ts';

describe('file names', () => {
  it('of Dockerfiles', () => {
    const names = ['Dockerfile', 'Dockerfile.dev', 'api.Dockerfile', 'api.dockerfile', 'dockerfile', 'Containerfile'];
    for (const name of [...names, 'Containerfile.arm64', 'x.Containerfile', 'Dockerfile-proxy', 'Dockerfile_dev'])
      assert.ok(isDockerfileName(name), name);
  });

  it('of other files', () => {
    const names = [
      'dockerfile.ts',
      'Dockerfile-lint.md',
      'MyDockerfile',
      '.dockerfile',
      'Dockerfile.',
      'docker-compose.yml',
    ];
    for (const name of [...names, '']) assert.ok(!isDockerfileName(name), name);
  });

  it('of ignore files, those of one Dockerfile included', () => {
    for (const name of ['.dockerignore', 'Dockerfile.dockerignore', 'a.Dockerfile.dockerignore']) {
      assert.ok(isIgnoreFileName(name), name);
      assert.ok(!isDockerfileName(name), name);
    }
    assert.ok(!isIgnoreFileName('.dockerignore.bak'));
  });
});
