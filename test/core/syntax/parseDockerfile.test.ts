// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfile text
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import { at, only, shape, spansOf, variants } from './support.ts';

const rest = (text: string): string => only(text).rest.text;
const words = (text: string): readonly string[] => only(text).args.map((word) => word.text);
const pairs = (text: string) => only(text).properties.map(({ name, value }) => [name, value]);
const flags = (text: string) => only(text).flags.map(({ name, value }) => [name, value]);
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

  describe('reads directives', () => {
    const directives = (text: string) => parseDockerfile(text).directives.map(({ name, value }) => [name, value]);
    const cases: readonly (readonly [text: string, found: readonly (readonly string[])[]])[] = [
      [
        '# syntax=docker/dockerfile:1\n#escape=`\n#  check = skip=all ; error=true \n',
        [
          ['syntax', 'docker/dockerfile:1'],
          ['escape', '`'],
          ['check', 'skip=all ; error=true'],
        ],
      ],
      ['# SYNTAX=a\n', [['syntax', 'a']]],
      ['  # syntax=a\n', [['syntax', 'a']]],
      ['# note\n# syntax=a\n', []],
      ['\n# syntax=a\n', []],
      ['# other=1\n# syntax=a\n', []],
      ['# syntax=\n# escape=`\n', []],
      ['FROM a\n# escape=`\n', []],
      ['// syntax=a\nFROM b', []],
      ['{"syntax": "a"}', []],
    ];
    for (const [text, found] of cases) it(JSON.stringify(text), () => assert.deepEqual(directives(text), found));

    it('and keeps them apart from comments', () => {
      const { comments } = parseDockerfile('# syntax=a\n# b\n# escape=`\n');
      assert.deepEqual(
        comments.map((comment) => comment.text),
        ['b', 'escape=`'],
      );
    });
    it('refuses an escape it does not know, and a second one', () => {
      assert.match(messages('# escape=x\n')[0] ?? '', /Invalid escape token x/);
      assert.match(messages('# escape=`\n# escape=\\\n')[0] ?? '', /Only one escape/);
    });
  });

  describe('takes flags off as extractBuilderFlags does', () => {
    const cases: readonly (readonly [
      text: string,
      found: readonly (readonly (string | undefined)[])[],
      rest: string,
    ])[] = [
      ['RUN --mount=type=cache,target=/x npm ci', [['mount', 'type=cache,target=/x']], 'npm ci'],
      [
        'COPY --link --from=a b c',
        [
          ['link', undefined],
          ['from', 'a'],
        ],
        'b c',
      ],
      ['COPY --chown="a b" c d', [['chown', 'a b']], 'c d'],
      ["COPY --chown='a' c d", [['chown', 'a']], 'c d'],
      ['COPY --a=b\\ c d e', [['a', 'b c']], 'd e'],
      ['COPY --a= b c', [['a', '']], 'b c'],
      ['COPY --a=b=c d e', [['a', 'b=c']], 'd e'],
      ['RUN -- --mount x', [], '--mount x'],
      ['RUN npm --mount=x', [], 'npm --mount=x'],
      ['RUN - --x', [], '- --x'],
      ['ENV --a b=c', [['a', undefined]], 'b=c'],
      ['FROM --platform=$BUILDPLATFORM a AS b', [['platform', '$BUILDPLATFORM']], 'a AS b'],
      ['HEALTHCHECK --interval=5m CMD curl', [['interval', '5m']], 'CMD curl'],
      ['RUN --mount=type=cache', [['mount', 'type=cache']], ''],
    ];
    for (const [text, found, remaining] of cases) {
      it(text, () => {
        assert.deepEqual(flags(text), found);
        assert.equal(rest(text), remaining);
      });
    }
    it('with the span of the value alone', () => {
      const text = 'COPY --from=build \\\n --chown="a b" c d';
      const [from, chown] = only(text).flags;
      assert.equal(from?.valueSpan && at(text, from.valueSpan), 'build');
      assert.equal(chown?.valueSpan && at(text, chown.valueSpan), '"a b"');
      assert.equal(from && at(text, from.span), '--from=build');
    });
  });

  describe('splits arguments', () => {
    const cases: readonly (readonly [text: string, found: readonly string[]])[] = [
      ['FROM a AS b', ['a', 'AS', 'b']],
      ['COPY "a b" c', ['"a', 'b"', 'c']],
      ['COPY a\\ b c', ['a\\', 'b', 'c']],
      ['RUN echo "a b" \'c d\' e\\ f', ['echo', '"a b"', "'c d'", 'e\\ f']],
      ['RUN echo "a', ['echo', '"a']],
      ['RUN', []],
      ['WORKDIR /a b', ['/a', 'b']],
    ];
    for (const [text, found] of cases) it(text, () => assert.deepEqual(words(text), found));
  });

  describe('takes the exec form only where BuildKit does', () => {
    const cases: readonly (readonly [text: string, form: string, found: readonly string[]])[] = [
      ['CMD ["a", "b c"]', 'exec', ['a', 'b c']],
      ['CMD [ "a" , "\\"b\\"\\u0041\\n" ]', 'exec', ['a', '"b"A\n']],
      ['CMD []', 'exec', []],
      ['RUN ["a", "b" ', 'shell', ['["a",', '"b"']],
      ["CMD ['a']", 'shell', ["['a']"]],
      ['CMD ["a"] b', 'shell', ['["a"]', 'b']],
      ['CMD ["a",]', 'shell', ['["a",]']],
      ['COPY ["a b", "c"]', 'exec', ['a b', 'c']],
      ['VOLUME ["/a"]', 'exec', ['/a']],
      ['SHELL ["/bin/bash", "-c"]', 'exec', ['/bin/bash', '-c']],
      ['RUN [ -f a ]', 'shell', ['[', '-f', 'a', ']']],
      ['ENV ["a"]', 'shell', ['["a"]']],
      ['WORKDIR ["a"]', 'shell', ['["a"]']],
    ];
    for (const [text, form, found] of cases) {
      it(text, () => {
        const instruction = only(text);
        assert.equal(instruction.form, form);
        assert.deepEqual(
          instruction.args.map((word) => word.text),
          found,
        );
      });
    }
    it('with spans of the quoted items', () => {
      const text = 'CMD ["a", \\\n  "b \\"c"]';
      assert.deepEqual(
        only(text).args.map((word) => at(text, word.span)),
        ['"a"', '"b \\"c"'],
      );
    });
    it('refuses arrays of something else', () => assert.match(messages('CMD ["a", 1]')[0] ?? '', /strings only/));
  });

  describe('reads names and values', () => {
    const cases: readonly (readonly [text: string, found: readonly (readonly (string | undefined)[])[]])[] = [
      ['ENV a b c', [['a', 'b c']]],
      ['ENV a   b  c=d', [['a', 'b  c=d']]],
      ['ENV a=b', [['a', 'b']]],
      [
        'ENV a=1 b="2 3" c=\'4 5\' d=6\\ 7',
        [
          ['a', '1'],
          ['b', '"2 3"'],
          ['c', "'4 5'"],
          ['d', '6\\ 7'],
        ],
      ],
      [
        'ENV a= b=',
        [
          ['a', ''],
          ['b', ''],
        ],
      ],
      ['ENV a=b=c', [['a', 'b=c']]],
      [
        'ENV a="b\\"c" d=e',
        [
          ['a', '"b\\"c"'],
          ['d', 'e'],
        ],
      ],
      [
        "ENV a='b\\' c=d",
        [
          ['a', "'b\\'"],
          ['c', 'd'],
        ],
      ],
      ['ARG a', [['a', undefined]]],
      [
        'ARG a b=1 c',
        [
          ['a', undefined],
          ['b', '1'],
          ['c', undefined],
        ],
      ],
      ['ARG a="b c"', [['a', '"b c"']]],
      ['LABEL a b', [['a', 'b']]],
      [
        'LABEL "a b"="c d" e=f',
        [
          ['"a b"', '"c d"'],
          ['e', 'f'],
        ],
      ],
      ['RUN a=b', []],
    ];
    for (const [text, found] of cases) it(text, () => assert.deepEqual(pairs(text), found));

    it('with spans, across lines', () => {
      const text = 'ENV a=1 \\\n    bc="2 \\\n  3"';
      const [a, b] = only(text).properties;
      assert.deepEqual(
        [a, b].map((found) => found && at(text, found.nameSpan)),
        ['a', 'bc'],
      );
      assert.equal(b?.value, '"2   3"');
      assert.equal(b?.valueSpan && at(text, b.valueSpan), '"2 \\\n  3"');
    });
    it('refuses what BuildKit refuses', () => {
      assert.match(messages('ENV a')[0] ?? '', /must have two arguments/);
      assert.match(messages('ENV a=b c')[0] ?? '', /c has no =/);
      assert.match(messages('LABEL a=b c')[0] ?? '', /c has no =/);
      assert.deepEqual(messages('ARG a'), []);
    });
  });

  describe('reads heredocs', () => {
    const bodies = (text: string) =>
      parseDockerfile(text).instructions.map(({ keyword, heredocs }) => [
        keyword,
        ...heredocs.map(({ delimiter, expand, stripTabs, body }) => [delimiter, expand, stripTabs, body]),
      ]);
    const cases: readonly (readonly [name: string, text: string, found: unknown])[] = [
      ['plain', 'RUN <<EOF\na\nb\nEOF\nCMD c', [['RUN', ['EOF', true, false, 'a\nb\n']], ['CMD']]],
      ['empty', 'RUN <<EOF\nEOF\n', [['RUN', ['EOF', true, false, '']]]],
      ['quoted', 'RUN <<"EOF"\n$a\nEOF\n', [['RUN', ['EOF', false, false, '$a\n']]]],
      ['single quoted with a blank', "RUN <<'E F'\na\nE F\n", [['RUN', ['E F', false, false, 'a\n']]]],
      ['tabs', 'RUN <<-EOF\n\t\ta\n\tb\n\tEOF\n', [['RUN', ['EOF', true, true, 'a\nb\n']]]],
      ['tabs stay without the dash', 'RUN <<EOF\n\tEOF\nEOF\n', [['RUN', ['EOF', true, false, '\tEOF\n']]]],
      ['two', 'COPY <<A <<B /x/\n1\nA\n2\nB\n', [['COPY', ['A', true, false, '1\n'], ['B', true, false, '2\n']]]],
      ['with a file descriptor', 'RUN cat 3<<A\nA\n', [['RUN', ['A', true, false, '']]]],
      ['among other words', 'RUN cat <<A > /x && b\n1\nA\n', [['RUN', ['A', true, false, '1\n']]]],
      ['behind a continuation', 'RUN a \\\n <<A\n# b\\\nA\n', [['RUN', ['A', true, false, '# b\\\n']]]],
      ['in ONBUILD', 'ONBUILD RUN <<A\n1\nA\n', [['ONBUILD', ['A', true, false, '1\n']]]],
      ['with a blank', 'RUN cat << A\n1\nA\n', [['RUN', ['A', true, false, '1\n']]]],
      ['a terminator with blanks is none', 'RUN <<A\nA \nA\n', [['RUN', ['A', true, false, 'A \n']]]],
      ['not in quotes', 'RUN echo "<<A"\nCMD b', [['RUN'], ['CMD']]],
      ['not within a word', 'RUN cat<<A\nCMD b', [['RUN'], ['CMD']]],
      ['not as a here-string', 'RUN cat <<< A\nCMD b', [['RUN'], ['CMD']]],
      ['not for other instructions', 'CMD <<A\nUSER b', [['CMD'], ['USER']]],
      ['not in the exec form', 'RUN ["<<A"]\nCMD b', [['RUN'], ['CMD']]],
      ['not where a quote stays open', "RUN it's <<A\nCMD b", [['RUN'], ['CMD']]],
      ['not where BuildKit cannot expand', 'RUN ${a^^} <<A\nCMD b', [['RUN'], ['CMD']]],
      ['not a shift', 'RUN echo $((1 << 2))\nCMD b', [['RUN'], ['CMD']]],
    ];
    for (const [name, text, found] of cases) it(name, () => assert.deepEqual(bodies(text), found));

    it('with spans', () => {
      const text = 'RUN cat <<-"EOF" > x\n\ta\n\tEOF\nCMD';
      const [run] = parseDockerfile(text).instructions;
      const [heredoc] = run?.heredocs ?? [];
      assert.ok(run && heredoc?.terminatorSpan);
      assert.equal(at(text, heredoc.span), '<<-"EOF"');
      assert.equal(at(text, heredoc.bodySpan), '\ta\n');
      assert.equal(at(text, heredoc.terminatorSpan), 'EOF');
      assert.equal(at(text, run.span), 'RUN cat <<-"EOF" > x\n\ta\n\tEOF');
      assert.equal(at(text, run.restSpan), 'cat <<-"EOF" > x');
    });
    it('to the end of the text where nothing ends them', () => {
      const text = 'RUN <<EOF\na\nCMD b\n';
      assert.equal(only(text).heredocs[0]?.body, 'a\nCMD b\n');
      assert.equal(only(text).heredocs[0]?.terminatorSpan, undefined);
      assert.match(messages(text)[0] ?? '', /Unterminated heredoc/);
    });
    it('and their lines are no comments', () => {
      assert.deepEqual(parseDockerfile('RUN <<E\n# a\nE\n').comments, []);
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
