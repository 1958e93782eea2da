// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import assert from 'node:assert/strict';
import { parseShell } from '../../../server/src/core/syntax/shell.ts';
import { at, lines, values } from './support.ts';

const read = (source: string): readonly string[] => lines(source, parseShell(source, 0));
const first = (source: string) => parseShell(source, 0).commands[0];
const variables = (source: string): readonly string[] => [...parseShell(source, 0).variables].sort();

describe('parseShell', () => {
  describe('finds the commands of', () => {
    const cases: readonly (readonly [source: string, found: readonly string[]])[] = [
      ['', []],
      ['# only a comment', []],
      ['a b', ['! a b']],
      ['a && b && c', ['! a', '! && b', '! && c']],
      ['a; b', ['! a', '! ; b']],
      ['a\nb # && x\nc', ['! a', '! \\n b', '! \\n c']],
      ['a &&\n  b', ['! a', '! && b']],
      ['a \\\n  && b', ['! a', '! && b']],
      ['a | b |& c', ['! a', '! | b', '! | c']],
      ['a & b', ['? a', '! & b']],
      ['a &\nb', ['? a', '! & b']],
      ['! a', ['! a']],
      ['time a | b', ['! a', '! | b']],
      ['(a; b) && c', ['! [subshell] a', '! ; [subshell] b', '! && c']],
      ['{ a; b; } > x', ['! [group] a', '! ; [group] b']],
      ['f() { a; }; f', ['? [function > group] a', '! ; f']],
      [
        'echo $(a "$(b)") `c`',
        [
          '! echo $(a "$(b)") `c`',
          '! [substitution] a "$(b)"',
          '! [substitution > substitution] b',
          '! [substitution] c',
        ],
      ],
      ['A=$(a) b', ['! A=$(a) b', '! [substitution] a']],
      ['A=$(a)', ['! A=$(a)', '! [substitution] a']],
      ['echo ${A:-$(a)}', ['! echo ${A:-$(a)}', '? [substitution] a']],
      ['diff <(a) >(b)', ['! diff <(a) >(b)', '! [substitution] a', '! [substitution] b']],
      ['cat <<E && b\n$(a)\nE\nc', ['! cat <<E', '! [substitution] a', '? && b', '! \\n c']],
      ['[[ -f $(a) ]] && b', ['! [substitution] a', '! && b']],
      ['> x', ['! > x']],
    ];
    for (const [source, found] of cases) it(JSON.stringify(source), () => assert.deepEqual(read(source), found));
  });

  describe('says which commands run for sure', () => {
    const cases: readonly (readonly [name: string, source: string, found: readonly string[]])[] = [
      ['not what is right of ||', 'a || b', ['! a', '? || b']],
      ['not what a later || makes up for', 'a && b || c', ['! a', '? && b', '? || c']],
      ['what follows the || by &&', 'a || b && c', ['! a', '? || b', '! && c']],
      ['not the right of && when more follows', 'a && b; c', ['! a', '? && b', '! ; c']],
      ['not even under set -e', 'set -e; a && b; c', ['! set -e', '! ; a', '? && b', '! ; c']],
      ['within a last group', 'a && { b && c; }', ['! a', '! [group] b', '! && [group] c']],
      ['not within a group that may fail', '{ a && b; } || c', ['! [group] a', '? && [group] b', '? || c']],
      [
        'a subshell that set -e checks',
        'set -e; (a && b); c',
        ['! set -e', '! [subshell] a', '! && [subshell] b', '! ; c'],
      ],
      ['not without set -e', '(a && b); c', ['! [subshell] a', '? && [subshell] b', '! ; c']],
      [
        'not after set +e',
        'set -e; set +e; (a && b); c',
        ['! set -e', '! ; set +e', '! [subshell] a', '? && [subshell] b', '! ; c'],
      ],
      [
        'the condition of if, not its branches',
        'if a; then b; elif c; then d; else e; fi',
        ['! [if] a', '? [if] b', '? [if] c', '? [if] d', '? [if] e'],
      ],
      ['not all of a condition', 'if a && b; then c; fi', ['! [if] a', '? && [if] b', '? [if] c']],
      ['not the body of a loop', 'for i in $(a); do b; done', ['! [substitution] a', '? [for] b']],
      ['the first condition of while', 'while a; do b; done', ['! [while] a', '? [while] b']],
      ['and of until', 'until a; do b; done', ['! [while] a', '? [while] b']],
      [
        'no case',
        'case $(a) in b) c;; *) d; e;; esac',
        ['! [substitution] a', '? [case] c', '? [case] d', '? ; [case] e'],
      ],
      ['not after a possible exit', '[ -f x ] && exit 0; a', ['! [ -f x ]', '? && exit 0', '? ; a']],
      ['after an exit that fails', '[ -f x ] || exit 1; a', ['! [ -f x ]', '? || exit 1', '! ; a']],
      ['after an exit with the failure before it', 'a || exit; b', ['! a', '? || exit', '! ; b']],
      ['not after exec', 'exec a; b', ['! exec a', '? ; b']],
      ['after exec with redirects alone', 'exec > log; b', ['! exec > log', '! ; b']],
      ['after the exit of a subshell', '(exit 0); a', ['! [subshell] exit 0', '! ; a']],
      ['the last of a pipeline', 'a | { b && c; }', ['! a', '! [group] b', '! && [group] c']],
      ['not within the others', '{ a && b; } | c', ['! [group] a', '? && [group] b', '! | c']],
      [
        'not behind a failure that nobody minds',
        'sh -ec "a; b" || c',
        ['! sh -ec "a; b"', '! [sh -c] a', '? ; [sh -c] b', '? || c'],
      ],
      [
        'nor behind its exit',
        '(a; exit 1; b); c',
        ['! [subshell] a', '! ; [subshell] exit 1', '? ; [subshell] b', '! ; c'],
      ],
      ['not within a negation', '! { a && b; }', ['! [group] a', '? && [group] b']],
    ];
    for (const [name, source, found] of cases) it(`${name}: ${source}`, () => assert.deepEqual(read(source), found));

    it('knows that the shell was started with -e', () => {
      const source = '(a && b); c';
      assert.deepEqual(lines(source, parseShell(source, 0, { errexit: true })), [
        '! [subshell] a',
        '! && [subshell] b',
        '! ; c',
      ]);
    });
  });

  describe('resolves words', () => {
    const cases: readonly (readonly [source: string, found: readonly (string | undefined)[]])[] = [
      ['a b', ['a', 'b']],
      ['a "b c" \'d $e\' f\\ g', ['a', 'b c', 'd $e', 'f g']],
      ['a "b\\"c" "\\$d" b"c"\'d\'', ['a', 'b"c', '$d', 'bcd']],
      ['a $b "$b" ${b} "x${b}y"', ['a', undefined, undefined, undefined, undefined]],
      ['a $(b) `c` $((1+1)) <(d)', ['a', undefined, undefined, undefined, undefined]],
      ['a *.txt b? [ab] {a,b}', ['a', undefined, undefined, undefined, undefined]],
      ['a "*.txt" \'{a,b}\' \\*', ['a', '*.txt', '{a,b}', '*']],
      ['a ~/x "~/x" b~', ['a', undefined, '~/x', 'b~']],
      ["a $'b\\nc'", ['a', 'b\nc']],
      ['[ -f x ]', ['[', '-f', 'x', ']']],
      ['a b\\\nc', ['a', 'bc']],
      ['a ""', ['a', '']],
      ['a --b=c "--d=e f"', ['a', '--b=c', '--d=e f']],
      ['export A=1 B="2 3" C=$D', ['export', 'A=1', 'B=2 3', undefined]],
      ['a é 𝄞', ['a', 'é', '𝄞']],
    ];
    for (const [source, found] of cases) it(source, () => assert.deepEqual(values(first(source)), found));

    it('and keeps them as written, at their place', () => {
      const source = 'A=1 é "b c"  --d=$E 2>&1 >x';
      const script = parseShell(source, 100);
      const [command] = script.commands;
      assert.ok(command);
      assert.deepEqual(
        command.words.map((word) => word.text),
        ['é', '"b c"', '--d=$E'],
      );
      const shifted = ' '.repeat(100) + source;
      for (const word of command.words) assert.equal(at(shifted, word.span), word.text);
      assert.equal(at(shifted, command.span), source);
    });
  });

  it('tells assignments from arguments', () => {
    const command = first('A=1 B="x y" C= env D=2');
    assert.deepEqual(
      command?.assignments.map(({ name, value }) => [name, value?.value]),
      [
        ['A', '1'],
        ['B', 'x y'],
        ['C', ''],
      ],
    );
    assert.deepEqual(values(command), ['env', 'D=2']);
    assert.deepEqual(values(first('A=1')), []);
  });

  it('reads redirects', () => {
    const source = 'a >x 2>> y < z 2>&1 <<E <<<w &>/dev/null\nE';
    assert.deepEqual(
      first(source)?.redirects.map(({ operator, target }) => [operator, target?.value]),
      [
        ['>', 'x'],
        ['2>>', 'y'],
        ['<', 'z'],
        ['2>&', '1'],
        ['<<', 'E'],
        ['<<<', 'w'],
        ['&>', '/dev/null'],
      ],
    );
    assert.deepEqual(
      first(source)?.redirects.map(({ span }) => at(source, span)),
      ['>x', '2>> y', '< z', '2>&1', '<<E', '<<<w', '&>/dev/null'],
    );
  });

  it('places the operators', () => {
    const source = 'a  &&  b ;c | d';
    assert.deepEqual(
      parseShell(source, 0).commands.map(
        ({ connector }) => connector && [connector.span.start, at(source, connector.span)],
      ),
      [undefined, [3, '&&'], [9, ';'], [12, '|']],
    );
  });

  describe('collects the variables that are read', () => {
    const cases: readonly (readonly [source: string, found: readonly string[]])[] = [
      ['a $A ${B} "$C ${D}"', ['A', 'B', 'C', 'D']],
      ["a '$A' \\$B", []],
      ['a ${A:-$B} ${C#x} ${D/$E/f} ${#F} ${G^^} ${H:0:$I}', ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I']],
      ['a $((A + ${B} * 0x1F)) && ((C++))', ['A', 'B', 'C']],
      ['a $1 $@ $# $? $$ ${1} $_', []],
      ['A=$B c', ['B']],
      ['a > $A', ['A']],
      ['a <<E\n$A \\$B\nE', ['A']],
      ["a <<'E'\n$A\nE", []],
      ['a <<< "$A"', ['A']],
      ['[ -n "$A" ] && [[ $B == x ]]', ['A', 'B']],
      ['case $A in $B) c;; esac', ['A', 'B']],
      ['for i in $A; do echo $i; done', ['A', 'i']],
      ['a $(b $A) <(c $B) `d $C`', ['A', 'B', 'C']],
      ["sh -c 'a $A'", ['A']],
      ['sh -c "a $A \\$B"', ['A', 'B']],
      ['sh <<E\na $A \\$B\nE', ['A', 'B']],
      ["bash <<'E'\na $A\nE", ['A']],
      ['a=($A b) && c "${d[@]}"', ['A', 'd']],
      ['if [ $A ]; then b; fi < $C', ['A', 'C']],
    ];
    for (const [source, found] of cases) it(source, () => assert.deepEqual(variables(source), found));
  });
});
