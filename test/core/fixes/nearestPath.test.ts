import assert from 'node:assert/strict';
import { snapshotOfTexts } from '../../../server/src/core/context/snapshot.ts';
import { editDistance, nearestPath } from '../../../server/src/core/fixes/nearestPath.ts';

const nearest = (path: string, ...there: string[]): string | undefined =>
  nearestPath(snapshotOfTexts(Object.fromEntries(there.map((each) => [each, '']))), path);

describe('the nearest path', () => {
  it('counts letters that differ', () => {
    for (const [a, b, distance] of [
      ['', '', 0],
      ['abc', 'abc', 0],
      ['abc', 'abd', 1],
      ['abc', 'acb', 1],
      ['abc', 'ab', 1],
      ['kitten', 'sitting', 3],
    ] as const)
      assert.equal(editDistance(a, b, 5), distance, `${a} ${b}`);
    assert.equal(editDistance('a', 'abcdef', 2), 3);
  });

  it('is one with a slip or in another case, in any part', () => {
    assert.equal(nearest('requirments.txt', 'requirements.txt'), 'requirements.txt');
    assert.equal(nearest('scr/main/app.ts', 'src/main/app.ts'), undefined);
    assert.equal(nearest('sources/app.ts', 'source/app.ts'), 'source/app.ts');
    assert.equal(nearest('SRC/App.ts', 'src/app.ts'), 'src/app.ts');
    assert.equal(nearest('makefile', 'Makefile'), 'Makefile');
  });

  it('is no other that differs on purpose', () => {
    assert.equal(nearest('app-v2.json', 'app-v1.json'), undefined);
    assert.equal(nearest('dev.env', 'prod.env'), undefined);
    assert.equal(nearest('a.ts', 'b.ts'), undefined);
  });

  it('is none where there are several', () => {
    assert.equal(nearest('server.ts', 'serve.ts', 'servers.ts'), undefined);
    assert.equal(nearest('nginx.template', 'a/nginx.template', 'b/nginx.template'), undefined);
  });

  it('is a file that moved, unless many have its name or its folder is not there', () => {
    assert.equal(nearest('nginx.template', 'docker/nginx.template'), 'docker/nginx.template');
    assert.equal(nearest('index.html', 'web/index.html'), undefined);
    assert.equal(nearest('artifacts/start.sh', 'docker/start.sh'), undefined);
    assert.equal(nearest('tool', 'cmd/tool'), undefined);
  });
});
