// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the files have templates of their own
import assert from 'node:assert/strict';
import { declaredBuilds } from '../../../server/src/core/builds/declared.ts';
import { parseDotEnv } from '../../../server/src/core/builds/dotenv.ts';
import { interpolate } from '../../../server/src/core/builds/interpolate.ts';
import { cpuTime } from '../cpuTime.ts';

const open = 'not known';
const unset = 'not set';

/** What a variable is after a `.env`. */
function valueIn(text: string, name = 'A'): string {
  const variables = parseDotEnv(text);
  assert.ok(variables, `${text} is refused`);
  const setting = variables(name);
  return setting ? (setting.value ?? open) : unset;
}

// Each value here is what compose-go makes of it.
describe('a .env file', () => {
  it('has a variable on each line, with comments', () => {
    const text =
      '\uFEFF# Comment\n\n  A = one \r\nexport B=two # more\nC: "three" # more\nD=a#b\nE= # no comment\nF\nG=';
    for (const [name, value] of Object.entries({
      A: 'one',
      B: 'two',
      C: 'three',
      D: 'a#b',
      E: '# no comment',
      F: unset,
      G: '',
      H: unset,
    }))
      assert.equal(valueIn(text, name), value, name);
    assert.equal(valueIn('A=1\nA=2\n'), '2');
  });

  it('has quotes', () => {
    assert.equal(valueIn(`A='$B \\n it\\'s # this'`), `$B \\n it's # this`);
    assert.equal(valueIn('A="say \\"x\\"\\tthen\\n\\0101\\q"'), 'say "x"\tthen\nA\\q');
    assert.equal(valueIn('A="one\ntwo"\nB=3'), 'one\ntwo');
    assert.equal(valueIn('A="one\ntwo"\nB=3', 'B'), '3');
    assert.equal(valueIn('A="\\$B" # c'), '$B');
  });

  it('takes variables from above, and does not know what the shell sets', () => {
    assert.equal(valueIn('B=x\nA=${B}/y'), 'x/y');
    assert.equal(valueIn('A=${B:-d}'), 'd');
    assert.equal(valueIn('A=$B'), open);
    assert.equal(valueIn('A=$B\nC=${A:-d}', 'C'), open);
    assert.equal(valueIn('A=pa$$word$1'), 'pa$word$1');
  });

  it('is refused as a whole', () => {
    for (const text of ['A="x', "A='x\nB=1", 'A B=1', 'A=1\n{}\n', 'é!=1'])
      assert.equal(parseDotEnv(text), undefined, text);
  });

  it('does no harm', () => {
    for (const text of [
      '',
      '\n',
      '=',
      '=x',
      'A',
      '\0=\0',
      '$',
      '"',
      '${'.repeat(50_000),
      `A=${'${A:-'.repeat(50_000)}`,
    ]) {
      const milliseconds = cpuTime(() => {
        parseDotEnv(text);
        parseDotEnv(`A="${text}`);
        parseDotEnv(`${text}\n`.repeat(10));
      });
      assert.ok(milliseconds < 1000, text.slice(0, 10));
    }
  });
});

describe('variables in a compose file', () => {
  const env = parseDotEnv('A=one\nEMPTY=\nOPEN=$SHELL_ONLY\n');

  it('take their values from it', () => {
    assert.ok(env);
    for (const [text, value] of [
      ['$A/x', 'one/x'],
      ['${A}${EMPTY}', 'one'],
      ['${A:-two}', 'one'],
      ['${EMPTY:-two}', 'two'],
      ['${EMPTY-two}', ''],
      ['${NONE:-a-${A:-b}-{}}', 'a-one-{}'],
      ['${A:+set}', 'set'],
      ['${EMPTY:+set}', ''],
      ['${EMPTY+set}', 'set'],
      ['${A:?must}', 'one'],
      ['$$A costs $5 $', '$A costs $5 $'],
      ['${EMPTY:?must}', undefined],
      ['$NONE', undefined],
      ['${NONE:+set}', undefined],
      ['${OPEN:-two}', undefined],
      ['${A', undefined],
      ['${}', undefined],
      ['${A x}', undefined],
      ['${NONE:-'.repeat(30) + '}'.repeat(30), undefined],
    ] as const)
      assert.equal(interpolate(text, env), value, text);
  });
});

describe('builds of a compose file with a .env beside it', () => {
  const read = (build: string, dotenv?: string | null) =>
    declaredBuilds('/w/d/compose.yaml', `services:\n  a:\n    build: ${build}\n`, '/w', dotenv).map(
      ({ dockerfile, context, target, args, reason }) => ({
        at: `${dockerfile.slice(3)} in ${context.slice(3)}`,
        target,
        args: Object.fromEntries(args),
        reason,
      }),
    );
  const places = (build: string, dotenv?: string | null) => read(build, dotenv).map(({ at }) => at);

  it('are those of this folder', () => {
    const build = '{ context: "${DIR:-app}" }';
    assert.deepEqual(places(build), ['d/app/Dockerfile in d/app']);
    assert.deepEqual(places(build, 'DIR=lib\n'), ['d/lib/Dockerfile in d/lib']);
    assert.deepEqual(places(build, 'OTHER=lib\n'), ['d/app/Dockerfile in d/app']);
    assert.deepEqual(places('{ context: $DIR }', 'DIR=lib\n'), ['d/lib/Dockerfile in d/lib']);
    assert.deepEqual(places('$DIR', 'DIR=../..\n'), []);
  });

  it('say where the context comes from', () => {
    const reason = (dotenv: string) => read('{ context: "${DIR:-app}" }', dotenv)[0]?.reason;
    assert.equal(reason('DIR=lib\n'), 'build.context of service a in d/compose.yaml and the .env beside it');
    assert.equal(reason('X=lib\n'), 'build.context of service a in d/compose.yaml');
  });

  it('are not known where the .env is not', () => {
    for (const broken of [null, 'A="\n'])
      assert.deepEqual(places('{ context: "${DIR:-app}" }', broken), [], `${broken}`);
    assert.deepEqual(places('{ context: app }', null), ['d/app/Dockerfile in d/app']);
  });

  it('may be of other files and stages than elsewhere', () => {
    const build = '{ context: ., dockerfile: "${FILE:-Dockerfile}", target: "${STAGE:-prod}" }';
    const found = read(build, 'FILE=dev.Dockerfile\nSTAGE=dev\n');
    assert.deepEqual(
      found.map(({ at, target }) => [at, target]),
      [
        ['d/dev.Dockerfile in d', 'dev'],
        ['d/Dockerfile in d', 'prod'],
      ],
    );
  });

  it('never tell the values of arguments, which may be secret', () => {
    const build = '{ context: ., args: { TOKEN: "$TOKEN", B: "${TOKEN:-none}", C: "x${OTHER:-y}", D: "${NONE:-z}" } }';
    assert.deepEqual(read(build, 'TOKEN=hunter2\nOTHER=1\n')[0]?.args, {
      TOKEN: undefined,
      B: undefined,
      C: undefined,
      D: 'z',
    });
  });

  it('leave to the shell what is its own', () => {
    assert.deepEqual(places('{ context: "${PWD:-app}" }', 'PWD=lib\n'), []);
  });
});
