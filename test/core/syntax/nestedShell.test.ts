// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import assert from 'node:assert/strict';
import { parseShell } from '../../../server/src/core/syntax/shell.ts';
import { at, lines, values } from './support.ts';

const read = (source: string): readonly string[] => lines(source, parseShell(source, 0));
describe('parseShell', () => {
  describe('parses scripts for another shell', () => {
    const cases: readonly (readonly [source: string, found: readonly string[]])[] = [
      ["sh -c 'a && b'", ["! sh -c 'a && b'", '! [sh -c] a', '! && [sh -c] b']],
      ['bash -lc "a; b"', ['! bash -lc "a; b"', '! [sh -c] a', '! ; [sh -c] b']],
      ["/bin/sh -euxc 'a'", ["! /bin/sh -euxc 'a'", '! [sh -c] a']],
      [
        "bash -eo pipefail -c '(a && b); c'",
        [
          "! bash -eo pipefail -c '(a && b); c'",
          '! [sh -c > subshell] a',
          '! && [sh -c > subshell] b',
          '! ; [sh -c] c',
        ],
      ],
      ["bash -o pipefail -c 'a' x y", ["! bash -o pipefail -c 'a' x y", '! [sh -c] a']],
      ['sh -c a', ['! sh -c a', '! [sh -c] a']],
      ["sudo -u me bash -c 'a'", ["! sudo -u me bash -c 'a'", '! [sh -c] a']],
      ["env A=1 sh -c 'a'", ["! env A=1 sh -c 'a'", '! [sh -c] a']],
      ["su - me -c 'a b'", ["! su - me -c 'a b'", '! [sh -c] a b']],
      ["a || sh -c 'b'", ['! a', "? || sh -c 'b'", '? [sh -c] b']],
      ["sh -c 'a && b' && c", ["! sh -c 'a && b'", '! [sh -c] a', '! && [sh -c] b', '! && c']],
      ["sh -c 'a && b'; c", ["! sh -c 'a && b'", '! [sh -c] a', '? && [sh -c] b', '! ; c']],
      ["sh -c 'exit 0'; a", ["! sh -c 'exit 0'", '! [sh -c] exit 0', '! ; a']],
      ['sh -c "a $(b) c"', ['! sh -c "a $(b) c"', '! [substitution] b', '! [sh -c] a $(b) c']],
      ['sh <<E\na && b\nE', ['! sh <<E', '! [sh -c] a', '! && [sh -c] b']],
      ["bash -s <<'E'\na\nE", ["! bash -s <<'E'", '! [sh -c] a']],
      ['sh script.sh -c x', ['! sh script.sh -c x']],
      ['python -c "a"', ['! python -c "a"']],
      ['python <<E\na\nE', ['! python <<E']],
      ['sh -c $A', ['! sh -c $A']],
      ['sudo apt-get install bash', ['! sudo apt-get install bash']],
      ['bash -c "sh -c \'a\'"', ['! bash -c "sh -c \'a\'"', "! [sh -c] sh -c 'a'", '! [sh -c > sh -c] a']],
    ];
    for (const [source, found] of cases) it(source, () => assert.deepEqual(read(source), found));

    it('with escapes, at their place', () => {
      const source = 'x && sh -c "a \\"b c\\" && d \\$E"';
      const [, , a, d] = parseShell(source, 0).commands;
      assert.deepEqual(values(a), ['a', 'b c']);
      assert.equal(a && at(source, a.span), 'a \\"b c\\"');
      assert.equal(d && at(source, d.span), 'd \\$E');
    });
    it('at the whole word where the quotes change', () => {
      const source = 'sh -c \'a \'"b"';
      const inner = parseShell(source, 0).commands[1];
      assert.deepEqual(values(inner), ['a', 'b']);
      assert.equal(inner && at(source, inner.span), '\'a \'"b"');
    });
    it('shows what the author wrote for a substitution', () => {
      const words = parseShell('sh -c "a $(b c) d"', 0)
        .commands.at(-1)
        ?.words.map((word) => word.text);
      assert.deepEqual(words, ['a', '$(b c)', 'd']);
    });
    it('but only so deep', () => {
      let source = 'a';
      for (let depth = 0; depth < 12; depth++) source = `sh -c ${JSON.stringify(source)}`;
      assert.equal(parseShell(source, 0).complete, false);
    });
  });

  describe('says when it did not understand', () => {
    const broken = ['a "b', 'if a; then b', '(a', 'a $(b', 'a && ', '$('.repeat(500), "sh -c 'if'", 'a "$(b"'];
    for (const source of broken) {
      it(JSON.stringify(source.slice(0, 20)), () => assert.equal(parseShell(source, 0).complete, false));
    }
    const fine = [
      'a',
      '',
      'a; ',
      'a &',
      '{ a; }',
      'a <<E\nE',
      'case a in esac',
      "a 'b\nc'",
      '. ./x',
      'a=(b c)',
      'local a',
    ];
    for (const source of fine) {
      it(JSON.stringify(source), () => assert.equal(parseShell(source, 0).complete, true));
    }
  });

  it('gives equal scripts at every offset', () => {
    const source = 'A=1 a "$B" >c && sh -c \'d\' || e';
    const [here, there] = [parseShell(source, 0), parseShell(source, 7)];
    assert.deepEqual(lines(source, here), lines(`1234567${source}`, there));
    assert.deepEqual([...here.variables], [...there.variables]);
  });
});
