import assert from 'node:assert/strict';
import { parseIgnore } from '../../../server/src/core/context/ignore.ts';

const ignored = (text: string, path: string): boolean => parseIgnore(text).matcher.matches(path).ignored;

describe('reading an ignore file', () => {
  it('gives each pattern with its place, as written and cleaned', () => {
    const text = '\uFEFF# comment\n  ./docs/ \r\n\n! /docs//a.md\n #not a comment\n';
    const read = parseIgnore(text).patterns.map(({ span, text: written, cleaned, negated }) => {
      assert.equal(text.slice(span.start, span.end), written);
      return [written, cleaned, negated];
    });
    assert.deepEqual(read, [
      ['./docs/', 'docs', false],
      ['! /docs//a.md', 'docs/a.md', true],
      ['#not a comment', '#not a comment', false],
    ]);
  });

  for (const [text, message] of [
    ['!', /needs a pattern/],
    ['!/', /needs a pattern/],
    ['a[b', /"\["/],
    ['[]a]', /"\["/],
    ['[b-a]', /"\["/],
    ['a\\', /backslash/],
    ['obj\\Release', /"\\R" is no escape/],
    ['x*{2}', /braces/],
  ] as const)
    it(`refuses ${text}`, () => {
      const { errors, patterns } = parseIgnore(`node_modules\n${text}\n`);
      assert.deepEqual(errors, [patterns[1]]);
      assert.match(errors[0]?.error ?? '', message);
    });

  it('goes by the good patterns where one is malformed', () => assert.equal(ignored('a[\nb\n', 'b/c'), true));
  it('takes an empty file', () => assert.deepEqual(parseIgnore('').patterns, []));
  it('takes a comment only at the first column', () => assert.equal(ignored('#a\n #b\n', '#b'), true));
  it('keeps a byte order mark that is not the first', () => assert.equal(ignored('x\n\uFEFFa\n', 'a'), false));
});

describe('what an ignore file leaves out', () => {
  for (const [text, path, expected] of [
    ['node_modules', 'a/node_modules/b', false],
    ['**/node_modules', 'a/node_modules/b', true],
    ['*.md\n!README.md', 'README.md', false],
    ['*.md\n!README.md\nREADME*', 'README.md', true],
    ['src\n!src/lib', 'src/lib/a.ts', false],
    ['src\n!src/lib', 'src/a.ts', true],
    // An exception is looked at only where something matched before it: for `src` nothing had, so `src/lib` stays out.
    ['src/lib\n!src', 'src/lib/a.ts', true],
    // fsutil does not enter `a/b`: by its name, no exception can hold below.
    ['a\n!a/*/**', 'a/b/c', true],
    ['a?c', 'a😀c', true],
    ['a\\d', 'a5', true],
    ['[[:digit:]]', '5', true],
    ['[^[:^digit:]x]*', '5', true],
    ['foo**bar', 'foox/y/bar', true],
    ['a**', 'ab/c', true],
    ['**.log', 'a/x.log', true],
    // Moby escapes neither bars nor braces where a pattern becomes a regular expression.
    ['a|b*', 'a/x', true],
    ['a|b', 'a', false],
    ['?{2}', 'ab', true],
    ['*.{js,ts}', 'a.js', false],
    ['*.{js,ts}', 'a.{js,ts}', true],
    ['**/b**/**/a*', 'x/bar', true],
    ['a^b', 'a^b', true],
    ['a^*', 'a^b', false],
    ['.', 'a', false],
    ['../a', 'a', false],
  ] as const)
    it(`${JSON.stringify(text)}: ${path} ${expected ? 'stays out' : 'enters'}`, () =>
      assert.equal(ignored(text, path), expected));

  it('names the pattern that decides, and none where none holds', () => {
    const { matcher, patterns } = parseIgnore('*.md\n!README.md\nlib\n');
    assert.equal(matcher.matches('a.md').pattern, patterns[0]);
    assert.equal(matcher.matches('README.md').pattern, patterns[1]);
    assert.equal(matcher.matches('lib/a/b.md').pattern, patterns[2]);
    assert.equal(matcher.matches('a.ts').pattern, undefined);
  });

  for (const [text, folder, expected] of [
    ['node_modules', 'node_modules', true],
    ['node_modules', 'src', false],
    ['**/node_modules', 'a/b/node_modules', true],
    ['node_modules\n!node_modules/keep', 'node_modules', false],
    ['node_modules\n!node_modules/keep', 'node_modules/other', true],
    ['node_modules\n!**/*.md', 'node_modules', false],
    ['!**/*.md\nnode_modules', 'node_modules', true],
    ['node_modules\n!src/*.md', 'node_modules', true],
    ['*\n!package.json', '.git', true],
  ] as const)
    it(`${JSON.stringify(text)}: ${folder} ${expected ? 'need not' : 'must'} be entered`, () =>
      assert.equal(parseIgnore(text).matcher.canPrune(folder), expected));

  it('decides alike for paths in any order', () => {
    const text = '*\n!a/**/c\na/b/*.log\n!a/b/x.log\n';
    const paths = ['a', 'a/b', 'a/b/c', 'a/b/y.log', 'a/b/x.log', 'z/c', 'a/c/z'];
    const forward = parseIgnore(text).matcher;
    const backward = parseIgnore(text).matcher;
    const expected = paths.map((path) => forward.matches(path).ignored);
    assert.deepEqual(
      paths
        .toReversed()
        .map((path) => backward.matches(path).ignored)
        .toReversed(),
      expected,
    );
    assert.deepEqual(expected, [true, true, false, true, false, true, false]);
  });
});
