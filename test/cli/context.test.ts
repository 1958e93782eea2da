// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose files have templates of their own
import assert from 'node:assert/strict';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../../server/src/cli/run.ts';
import { snapshotOfTexts } from '../../server/src/core/context/snapshot.ts';
import { noFacts } from '../../server/src/core/workspace.ts';
import { testIo } from './lib/io.ts';
import { cli, temporaryFolder } from './lib/run.ts';

interface Listed {
  readonly version: number;
  readonly context: string;
  readonly ignoreFile: string | null;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly excluded: { readonly files: number; readonly bytes: number };
  readonly problems: readonly { readonly path: string; readonly message: string; readonly line?: number }[];
}

async function listed(cwd: string, ...args: string[]): Promise<Listed & { code: number; stderr: string }> {
  const { stdout, ...rest } = await cli(cwd, ['context', '--format', 'json', ...args]);
  return { ...(JSON.parse(stdout) as Listed), ...rest };
}

const files = {
  Dockerfile: 'FROM alpine\nCOPY . /\n',
  '.dockerignore': 'node_modules\n*.log\n',
  'big.bin': 'x'.repeat(5000),
  'src/a.c': 'int a;',
  'a.log': '12345',
  'node_modules/x/index.js': 'abc',
};

describe('context', () => {
  const make = temporaryFolder();

  it('takes the folder that a compose file and the .env beside it name', async () => {
    const compose = 'services: { a: { build: { context: "${DIR:-.}", dockerfile: "${FILE:-Dockerfile}" } } }\n';
    const folder = make({
      ...files,
      '.git/HEAD': '',
      'compose.yaml': compose,
      '.env': 'DIR=src\nFILE=../Dockerfile\n',
    });
    const { stdout } = await cli(folder, ['context', 'Dockerfile']);
    assert.match(
      stdout.replace(/\s+/g, ' '),
      /src \(build\.context of service a in compose\.yaml and the \.env beside it\)/,
    );
  });

  it('finds the context in what was unpacked from an archive, without a repository around it', async () => {
    const unpacked = { 'docker/Dockerfile': 'FROM alpine\nCOPY src /src\n', 'src/a.c': 'int a;', 'docker/b.txt': '' };
    const folder = make(unpacked);
    assert.equal((await listed(folder, 'docker/Dockerfile')).context, folder);
    const composed = make({
      ...unpacked,
      'docker/Dockerfile': 'FROM node\nWORKDIR /app\nCOPY . .\nRUN npm ci\n',
      'compose.yaml': 'services: { a: { build: { context: ., dockerfile: docker/Dockerfile } } }\n',
      'package.json': '{}',
      'package-lock.json': '{}',
    });
    assert.equal((await listed(composed, 'docker/Dockerfile')).context, composed);
    const { stdout } = await cli('/', ['check', '--format', 'json', composed]);
    assert.match(stdout, /COPY \. \. brings 6 files/);
  });

  it('lists what enters, biggest first, and counts what is left out', async () => {
    const folder = make(files);
    symlinkSync('src/a.c', path.join(folder, 'link'));
    const { version, context, ignoreFile, files: found, excluded, problems, code, stderr } = await listed(folder);
    assert.deepEqual([version, context, ignoreFile, code, stderr], [1, folder, '.dockerignore', 0, '']);
    assert.deepEqual(found, [
      { path: 'big.bin', bytes: 5000 },
      { path: 'Dockerfile', bytes: 21 },
      { path: '.dockerignore', bytes: 19 },
      { path: 'link', bytes: 7 },
      { path: 'src/a.c', bytes: 6 },
    ]);
    assert.deepEqual([excluded, problems], [{ files: 2, bytes: 8 }, []]);
  });

  it('says the same in text', async () => {
    const { code, stdout } = await cli(make(files), ['context']);
    assert.equal(code, 0);
    assert.match(stdout, /4 files enter, 5\.0 kB\.\n {2}5\.0 kB {2}big\.bin\n {4}21 B {2}Dockerfile\n/);
    assert.match(stdout, /\n\.dockerignore keeps out 2 files, 8 B\.\n$/);
    assert.match((await cli(make({ Dockerfile: '' }), ['context'])).stdout, /There is no ignore file\.\n$/);
  });

  it('names a hundred files at most in text', async () => {
    const many = Object.fromEntries(Array.from({ length: 130 }, (_, index) => [`f${index}`, 'x']));
    const { stdout } = await cli(make(many), ['context', '.']);
    assert.match(stdout, /130 files enter/);
    assert.match(stdout, /… and 30 smaller files; --format json names all\./);
    assert.equal(stdout.match(/^ +1 B /gm)?.length, 100);
  });

  it('takes a folder as docker build does, and a Dockerfile in its context', async () => {
    const folder = make({
      'docker/app.Dockerfile': 'FROM alpine\nCOPY src/a .\n',
      'docker/app.Dockerfile.dockerignore': 'b\nsrc/b\n',
      'src/a': '',
      'src/b': '',
      '.dockerignore': 'src\n',
      '.git/HEAD': '',
    });
    const names = async (...args: string[]) => (await listed(folder, ...args)).files.map((file) => file.path);
    assert.deepEqual(await names('src'), ['a', 'b']);
    const own = await listed(folder, 'docker/app.Dockerfile');
    assert.deepEqual([own.context, own.ignoreFile], [folder, 'docker/app.Dockerfile.dockerignore']);
    assert.ok(own.files.some((file) => file.path === 'src/a') && !own.files.some((file) => file.path === 'src/b'));
    assert.deepEqual(await names('docker/app.Dockerfile', '--context', 'src'), ['a']);
    assert.deepEqual(await names('--context', 'src'), ['a', 'b']);
  });

  it('says where a compose file builds it', async () => {
    const service = (name: string, context: string) =>
      `  ${name}:\n    build: { context: ${context}, dockerfile: ../docker/Dockerfile }\n`;
    const folder = make({
      'docker/Dockerfile': 'FROM alpine\nCOPY x .\n',
      'docker/x': '',
      'a/x': '',
      'b/y': '',
      'compose.yaml': `services:\n${service('one', 'a')}${service('two', 'b')}`,
      '.git/HEAD': '',
    });
    const { stdout } = await cli(folder, ['context', 'docker/Dockerfile']);
    const told = stdout.replace(/\s+/g, ' ');
    assert.match(told, /^The build context is \S+\/a \(build\.context of service one in compose\.yaml\)\. /);
    assert.match(
      told,
      / Another build takes \S+\/b \(build\.context of service two in compose\.yaml\)\. 1 file enters/,
    );
  });

  it('says why the builder refuses an ignore file', async () => {
    const {
      files: found,
      excluded,
      problems,
      code,
      stderr,
    } = await listed(make({ ...files, '.dockerignore': 'a\n\n[a\n' }));
    assert.deepEqual([found, excluded, code], [[], { files: 0, bytes: 0 }, 1]);
    assert.deepEqual(
      problems.map(({ path: name, line }) => [name, line]),
      [['.dockerignore', 3]],
    );
    assert.match(stderr, /^cache-lens: \.dockerignore:3: the builder refuses the pattern \[a: /);
    const { stdout } = await cli(make({ ...files, '.dockerignore': '!\n' }), ['context']);
    assert.match(stdout, /Nothing enters: the builder refuses the ignore file\.\n$/);
  });

  it('says what it could not read or count', async () => {
    const snapshot = { ...snapshotOfTexts({ Dockerfile: '', a: '' }), unreadable: ['shut'], truncated: true };
    const io = testIo({ cwd: make({}), gather: async () => ({ ...noFacts, context: snapshot }) });
    assert.equal(await run(['context', '--format', 'json'], io), 2);
    const { problems, files: found } = JSON.parse(io.written.stdout) as Listed;
    assert.deepEqual(
      problems.map(({ path: name, message }) => `${name}: ${message}`),
      ['shut: it cannot be read, and the builder fails on it', '.: counted 2 files, more exist'],
    );
    assert.equal(found.length, 2);
  });

  it('ends with 2 on wrong usage', async () => {
    const folder = make(files);
    for (const args of [
      ['nowhere'],
      ['a', 'b'],
      ['--format', 'sarif'],
      ['--context', 'nowhere'],
      ['.', '--context', 'a.log'],
    ]) {
      const { code, stdout, stderr } = await cli(folder, ['context', ...args]);
      assert.deepEqual([code, stdout], [2, ''], args.join(' '));
      assert.match(stderr, /^cache-lens: .*\n/);
    }
    assert.match((await cli(folder, ['context', '--help'])).stdout, /^Usage: cache-lens context /);
  });
});

interface Scenario {
  readonly ignore: string;
  readonly included?: readonly string[];
}

describe('context, as a real builder copied', () => {
  const [first = '', ...lines] = readFileSync(new URL('../fixtures/ignore-scenarios.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n');
  const { paths } = JSON.parse(first) as { paths: readonly string[] };
  const make = temporaryFolder();

  it(`takes the files of all ${lines.length} recorded ignore files`, async () => {
    assert.equal(lines.length, 185);
    const folder = make(Object.fromEntries(paths.map((each) => [each, 'x'])));
    for (const line of lines) {
      const { ignore, included }: Scenario = JSON.parse(line);
      writeFileSync(path.join(folder, '.dockerignore'), ignore);
      const { files: found, problems, code } = await listed(folder);
      assert.deepEqual(found.map((file) => file.path).sort(), [...(included ?? [])].sort(), line);
      assert.deepEqual([problems.length > 0, code], included ? [false, 0] : [true, 1], line);
    }
  });
});
