import assert from 'node:assert/strict';
import { fitted } from '../../client/src/fitted.ts';

describe('the text of the status item', () => {
  const reason = 'context of job build in .github/workflows/docker-publish.yml';

  it('is whole where there is room', () => assert.equal(fitted(reason, ', and 2 more', 90), `${reason}, and 2 more`));

  it('names the file without its folders where there is less', () =>
    assert.equal(fitted(reason, '', 50), 'context of job build in …/docker-publish.yml'));

  it('is cut behind that', () =>
    assert.equal(fitted(reason, ', and 2 more', 40), 'context of job build in …/d…, and 2 more'));

  it('is never cut to nothing', () => assert.equal(fitted(reason, ', and 2 more', 3), 'context of job…, and 2 more'));
});
