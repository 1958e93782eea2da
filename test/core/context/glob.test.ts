import assert from 'node:assert/strict';
import { parseGlob } from '../../../server/src/core/context/glob.ts';

/** Each row as Go 1.24's filepath.Match answered it; undefined is ErrBadPattern. */
const rows: [pattern: string, name: string, matches: boolean | undefined][] = [
  ['', '', true],
  ['abc', 'abc', true],
  ['*', 'abc', true],
  ['*', 'a/b', false],
  ['*c', 'abc', true],
  ['a*', 'a', true],
  ['a*/b', 'abc/b', true],
  ['a*/b', 'a/c/b', false],
  ['a*b*c*d*e*/f', 'axbxcxdxe/f', true],
  ['a*b*c*d*e*/f', 'axbxcxdxexxx/fff', false],
  ['ab[c]', 'abc', true],
  ['ab[e-g]', 'abc', false],
  ['ab[^b-d]', 'abc', false],
  ['a[!b]', 'ac', false],
  ['a[!b]', 'a!', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'ab', false],
  ['a?b', 'aéb', true],
  ['a?b', 'a😀b', true],
  ['a??b', 'a😀b', false],
  ['*??b', '日b', true],
  ['[😀]', '😀', true],
  ['[a-ζ]*', 'α', true],
  ['a?b', 'a/b', false],
  ['a[^x]b', 'a/b', true],
  ['*[^a]*c', 'b/c', false],
  ['[\\]a]', ']', true],
  ['[x\\-]', '-', true],
  ['[]a]', ']', undefined],
  ['[-]', '-', undefined],
  ['[x-]', 'x', undefined],
  ['[a-b-c]', 'a', undefined],
  ['[', 'a', undefined],
  ['[^', 'a', undefined],
  ['a[', 'ab', undefined],
  ['\\', 'a', undefined],
  ['x*[', 'y', false],
  ['x*[', 'x', undefined],
  ['[b-a]', 'a', false],
  ['{a,b}', 'a', false],
];

describe('glob', () => {
  for (const [pattern, name, expected] of rows)
    it(`${pattern} on ${name}: ${expected}`, () => assert.equal(parseGlob(pattern).matches(name), expected));

  it('says that a pattern is malformed wherever the mistake stands', () => {
    assert.equal(parseGlob('x*[').valid, false);
    assert.equal(parseGlob('x*\\').valid, false);
    assert.equal(parseGlob('x*[a]').valid, true);
  });
});
