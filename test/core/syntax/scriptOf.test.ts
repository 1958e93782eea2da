// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import { scriptOf } from '../../../server/src/core/syntax/shell.ts';
import { at, defaultShell, lines, script, values, variants } from './support.ts';

const read = (text: string, shell?: readonly string[]) => lines(text, script(text, shell));

describe('scriptOf', () => {
  describe('finds the commands of', () => {
    const cases: readonly (readonly [name: string, text: string, found: readonly string[]])[] = [
      ['the shell form', 'RUN a && b', ['! a', '! && b']],
      ['the shell form behind flags', 'RUN --mount=type=cache,target=/x a', ['! a']],
      ['a continued one', 'RUN a \\\n  # && x\n\n  && b', ['! a', '! && b']],
      ['CMD and ENTRYPOINT', 'CMD a; b', ['! a', '! ; b']],
      ['a heredoc', 'RUN <<EOF\na && b\nc\nEOF', ['! a', '? && b', '! \\n c']],
      [
        'a heredoc under set -e',
        'RUN <<EOF\nset -e\n(a && b)\nc\nEOF',
        ['! set -e', '! [subshell] a', '! && [subshell] b', '! \\n c'],
      ],
      ['a heredoc with tabs', 'RUN <<-EOF\n\ta\n\t\tb\n\tEOF', ['! a', '! \\n b']],
      ['a quoted heredoc', "RUN <<'EOF'\na $b\nEOF", ['! a $b']],
      [
        'a heredoc with a shebang',
        'RUN <<EOF\n#!/bin/bash -e\n(a && b)\nc\nEOF',
        ['! [subshell] a', '! && [subshell] b', '! \\n c'],
      ],
      ['and with env', 'RUN <<EOF\n#!/usr/bin/env bash\na\nEOF', ['! a']],
      ['a heredoc for sh', 'RUN sh <<EOF\na && b\nEOF', ['! sh <<EOF', '! [sh -c] a', '! && [sh -c] b']],
      ['a heredoc for bash with options', 'RUN bash -ex <<-"EOF"\n\ta\n\tEOF', ['! bash -ex <<-"EOF"', '! [sh -c] a']],
      ['a heredoc for another program', 'RUN python3 <<EOF\nimport a\nEOF', ['! python3 <<EOF']],
      [
        'a heredoc into a file',
        'RUN cat <<EOF > x && b\n$(c)\nEOF',
        ['! cat <<EOF > x', '! [substitution] c', '! && b'],
      ],
      ['two heredocs', 'RUN cat <<A && sh <<B\n1\nA\nc\nB', ['! cat <<A', '! && sh <<B', '! [sh -c] c']],
      ['the exec form of a shell', 'RUN ["/bin/sh", "-c", "a && b"]', ['! a', '! && b']],
      [
        'the exec form with options',
        'RUN ["bash", "-eo", "pipefail", "-c", "(a && b); c"]',
        ['! [subshell] a', '! && [subshell] b', '! ; c'],
      ],
      ['the exec form with escapes', 'RUN ["sh", "-c", "a \\"b\\""]', ['! "a \\"b\\""']],
    ];
    for (const [name, text, found] of cases) {
      for (const variant of variants(text)) {
        it(`${name}, ${variant.name}`, () => {
          assert.deepEqual(read(variant.text), found);
          assert.equal(script(variant.text)?.complete, true);
        });
      }
    }
  });

  describe('finds none in', () => {
    const cases: readonly (readonly [name: string, text: string, shell?: readonly string[]])[] = [
      ['the exec form of a program', 'RUN ["npm", "ci"]'],
      ['the exec form of a shell script', 'RUN ["sh", "x.sh"]'],
      ['a heredoc with the shebang of another language', 'RUN <<EOF\n#!/usr/bin/env python3\nimport a\nEOF'],
      ['cmd', 'RUN dir', ['cmd', '/S', '/C']],
      ['PowerShell', 'RUN dir', ['powershell', '-Command']],
      ['pwsh', 'RUN dir', ['pwsh', '-c']],
      ['fish', 'RUN a', ['/usr/bin/fish', '-c']],
      ['no shell', 'RUN a', []],
      ['nothing', 'RUN'],
      ['COPY', 'COPY a b'],
    ];
    for (const [name, text, shell] of cases) it(name, () => assert.equal(script(text, shell), undefined));
  });

  it('reads the options of SHELL', () => {
    const text = 'RUN (a && b); c';
    assert.equal(read(text, ['/bin/bash', '-c'])[1], '? && [subshell] b');
    for (const shell of [
      ['/bin/bash', '-ec'],
      ['/bin/bash', '-o', 'errexit', '-c'],
      ['/bin/bash', '-eo', 'pipefail', '-c'],
      ['/usr/bin/env', 'bash', '-ec'],
    ]) {
      assert.equal(read(text, shell)[1], '! && [subshell] b', shell.join(' '));
    }
  });

  it('gets the text that BuildKit joins', () => {
    const text = 'RUN a b\\\n  # c\nd "x \\\n   y" \\\n\n  && e';
    const [a, e] = script(text)?.commands ?? [];
    assert.deepEqual(values(a), ['a', 'bd', 'x    y']);
    assert.deepEqual(values(e), ['e']);
    assert.equal(a && at(text, a.span), 'a b\\\n  # c\nd "x \\\n   y"');
  });

  it('is not led astray by a comment that swallows what was joined to it', () => {
    const text = 'RUN a && \\\n  b # note \\\n  && c';
    assert.deepEqual(read(text), ['! a', '! && b']);
  });

  it('knows the backtick as escape character', () => {
    const text = '# escape=`\nRUN a && `\n  b C:\\\\x';
    assert.deepEqual(read(text), ['! a', '! && b C:\\\\x']);
    assert.deepEqual(values(script(text)?.commands[1]), ['b', 'C:\\x']);
  });

  it('reads the trigger of ONBUILD', () => {
    const text = 'ONBUILD RUN <<EOF\na\nEOF';
    const dockerfile = parseDockerfile(text);
    const trigger = dockerfile.instructions[0]?.trigger;
    assert.ok(trigger);
    assert.deepEqual(lines(text, scriptOf(trigger, dockerfile, defaultShell)), ['! a']);
  });

  it('places every word in the document', () => {
    const text = [
      'FROM a',
      'RUN --mount=type=cache,target=/x \\',
      '    # note',
      '    A=1 é "b c" && sh -c \'d "$E" && f\' > x',
      'RUN <<EOF',
      'g --h=$I | j',
      'bash -c "k && l"',
      'EOF',
      'RUN ["/bin/sh", "-c", "m && n o"]',
      'RUN cat <<A >p && sh <<-B',
      'q $R',
      'A',
      '\ts t && u',
      '\tB',
      '',
    ].join('\n');
    for (const variant of variants(text)) {
      const dockerfile = parseDockerfile(variant.text);
      const seen: string[] = [];
      for (const instruction of dockerfile.instructions) {
        for (const command of scriptOf(instruction, dockerfile, defaultShell)?.commands ?? []) {
          for (const word of command.words) assert.equal(at(variant.text, word.span), word.text, variant.name);
          seen.push(command.words[0]?.text ?? '');
        }
      }
      assert.deepEqual(seen, ['é', 'sh', 'd', 'f', 'g', 'j', 'bash', 'k', 'l', 'm', 'n', 'cat', 'sh', 's', 'u']);
    }
  });

  it('reads the variables of bodies', () => {
    assert.deepEqual([...(script('RUN cat <<A >$B\n$C\nA')?.variables ?? [])].sort(), ['B', 'C']);
    assert.deepEqual([...(script("RUN cat <<'A' >$B\n$C\nA")?.variables ?? [])], ['B']);
  });
});
