// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Dockerfile text
import assert from 'node:assert/strict';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import { at, only } from './support.ts';

const messages = (text: string): readonly string[] => parseDockerfile(text).problems.map((problem) => problem.message);

describe('a Dockerfile', () => {
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
});
