// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the syntax under test
import assert from 'node:assert/strict';
import { type Binding, expand } from '../../../server/src/core/build/expand.ts';

const values: Readonly<Record<string, string>> = {
  NAME: 'web',
  EMPTY: '',
  FILE: 'dist/app.min.js',
  TAG: 'v1.22.3-alpine',
  ÄRGER: 'ü',
};

const lookup = (name: string): Binding => {
  if (name === 'OPEN') return 'open';
  if (name === 'ASKED') return 'argument';
  if (name === 'PARTLY') return { text: '/opt:${PATH}', known: false };
  const text = values[name];
  return text === undefined ? 'unset' : { text, known: true };
};

const text = (word: string, escapeChar = '\\') => {
  const { text, known } = expand(word, lookup, { escape: escapeChar });
  return known ? text : `?${text}`;
};

function same(cases: readonly (readonly [word: string, expected: string])[]): void {
  for (const [word, expected] of cases) assert.equal(text(word), expected, word);
}

describe('expanding a word', () => {
  it('replaces variables', () =>
    same([
      ['$NAME-$NAME', 'web-web'],
      ['${NAME}s', 'webs'],
      ['$NAMEs', ''],
      ['a$', 'a$'],
      ['a$/b', 'a$/b'],
      ['$1x', 'x'],
      ['$ÄRGER', 'ü'],
      ['$NONE', ''],
    ]));

  it('takes defaults and alternatives', () =>
    same([
      ['${NONE:-x}', 'x'],
      ['${EMPTY:-x}', 'x'],
      ['${EMPTY-x}', ''],
      ['${NAME:-x}', 'web'],
      ['${NAME:+on}', 'on'],
      ['${EMPTY:+on}', ''],
      ['${EMPTY+on}', 'on'],
      ['${NONE+on}', ''],
      ['${NONE:-${EMPTY:-$NAME}}', 'web'],
      ['${NAME:?needed}', 'web'],
    ]));

  it('cuts and replaces by pattern', () =>
    same([
      ['${FILE#*/}', 'app.min.js'],
      ['${FILE##*.}', 'js'],
      ['${FILE%.*}', 'dist/app.min'],
      ['${FILE%%.*}', 'dist/app'],
      ['${FILE#dis?}', '/app.min.js'],
      ['${FILE/app/main}', 'dist/main.min.js'],
      ['${FILE//p/q}', 'dist/aqq.min.js'],
      ['${FILE//\\//-}', 'dist-app.min.js'],
      ['${TAG%-*}', 'v1.22.3'],
      ['${TAG#v}', '1.22.3-alpine'],
      ['${NAME/*/x}', 'x'],
      ['${NAME//?/-}', '---'],
      ['${NONE#x}', ''],
    ]));

  it('treats quotes and escapes as BuildKit does', () =>
    same([
      ['"$NAME x"', 'web x'],
      ["'$NAME'", '$NAME'],
      ['\\$NAME', '$NAME'],
      ['"\\$NAME \\n"', '$NAME \\n'],
      ['a\\b', 'ab'],
      ['"it\'s"', "it's"],
    ]));

  it('knows the other escape character', () => {
    assert.equal(text('`$NAME\\x', '`'), '$NAME\\x');
    assert.equal(text('C:\\dir', '`'), 'C:\\dir');
  });

  it('leaves quotes alone where they are ordinary text', () => {
    const options = { escape: '\\', ignoreQuotes: true };
    assert.deepEqual(expand(`"$NAME" '$NAME'`, lookup, options), { text: `"web" 'web'`, known: true });
  });

  it('keeps what cannot be known, and says so', () =>
    same([
      ['/x:$OPEN', '?/x:${OPEN}'],
      ['${OPEN}', '?${OPEN}'],
      ['${OPEN:-x}', '?${OPEN:-x}'],
      ['${OPEN:-$NAME}', '?${OPEN:-web}'],
      ['${OPEN#x}', '?${OPEN#x}'],
      ['${NAME:-$OPEN}', 'web'],
      ['${NONE:-$OPEN}', '?${OPEN}'],
      ['$PARTLY', '?/opt:${PATH}'],
      ['${PARTLY%x}', '?${/opt:${PATH}%x}'],
    ]));

  it('takes the default of an argument that is declared without a value, and knows nothing else of it', () =>
    same([
      ['$ASKED', '?${ASKED}'],
      ['${ASKED:-x}', 'x'],
      ['${ASKED:+x}', ''],
      ['${ASKED/a/b}', '?${ASKED/a/b}'],
    ]));

  it('keeps what BuildKit refuses as it is written', () =>
    same([
      ['${NAME', '?${NAME'],
      ['${}', '?${}'],
      ['${NAME:x}', '?${NAME:x}'],
      ['${NAME:#x}', '?${NAME:#x}'],
      ["'open", "?'open"],
      ['"open', '?"open'],
      ['${NONE:?needed}', '?${NONE:?needed}'],
      ['${NAME#\\x}', '?${NAME#\\x}'],
    ]));

  it('does not fill the memory', () => {
    const half = (): Binding => ({ text: 'a'.repeat(100_000), known: true });
    assert.equal(expand('$V$V', half, { escape: '\\' }).known, false);
    assert.equal(expand('"$V$V$V"', half, { escape: '\\' }).text, '"$V$V$V"');
  });

  it('does not hang on a hostile pattern', () => {
    const long = (name: string): Binding => (name === 'V' ? { text: 'a'.repeat(60_000), known: true } : 'unset');
    const word = `\${V/${'*a'.repeat(5_000)}b/x}`;
    assert.equal(expand(word, long, { escape: '\\' }).known, false);
  });
});
