// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfile text
import assert from 'node:assert/strict';
import { type Dockerfile, parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import { memoize } from '../../../server/src/core/syntax/memo.ts';
import { scriptOf } from '../../../server/src/core/syntax/shell.ts';
import { contains, span } from '../../../server/src/core/syntax/span.ts';
import { at, defaultShell, shape, spansOf, variants } from './support.ts';

const seeds = [
  '# syntax=docker/dockerfile:1\nFROM --platform=$A node:20 AS a\nARG A B=1 C="x y"\nRUN --mount=type=cache,target=/x \\\n  # why\n  npm ci && \\\n\n  npm run "b c"\nCMD ["a", "b"]\n',
  'FROM a\nRUN <<EOF\nset -e\na && b # c\nEOF\nCOPY --chown="a b" <<A <<-\'B\' /x/\none\nA\n\ttwo\n\tB\nONBUILD RUN sh <<E\n$(a "$b")\nE\n',
  '# escape=`\nFROM b\nENV a="1 `\n 2" b=3 c\nLABEL a b c\nRUN dir C:\\ `\n  && sh -c \'x "$y"\' || z >w 2>&1\n',
  'RUN ["/bin/sh", "-c", "a \\"b\\" && c"]\nHEALTHCHECK --interval=5m CMD curl -f http://x || exit 1\nVOLUME /a "/b c"\nRUN if [ -f a ]; then b; fi; for i in 1 2; do c $i; done\n',
];
const fragments = [
  '\\',
  '\\\n',
  '`',
  '\n',
  '\r\n',
  '\r',
  ' ',
  '\t',
  '#',
  '"',
  "'",
  '$',
  '${',
  '}',
  '$(',
  ')',
  '<<',
  '<<EOF',
  'EOF\n',
];
const more = [
  '--',
  '=',
  '[',
  ']',
  ',',
  '&&',
  '||',
  ';',
  '|',
  'RUN ',
  'ENV ',
  'ONBUILD ',
  '\ufeff',
  '\u00a0',
  'é',
  '𝄞',
  '\0',
];

/** Numbers below `below`, the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state % below;
  };
}

function mutate(text: string, next: (below: number) => number): string {
  const pool = [...fragments, ...more];
  let mutated = text;
  for (let count = next(6) + 1; count > 0; count--) {
    const from = next(mutated.length + 1);
    const removed = next(3) === 0 ? next(12) : 0;
    const inserted = next(4) === 0 ? mutated.slice(from, from + next(20)) : (pool[next(pool.length)] ?? '');
    mutated = mutated.slice(0, from) + inserted + mutated.slice(from + removed);
  }
  return mutated;
}

function checkSpans(text: string, dockerfile: Dockerfile): void {
  const whole = span(0, text.length);
  let end = 0;
  for (const instruction of dockerfile.instructions) {
    assert.ok(instruction.span.start >= end, 'instructions follow one another');
    end = instruction.span.end;
    for (const { span: found, expected } of spansOf(instruction)) {
      assert.ok(found.start <= found.end && contains(instruction.span, found), 'parts lie in their instruction');
      const source = at(text, found);
      if (expected !== undefined && !/[\\`"'\n]/.test(source)) {
        assert.equal(source.toUpperCase(), expected.toUpperCase());
      }
    }
    let wordEnd = 0;
    for (const word of instruction.args) {
      assert.ok(word.span.start >= wordEnd, 'words follow one another');
      wordEnd = word.span.end;
    }
  }
  for (const { span: found } of [...dockerfile.comments, ...dockerfile.problems, ...dockerfile.directives]) {
    assert.ok(contains(whole, found));
  }
}

function checkScripts(text: string, dockerfile: Dockerfile): void {
  for (const outer of dockerfile.instructions) {
    const instruction = outer.trigger ?? outer;
    for (const command of scriptOf(instruction, dockerfile, defaultShell)?.commands ?? []) {
      assert.ok(contains(instruction.span, command.span), 'commands lie in their instruction');
      for (const { span: found, text: written } of [...command.words]) {
        assert.ok(contains(instruction.span, found));
        const source = at(text, found);
        if (instruction.form === 'shell' && !/[\\`"'\r\n]/.test(source)) assert.equal(source, written);
      }
    }
  }
}

describe('the syntax layer', () => {
  it('reads 4,000 mutated files without a wrong span', () => {
    const next = numbers(7);
    for (let round = 0; round < 1000; round++) {
      for (const seed of seeds) {
        const text = mutate(seed, next);
        const dockerfile = parseDockerfile(text);
        try {
          checkSpans(text, dockerfile);
          checkScripts(text, dockerfile);
        } catch (error) {
          throw new Error(`in ${JSON.stringify(text)}`, { cause: error });
        }
      }
    }
  });

  it('reads every prefix of a file, as it is typed', () => {
    for (const seed of seeds) {
      for (const { text } of variants(seed)) {
        for (let length = 0; length <= text.length; length++) {
          const prefix = text.slice(0, length);
          const dockerfile = parseDockerfile(prefix);
          checkSpans(prefix, dockerfile);
          checkScripts(prefix, dockerfile);
        }
      }
    }
  });

  it('remembers instructions without mixing up their places', () => {
    const block = 'RUN <<E\na\nE\nENV a=1 \\\n  b=2\nONBUILD COPY --link <<E /\nx\nE\n';
    const text = block.repeat(3);
    const dockerfile = parseDockerfile(text);
    checkSpans(text, dockerfile);
    for (let count = 1; count < 5; count++) {
      const moved = `${'# c\n'.repeat(count)}${text}`;
      const again = parseDockerfile(moved);
      checkSpans(moved, again);
      assert.deepEqual(
        again.instructions.map((instruction) => instruction.line),
        dockerfile.instructions.map((instruction) => instruction.line + count),
      );
    }
  });

  it('does not take an instruction for the same under another escape character', () => {
    const text = 'RUN a \\\n  b\nRUN c `\n  d\n';
    const joined = (file: string) => parseDockerfile(file).instructions.map((instruction) => instruction.rest.text);
    assert.deepEqual(joined(text), ['a   b', 'c `', '']);
    assert.deepEqual(joined(`# escape=\`\n${text}`), ['a \\', '', 'c   d']);
  });

  it('gives the same answer twice', () => {
    for (const text of seeds) {
      assert.deepEqual(parseDockerfile(text).instructions.map(shape), parseDockerfile(text).instructions.map(shape));
    }
  });

  describe('takes hostile text in its stride:', () => {
    const cases: readonly (readonly [name: string, text: (count: number) => string])[] = [
      ['a RUN of many lines', (count) => `RUN a \\\n${'  && b "c d" \\\n'.repeat(count)}  && e\n`],
      ['many comments in a RUN', (count) => `RUN a \\\n${'  # b\n'.repeat(count)}  && c\n`],
      ['a megabyte of backslashes', (count) => `RUN ${'\\'.repeat(count * 100)}\n`],
      ['lines of one backslash', (count) => '\\\n'.repeat(count)],
      ['quotes in quotes', (count) => `RUN ${'"\''.repeat(count)}`],
      ['nested substitutions', (count) => `RUN a ${'$(b '.repeat(count)}${')'.repeat(count)}`],
      ['nested expansions', (count) => `RUN a ${'${a:-'.repeat(count)} <<E\nE\n`],
      ['nested parentheses', (count) => `RUN ${'('.repeat(count)}`],
      ['nested ifs', (count) => `RUN ${'if a; then '.repeat(count)}`],
      ['a long sum', (count) => `RUN a $((${'1+'.repeat(count)}1))`],
      ['nested ONBUILDs', (count) => 'ONBUILD '.repeat(count)],
      ['nested arrays', (count) => `CMD ${'['.repeat(count)}`],
      ['heredocs that nothing ends', (count) => 'RUN a << 2\n'.repeat(count)],
      ['heredocs in one line', (count) => `RUN ${'<< A '.repeat(count)}\n${'B\n'.repeat(count)}`],
      ['scripts in scripts', (count) => `RUN ${'sh -c "$(a)"; '.repeat(count)}`],
      ['blanks', (count) => `RUN a${' '.repeat(count * 10)}\n${`${' '.repeat(100)}\n`.repeat(count)}`],
    ];
    for (const [name, text] of cases) {
      it(name, function () {
        // A pass that took quadratic time would need minutes here; the slowest of these takes a fifth of a second.
        this.timeout(5000);
        const hostile = text(10_000);
        const dockerfile = parseDockerfile(hostile);
        for (const instruction of dockerfile.instructions) scriptOf(instruction, dockerfile, defaultShell);
      });
    }
  });
});

describe('memoize', () => {
  it('computes once what is asked again', () => {
    let computed = 0;
    const length = memoize(100, (source) => {
      computed++;
      return source.length;
    });
    assert.deepEqual([length('abc'), length('abc'), length('abcd')], [3, 3, 4]);
    assert.equal(computed, 2);
  });

  it('keeps what is in use and forgets the rest', () => {
    const computed: string[] = [];
    const read = memoize(30, (source) => {
      computed.push(source);
      return source.length;
    });
    for (let round = 0; round < 100; round++) {
      read('in use');
      read(`number ${round}`);
    }
    assert.equal(computed.filter((source) => source === 'in use').length, 1);
    read('number 1');
    assert.equal(computed.filter((source) => source === 'number 1').length, 2);
  });

  it('does not keep what is larger than its limit', () => {
    let computed = 0;
    const read = memoize(3, () => ++computed);
    read('long');
    read('long');
    assert.equal(computed, 2);
  });

  it('remembers a result that is null', () => {
    let computed = 0;
    const read = memoize(100, () => {
      computed++;
      return null;
    });
    read('a');
    read('a');
    assert.equal(computed, 1);
  });
});
