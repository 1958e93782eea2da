import assert from 'node:assert/strict';
import { type FoundDockerfile, useOf } from '../../../server/src/core/context/ignoreUsers.ts';

const found = (path: string, more: Partial<FoundDockerfile> = {}): FoundDockerfile => ({
  path,
  text: '',
  contexts: ['/w'],
  ownIgnoreFile: undefined,
  ignoreFile: undefined,
  ...more,
});

/** Where an ignore file could be moved to, with the Dockerfiles that would use it there. */
function places(path: string, ...dockerfiles: readonly FoundDockerfile[]): unknown {
  const { misplaced } = useOf(path, dockerfiles);
  if (misplaced?.kind !== 'elsewhere') return misplaced?.kind;
  const shown = misplaced.places.map((place) => [place.path, ...place.users.map((user) => user.path)].join(' '));
  return misplaced.taken ? 'taken' : shown;
}

describe('an ignore file that no build reads', () => {
  const file = '/w/docker/.dockerignore';

  it('could lie at the root of the context, for all that are built there, or beside the one Dockerfile', () => {
    assert.deepEqual(
      places(
        file,
        found('/w/api/Dockerfile'),
        found('/w/web/Dockerfile', { ownIgnoreFile: '/w/web/Dockerfile.dockerignore' }),
        found('/w/docker/Dockerfile'),
        found('/w/docker/other.Dockerfile', { contexts: ['/w/other'] }),
      ),
      [
        '/w/.dockerignore /w/api/Dockerfile /w/docker/Dockerfile',
        '/w/docker/Dockerfile.dockerignore /w/docker/Dockerfile',
      ],
    );
    assert.deepEqual(places(file, found('/w/docker/Dockerfile', { contexts: ['/'] })), [
      '/.dockerignore /w/docker/Dockerfile',
      '/w/docker/Dockerfile.dockerignore /w/docker/Dockerfile',
    ]);
  });

  it('counts in all contexts of a Dockerfile only beside it', () => {
    assert.deepEqual(places(file, found('/w/docker/Dockerfile', { contexts: ['/w', '/w/lib'] })), [
      '/w/docker/Dockerfile.dockerignore /w/docker/Dockerfile',
    ]);
  });

  it('has no place where another one is in force', () => {
    assert.equal(places(file, found('/w/docker/Dockerfile', { ignoreFile: '/w/.dockerignore' })), 'taken');
    const own = { ownIgnoreFile: '/w/docker/Dockerfile.dockerignore', ignoreFile: '/w/docker/Dockerfile.dockerignore' };
    assert.equal(places(file, found('/w/docker/Dockerfile', own)), 'shadowed');
    assert.equal(places('/w/docker/x.dockerignore'), 'orphan');
  });

  it('is none where a build reads it, or nobody knows', () => {
    assert.equal(places(file, found('/w/docker/Dockerfile', { contexts: ['/w', '/w/docker'] })), undefined);
    assert.equal(places(file, found('/w/api/Dockerfile')), undefined);
  });
});
