import assert from 'node:assert/strict';
import { DockerfileParser } from 'dockerfile-ast';
import { imageReference } from '../../../server/src/core/syntax/imageReference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

const parts = (ref: string): readonly (string | undefined)[] => {
  const { registry, repository, tag, digest: found } = imageReference(ref);
  return [registry, repository, tag, found];
};

const peer = (ref: string) => DockerfileParser.parse(`FROM ${ref}`).getFROMs()[0];

describe('imageReference', () => {
  const cases: readonly (readonly [ref: string, ...expected: (string | undefined)[]])[] = [
    ['node', undefined, 'node', undefined, undefined],
    ['node:22.1-alpine3.20', undefined, 'node', '22.1-alpine3.20', undefined],
    ['docker.io/library/x', 'docker.io', 'library/x', undefined, undefined],
    ['grafana/k6:1.0', undefined, 'grafana/k6', '1.0', undefined],
    ['localhost/a', 'localhost', 'a', undefined, undefined],
    ['localhost:5000/a', 'localhost:5000', 'a', undefined, undefined],
    ['registry.example:443/a/b', 'registry.example:443', 'a/b', undefined, undefined],
    ['Registry/a:1', 'Registry', 'a', '1', undefined],
    [`node@${digest}`, undefined, 'node', undefined, digest],
    [`node:22@${digest}`, undefined, 'node', '22', digest],
    ['a:', undefined, 'a', '', undefined],
    ['', undefined, '', undefined, undefined],
  ];
  for (const [ref, ...expected] of cases) it(`reads ${ref || 'nothing'}`, () => assert.deepEqual(parts(ref), expected));

  describe('leaves variables whole', () => {
    const variables: readonly (readonly [ref: string, ...expected: (string | undefined)[]])[] = [
      [`node:\${V}`, undefined, 'node', `\${V}`, undefined],
      [`node:\${V:-a:b}`, undefined, 'node', `\${V:-a:b}`, undefined],
      ['$IMAGE:$TAG', undefined, '$IMAGE', '$TAG', undefined],
      [`\${REGISTRY:-ghcr.io}/a:1`, undefined, `\${REGISTRY:-ghcr.io}/a`, '1', undefined],
      [`ghcr.io/\${ORG}/a:\${T}`, 'ghcr.io', `\${ORG}/a`, `\${T}`, undefined],
      [`node:\${V}@\${D}`, undefined, 'node', `\${V}`, `\${D}`],
    ];
    for (const [ref, ...expected] of variables) it(ref, () => assert.deepEqual(parts(ref), expected));
  });

  describe('mends what dockerfile-ast gets wrong', () => {
    it('a tag beside a digest behind a port', () => {
      const ref = `localhost:5000/a/b:tag@${digest}`;
      assert.equal(peer(ref)?.getImageTag(), null);
      assert.deepEqual(parts(ref), ['localhost:5000', 'a/b', 'tag', digest]);
    });

    it('a dot in the path, which makes no registry', () => {
      assert.equal(peer('org/node.js:1')?.getRegistry(), 'org');
      assert.deepEqual(parts('org/node.js:1'), [undefined, 'org/node.js', '1', undefined]);
    });
  });

  it('takes what is no reference as it is', () => {
    for (const ref of ['a b:c', '--platform=x', 'a\\\nb:1', '<<EOF', '"node:22"', `${'a/'.repeat(400)}a:1`])
      assert.deepEqual(parts(ref), [undefined, ref, undefined, undefined]);
  });

  it('reads anything without failing', () => {
    const alphabet = [...'ab./:@{}+-_1A', '$', '$'];
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % below;
    };
    for (let i = 0; i < 3000; i++) {
      const ref = Array.from({ length: random(40) }, () => alphabet[random(alphabet.length)]).join('');
      assert.equal(typeof imageReference(ref).repository, 'string', ref);
    }
  });
});
