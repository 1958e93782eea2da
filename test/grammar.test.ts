import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as oniguruma from 'vscode-oniguruma';
import * as textmate from 'vscode-textmate';

interface Token {
  text: string;
  scopes: string[];
}

const read = (name: string): textmate.IRawGrammar =>
  textmate.parseRawGrammar(
    readFileSync(new URL(`../syntaxes/${name}.tmLanguage.json`, import.meta.url), 'utf8'),
    `${name}.json`,
  );

/** Stands in for the Dockerfile grammar that VS Code ships: instructions, strings and comments, matched in the same way. */
const dockerfileHost = {
  scopeName: 'source.dockerfile',
  patterns: [
    {
      match: '^\\s*\\b(?i:(FROM))\\b.*?\\b(?i:(AS))\\b',
      captures: { 1: { name: 'keyword.host' }, 2: { name: 'keyword.host' } },
    },
    { match: '^\\s*(?i:(ONBUILD)\\s+)?(?i:(ADD|COPY|FROM|HEALTHCHECK|RUN))\\s', name: 'keyword.host' },
    { begin: '"', end: '"', name: 'string.quoted.host' },
    { match: '^(\\s*)((#).*$\\n?)', name: 'comment.host' },
  ],
} as unknown as textmate.IRawGrammar;

const injection = 'source.dockerfile.flags.injection';
const grammars: Record<string, () => textmate.IRawGrammar> = {
  'source.dockerignore': () => read('dockerignore'),
  'source.dockerfile': () => dockerfileHost,
  [injection]: () => read('dockerfile-mount.injection'),
};

const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
const registry = new textmate.Registry({
  onigLib: oniguruma.loadWASM(readFileSync(wasm)).then(() => ({
    createOnigScanner: (sources: string[]) => new oniguruma.OnigScanner(sources),
    createOnigString: (text: string) => new oniguruma.OnigString(text),
  })),
  loadGrammar: async (scope) => grammars[scope]?.() ?? null,
  getInjections: (scope) => (scope === 'source.dockerfile' ? [injection] : undefined),
});

async function tokenize(scope: string, text: string): Promise<Token[][]> {
  const grammar = await registry.loadGrammar(scope);
  assert.ok(grammar, `no grammar for ${scope}`);
  let state = textmate.INITIAL;
  return text.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map((token) => ({
      text: line.slice(token.startIndex, token.endIndex),
      scopes: token.scopes.slice(1),
    }));
  });
}

/** What a person sees coloured: `text:first part of the innermost scope` for every token that has one. */
async function coloured(scope: string, text: string, parts: number): Promise<string[][]> {
  const short = (name: string) => name.split('.').slice(0, parts).join('.');
  const lines = await tokenize(scope, text);
  return lines.map((tokens) =>
    tokens
      .map((token) => ({ text: token.text, scope: token.scopes.filter((name) => !name.startsWith('meta.')).at(-1) }))
      .flatMap(({ text, scope }) => (scope && text.trim() ? [`${text.trim()} ${short(scope)}`] : [])),
  );
}

describe('the grammar of .dockerignore', () => {
  const check = async (line: string, expected: string[]) =>
    assert.deepEqual((await coloured('source.dockerignore', line, 3))[0], expected);

  it('has comments at column one only', async () => {
    await check('# build output', ['# punctuation.definition.comment', 'build output comment.line.number-sign']);
    await check(' # a name', ['# a name string.unquoted.path']);
    await check('a # b', ['a # b string.unquoted.path']);
  });

  it('colours exceptions at the start of the line only', async () => {
    await check('!keep.md', ['! keyword.operator.negation', 'keep.md string.unquoted.path']);
    await check('  ! keep.md', ['! keyword.operator.negation', 'keep.md string.unquoted.path']);
    await check('a!b', ['a!b string.unquoted.path']);
  });

  it('tells ** from * and ?, and separators from names', async () => {
    await check('**/*.lo?', [
      '** keyword.operator.wildcard',
      '/ punctuation.separator.path',
      '* keyword.operator.wildcard',
      '.lo string.unquoted.path',
      '? keyword.operator.wildcard',
    ]);
    const [line] = await tokenize('source.dockerignore', '**/*');
    assert.deepEqual(
      line?.filter((token) => token.text.startsWith('*')).map((token) => token.scopes),
      [['keyword.operator.wildcard.globstar.dockerignore'], ['keyword.operator.wildcard.dockerignore']],
    );
  });

  it('colours character classes, their negation and ranges', async () => {
    await check('[^a-z]x', [
      '[ punctuation.definition.character-class',
      '^ keyword.operator.negation',
      'a constant.other.character-class',
      '- keyword.operator.range',
      'z constant.other.character-class',
      '] punctuation.definition.character-class',
      'x string.unquoted.path',
    ]);
    await check('[!a]', [
      '[ punctuation.definition.character-class',
      '!a constant.other.character-class',
      '] punctuation.definition.character-class',
    ]);
  });

  it('leaves a bracket alone that no other one closes', async () => {
    const [first, second] = await coloured('source.dockerignore', '[ab\n# comment', 3);
    assert.ok(first?.every((token) => !token.includes('character-class')));
    assert.deepEqual(second?.at(-1), 'comment comment.line.number-sign');
  });

  it('colours escapes', async () => {
    await check('\\#a\\*', [
      '\\# constant.character.escape',
      'a string.unquoted.path',
      '\\* constant.character.escape',
    ]);
  });

  it('does not take trailing blanks into a name', async () => {
    const [line] = await tokenize('source.dockerignore', 'my file  ');
    assert.deepEqual(
      line?.map((token) => token.text),
      ['my file', '  '],
    );
  });
});

describe('the grammar of flags in Dockerfiles', () => {
  const check = async (text: string, expected: string[][]) =>
    assert.deepEqual(await coloured('source.dockerfile', text, 2), expected);

  it('colours the keys and values of a mount', async () => {
    await check('RUN --mount=type=cache,target=/root/.npm,sharing=locked,uid=1000 npm ci', [
      [
        'RUN keyword.other',
        '-- punctuation.definition',
        'mount entity.other',
        '= keyword.operator',
        'type variable.parameter',
        '= keyword.operator',
        'cache support.constant',
        ', punctuation.separator',
        'target variable.parameter',
        '= keyword.operator',
        '/root/.npm string.unquoted',
        ', punctuation.separator',
        'sharing variable.parameter',
        '= keyword.operator',
        'locked support.constant',
        ', punctuation.separator',
        'uid variable.parameter',
        '= keyword.operator',
        '1000 constant.language',
      ],
    ]);
  });

  it('does not call an unknown mount type known', async () => {
    const [line] = await coloured('source.dockerfile', 'RUN --mount=type=cached true', 2);
    assert.ok(line?.includes('cached string.unquoted'), String(line));
  });

  it('follows flags over continued lines and comments', async () => {
    await check('RUN --mount=type=ssh \\\n  # why\n  --mount=type=bind,ro \\\n  echo --mount=type=cache', [
      [
        'RUN keyword.other',
        '-- punctuation.definition',
        'mount entity.other',
        '= keyword.operator',
        'type variable.parameter',
        '= keyword.operator',
        'ssh support.constant',
        '\\ punctuation.separator',
      ],
      ['# punctuation.definition', 'why comment.line'],
      [
        '-- punctuation.definition',
        'mount entity.other',
        '= keyword.operator',
        'type variable.parameter',
        '= keyword.operator',
        'bind support.constant',
        ', punctuation.separator',
        'ro variable.parameter',
        '\\ punctuation.separator',
      ],
      [],
    ]);
  });

  it('leaves the command alone', async () => {
    await check('RUN docker run --mount=type=cache x', [['RUN keyword.host']]);
    await check('RUN echo "--from=x" --chown=y', [
      ['RUN keyword.host', '" string.quoted', '--from=x string.quoted', '" string.quoted'],
    ]);
  });

  it('colours other flags and the variables in them', async () => {
    await check(`copy --from=build --chown=\${UID}:0 --link /a /b`, [
      [
        'copy keyword.other',
        '-- punctuation.definition',
        'from entity.other',
        '= keyword.operator',
        'build string.unquoted',
        '-- punctuation.definition',
        'chown entity.other',
        '= keyword.operator',
        `\${UID} variable.other`,
        ':0 string.unquoted',
        '-- punctuation.definition',
        'link entity.other',
      ],
    ]);
  });

  it('keeps AS coloured after --platform', async () => {
    await check('FROM --platform=$BUILDPLATFORM node:22 AS build\nRUN true', [
      [
        'FROM keyword.other',
        '-- punctuation.definition',
        'platform entity.other',
        '= keyword.operator',
        '$BUILDPLATFORM variable.other',
        'AS keyword.other',
      ],
      ['RUN keyword.host'],
    ]);
  });

  it('ends with the flags where the first argument is a heredoc, a string or a bracket', async () => {
    for (const argument of ['<<EOF', '["sh", "-c", "true"]', '"$X"', '-x', '\\n']) {
      const [flags, next] = await coloured('source.dockerfile', `RUN --network=none ${argument}\nRUN true`, 2);
      assert.deepEqual(flags?.slice(0, 5).at(-1), 'none string.unquoted', argument);
      assert.deepEqual(next, ['RUN keyword.host'], argument);
    }
  });
});
