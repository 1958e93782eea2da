import assert from 'node:assert/strict';
import { commentedContext } from '../../../server/src/core/builds/comment.ts';

const at = (comment: string, dockerfile = '/w/api/docker/Dockerfile.dev'): string | undefined =>
  commentedContext(dockerfile, `FROM debian\n${comment}\nRUN true\n`, '/w')?.folder;

describe('a comment that says how a Dockerfile is built', () => {
  it('names its folder by the path of the Dockerfile', () => {
    assert.equal(at('# docker build -f docker/Dockerfile.dev -t x .'), '/w/api');
    assert.equal(at('# docker buildx build --platform linux/amd64 --file=./api/docker/Dockerfile.dev ./'), '/w');
    assert.equal(at('#  - from here: `docker build -f ./Dockerfile.dev ../`'), '/w/api');
    assert.equal(at('# docker build -f docker/Dockerfile.dev web'), '/w/api/web');
    assert.equal(at('# podman build -f Dockerfile .\n# podman build -f ./Dockerfile .', '/w/Dockerfile'), '/w');
  });

  it('is left aside where it says nothing sure', () => {
    for (const comment of [
      '# docker build .',
      '# docker build -f other/Dockerfile.dev .',
      '# docker build -f docker/Dockerfile.dev . and wait',
      '# docker build -f docker/Dockerfile.dev $DIR',
      '# docker build -f docker/Dockerfile.dev https://example.com/x.git',
      '# docker build -f docker/Dockerfile.dev ../../..',
      '# docker build -f docker/Dockerfile.dev .\n# docker build -f docker/Dockerfile.dev ..',
      '# docker build -f w/api/docker/Dockerfile.dev .',
      'RUN docker build -f docker/Dockerfile.dev .',
    ])
      assert.equal(at(comment), undefined, comment);
  });
});
