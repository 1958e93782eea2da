// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfile text
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import { at, only, shape, spansOf, variants } from './support.ts';

const rest = (text: string): string => only(text).rest.text;
const messages = (text: string): readonly string[] => parseDockerfile(text).problems.map((problem) => problem.message);

describe('parseDockerfile', () => {
  describe('joins continued lines as BuildKit does', () => {
    const cases: readonly (readonly [name: string, text: string, joined: string])[] = [
      ['one line', 'RUN a b', 'a b'],
      ['blanks around', '  RUN \t a b \t', 'a b'],
      ['double blanks inside', 'RUN a  b\tc', 'a  b\tc'],
      ['indentation of a continued line stays', 'RUN a && \\\n    b', 'a &&     b'],
      ['nothing between the lines', 'RUN np\\\nm ci', 'npm ci'],
      ['blanks behind the escape', 'RUN a \\ \t\n b', 'a  b'],
      ['comment lines go', 'RUN a \\\n  # one\n# two\n b', 'a  b'],
      ['blank lines go', 'RUN a \\\n\n \t\n b', 'a  b'],
      ['a comment that ends in an escape is still one line', 'RUN a \\\n# x \\\n b', 'a  b'],
      ['a # behind text is no comment', 'RUN a # b \\\n c', 'a # b  c'],
      ['two escapes do not continue', 'RUN a \\\\\nRUN', 'a \\\\'],
      ['an escape before other text stays', 'RUN a\\b \\ c', 'a\\b \\ c'],
      ['an escape at the end of the file', 'RUN a \\', 'a'],
      ['a comment after it, then the end', 'RUN a \\\n# b\n', 'a'],
      ['the next instruction is swallowed', 'RUN a \\\n# b\n\nCOPY c d', 'a COPY c d'],
      ['the keyword on another line', '\\\nRUN a', 'a'],
      ['a keyword cut in two', 'RU\\\nN a', 'a'],
      ['flags on lines of their own', 'RUN --mount=type=cache,target=/a \\\n  --network=none \\\n  x  y', 'x  y'],
      ['spaces that only Unicode knows are trimmed', 'RUN a\u00a0', 'a'],
    ];
    for (const [name, text, joined] of cases) {
      it(name, () => {
        assert.equal(parseDockerfile(text).instructions[0]?.rest.text, joined);
        const windows = text.replace(/\n/g, '\r\n');
        assert.equal(parseDockerfile(windows).instructions[0]?.rest.text, joined, 'CRLF');
      });
    }

    it('uses a backtick where the directive says so, and the backslash is text then', () => {
      const text = '# escape=`\nRUN dir C:\\ `\n  /s';
      assert.equal(rest(text), 'dir C:\\   /s');
      assert.equal(parseDockerfile(text).escape, '`');
    });

    it('breaks lines at line feeds alone', () => {
      assert.equal(rest('RUN a\rb'), 'a\rb');
      assert.equal(rest('RUN a\r\r\n'), 'a');
    });
  });

  describe('maps joined text back', () => {
    it('to the character it came from', () => {
      const text = 'FROM x\nRUN a && \\\n  # note\n  bcd \\\n\n e\n';
      const logical = parseDockerfile(text).instructions[1]?.rest;
      assert.ok(logical);
      for (let index = 0; index < logical.text.length; index++) {
        assert.equal(text[logical.offsetAt(index)], logical.text[index]);
      }
      assert.equal(logical.offsetAt(logical.text.length), text.lastIndexOf('e') + 1);
    });

    it('so that a word cut in two covers both lines', () => {
      const text = 'RUN np\\\nm ci';
      const [word] = only(text).args;
      assert.equal(word?.text, 'npm');
      assert.equal(word && at(text, word.span), 'np\\\nm');
    });

    it('so that a word before a continuation ends before it', () => {
      const text = 'RUN a b\\\n  c';
      assert.deepEqual(
        only(text).args.map((word) => at(text, word.span)),
        ['a', 'b', 'c'],
      );
    });
  });

  describe('places instructions', () => {
    const text = '# syntax=a\n\n# note\nFROM a\n  RUN b \\\n    # why\n    c \nCOPY <<E /x\nbody\nE\nCMD d';
    it('line by line', () => {
      assert.deepEqual(
        parseDockerfile(text).instructions.map(({ keyword, line }) => [keyword, line]),
        [
          ['FROM', 3],
          ['RUN', 4],
          ['COPY', 7],
          ['CMD', 10],
        ],
      );
    });
    it('from the keyword to the end of the last line', () => {
      assert.deepEqual(
        parseDockerfile(text).instructions.map(({ span }) => at(text, span)),
        ['FROM a', 'RUN b \\\n    # why\n    c ', 'COPY <<E /x\nbody\nE', 'CMD d'],
      );
    });
    it('without the comments that follow a dangling continuation', () => {
      const dangling = 'RUN a \\\n# b\n\n';
      assert.equal(at(dangling, only(dangling).span), 'RUN a \\');
    });
    it('and their comments', () => {
      const { comments } = parseDockerfile(text);
      assert.deepEqual(
        comments.map((comment) => [comment.line, comment.text, at(text, comment.span)]),
        [
          [2, 'note', '# note'],
          [5, 'why', '# why'],
        ],
      );
    });
  });

  describe('parses the trigger of ONBUILD', () => {
    it('as an instruction of its own', () => {
      const text = 'ONBUILD  run --mount=type=cache,target=/a \\\n  npm ci';
      const { trigger, keyword } = only(text);
      assert.equal(keyword, 'ONBUILD');
      assert.equal(trigger?.keyword, 'RUN');
      assert.equal(trigger && at(text, trigger.keywordSpan), 'run');
      assert.equal(trigger && at(text, trigger.span), 'run --mount=type=cache,target=/a \\\n  npm ci');
      assert.deepEqual(
        trigger?.flags.map((flag) => at(text, flag.span)),
        ['--mount=type=cache,target=/a'],
      );
      assert.deepEqual(
        trigger?.args.map((word) => at(text, word.span)),
        ['npm', 'ci'],
      );
    });
    it('but no deeper', () => assert.equal(only('ONBUILD ONBUILD RUN a').trigger?.trigger, undefined));
  });

  it('keeps instructions it does not know, and says so', () => {
    assert.equal(only('run a').keyword, 'RUN');
    assert.equal(only('INCLUDE+ a').keyword, 'INCLUDE+');
    assert.deepEqual(messages('INCLUDE+ a'), ['Unknown instruction: INCLUDE+']);
    assert.equal(only('RUN\u00a0a').keyword, 'RUN\u00a0A');
  });

  it('finds nothing in nothing', () => {
    for (const text of ['', '\ufeff', '\n', ' \t\r\n', '\\', '\\\n\\\n', '#', '# a']) {
      assert.deepEqual(parseDockerfile(text).instructions, [], JSON.stringify(text));
    }
  });

  it('knows the line break in use', () => {
    assert.equal(parseDockerfile('FROM a\r\nRUN b\n').eol, '\r\n');
    assert.equal(parseDockerfile('FROM a\nRUN b\r\n').eol, '\n');
    assert.equal(parseDockerfile('FROM a').eol, '\n');
  });

  describe('reads the same whatever the line breaks', () => {
    const text = [
      '# syntax=docker/dockerfile:1',
      '# note',
      'ARG A B=1 C="x y"',
      'FROM --platform=$A node:20 AS build',
      'ENV a="1 \\',
      '  2" b=3',
      'RUN --mount=type=cache,target=/x \\',
      '    # why',
      '    npm ci && \\',
      '',
      '    npm run "build all"  ',
      'COPY --chown="a b" <<A <<-B /x/',
      '  one',
      'A',
      '\ttwo',
      '\tB',
      'ONBUILD RUN <<E cat',
      '# three',
      'E',
      'CMD ["a", "b"]',
      'LABEL a b c',
      '',
    ].join('\n');
    const expected = parseDockerfile(text);
    for (const variant of variants(text)) {
      it(variant.name, () => {
        const found = parseDockerfile(variant.text);
        assert.deepEqual(found.instructions.map(shape), expected.instructions.map(shape));
        assert.deepEqual(found.problems, []);
        assert.deepEqual(
          found.comments.map((comment) => [comment.line, at(variant.text, comment.span)]),
          expected.comments.map((comment) => [comment.line, at(text, comment.span)]),
        );
        for (const instruction of found.instructions) {
          for (const { span, expected } of spansOf(instruction)) {
            const source = at(variant.text, span);
            if (expected !== undefined && !/[\\"]/.test(source)) assert.equal(source, expected);
          }
        }
      });
    }
  });
});
