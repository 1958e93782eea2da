import assert from 'node:assert/strict';
import { transformSync } from 'esbuild';
import { fixtureFile, idProblem, indexWith, ruleFile } from '../scripts/generated/scaffold.ts';
import { rules } from '../server/src/core/rules/index.ts';
import { parseFixture } from './rules/lib/fixture.ts';
import { read } from './tidy/sources.ts';

describe('npm run new-rule', () => {
  const ids = rules.map(({ id }) => id);

  it('keeps the list as it is kept by hand', () => {
    const [first = '', ...others] = ids;
    assert.equal(indexWith(first, others), read('server/src/core/rules/index.ts'));
    assert.match(indexWith('zz-top', ids), /import \{ zzTop \} from '\.\/zzTop\.ts';\n\n[\s\S]*zzTop,?\s*\];\n$/);
  });

  it('refuses ids that are taken or read badly', () => {
    assert.equal(idProblem('zz-top', ids), undefined);
    for (const id of ['', 'one', 'Copy-It', 'copy_it', '../evil-id', 'copy--it', ids[0] ?? ''])
      assert.ok(idProblem(id, ids), id);
  });

  it('writes a rule and a case, neither of them finished', () => {
    const text = ruleFile('zz-top', 'order');
    assert.match(transformSync(text, { loader: 'ts' }).code, /id: "zz-top"/);
    assert.match(text, /summary: '…'/);
    assert.deepEqual(
      parseFixture(fixtureFile('zz-top')).annotations.map(({ label }) => label),
      ['zz-top'],
    );
  });
});
