import assert from 'node:assert/strict';
import {
  type Cmd,
  type Copy,
  DockerfileParser,
  type Instruction,
  type PropertyInstruction,
  type Run,
} from 'dockerfile-ast';
import { at, only } from './support.ts';

/** One instruction on one line as dockerfile-ast reads it. */
function peer<T extends Instruction>(text: string): T {
  const [instruction] = DockerfileParser.parse(text).getInstructions();
  assert.ok(instruction);
  return instruction as T;
}

const peerWords = (text: string): readonly string[] =>
  peer(text)
    .getArguments()
    .map((argument) => argument.getRange())
    .map(({ start, end }) => text.slice(start.character, end.character));

const words = (text: string): readonly string[] => only(text).args.map((word) => at(text, word.span));

const peerPairs = (text: string) =>
  peer<PropertyInstruction>(text)
    .getProperties()
    .map((property) => [property.getName(), property.getUnescapedValue() ?? undefined]);

const pairs = (text: string) => only(text).properties.map(({ name, value }) => [name, value]);

// An independent parser agrees on what is ordinary. What it gets wrong, BuildKit's own parser reads as it is expected here.
describe('parseDockerfile beside dockerfile-ast', () => {
  describe('agrees on words', () => {
    const cases = [
      'FROM node:20 AS build',
      'FROM --platform=$BUILDPLATFORM node:20',
      'COPY --from=build /a /b ./',
      'ADD https://example.com/a.tar.gz /',
      'RUN npm ci --omit=dev && npm run build',
      'WORKDIR /app',
      'USER node:node',
      'EXPOSE 80 443/tcp',
      'STOPSIGNAL SIGTERM',
    ];
    for (const text of cases) it(text, () => assert.deepEqual(words(text), peerWords(text)));
  });

  describe('agrees on names and values', () => {
    const cases = ['ENV a=1 b=2', 'ENV a b c', 'ENV a="b c" d=e', 'ARG VERSION=1.2', 'ARG VERSION', 'LABEL a=b c=d'];
    for (const text of cases) it(text, () => assert.deepEqual(pairs(text), peerPairs(text)));
  });

  it('reads several ARGs in one line', () => {
    assert.deepEqual(peerPairs('ARG A B=1'), [['A', 'B=1']]);
    assert.deepEqual(pairs('ARG A B=1'), [
      ['A', undefined],
      ['B', '1'],
    ]);
  });

  it('keeps the backslash of a word that is split behind it', () => {
    assert.deepEqual(peerWords('COPY a\\ b c'), ['a', 'b', 'c']);
    assert.deepEqual(words('COPY a\\ b c'), ['a\\', 'b', 'c']);
  });

  it('keeps blanks and escapes in JSON items', () => {
    const items = (text: string) =>
      peer<Cmd>(text)
        .getJSONStrings()
        .map((item) => item.getJSONValue());
    assert.deepEqual(items('CMD ["a b", "\\u0041"]'), ['ab', '0041']);
    assert.deepEqual(
      only('CMD ["a b", "\\u0041"]').args.map((word) => word.text),
      ['a b', 'A'],
    );
  });

  it('takes no exec form from half an array', () => {
    assert.equal(peer<Cmd>('CMD ["a"').getJSONStrings().length, 1);
    assert.equal(only('CMD ["a"').form, 'shell');
  });

  it('reads quoted flags as one', () => {
    const text = 'COPY --chown="a b" c d';
    assert.deepEqual(
      peer<Copy>(text)
        .getFlags()
        .map((flag) => flag.getValue()),
      ['"a'],
    );
    assert.deepEqual(
      only(text).flags.map((flag) => flag.value),
      ['a b'],
    );
    assert.deepEqual(words(text), ['c', 'd']);
  });

  it('keeps the body of a heredoc apart from the words', () => {
    const text = 'RUN cat <<EOF\nbody\nEOF\n';
    assert.equal(peer<Run>(text).getArguments().length, 4);
    assert.deepEqual(words(text), ['cat', '<<EOF']);
  });
});
