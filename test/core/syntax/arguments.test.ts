// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfile text
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import { at, only } from './support.ts';

const rest = (text: string): string => only(text).rest.text;
const words = (text: string): readonly string[] => only(text).args.map((word) => word.text);
const pairs = (text: string) => only(text).properties.map(({ name, value }) => [name, value]);
const flags = (text: string) => only(text).flags.map(({ name, value }) => [name, value]);
const messages = (text: string): readonly string[] => parseDockerfile(text).problems.map((problem) => problem.message);

describe('an instruction', () => {
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
});
