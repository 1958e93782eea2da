import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bad, clean, cli, findingsOf, temporaryFolder } from './lib/run.ts';

describe('check', () => {
  const make = temporaryFolder();

  it('finds every Dockerfile and ignore file of a folder, in order', async () => {
    const names = [
      '.dockerignore',
      'Containerfile',
      'Dockerfile',
      'Dockerfile.dockerignore',
      'Dockerfile.test',
      'a/Containerfile.arm',
      'a/api.Dockerfile',
      'a/b/web.dockerfile',
    ];
    const others = [
      'Dockerfiles/readme.md',
      'mydockerfile.txt',
      'node_modules/x/Dockerfile',
      '.git/Dockerfile',
      'a/main.go',
    ];
    const folder = make(Object.fromEntries([...names, ...others].map((name) => [name, clean])));
    assert.deepEqual(Object.keys(await findingsOf(folder)), names);
    assert.deepEqual(
      Object.keys(await findingsOf(folder, ['a'])),
      names.filter((name) => name.startsWith('a/')),
    );
  });

  it('names what it checks from the current folder, and checks nothing twice', async () => {
    const folder = make({ 'app/Dockerfile': clean });
    assert.deepEqual(Object.keys(await findingsOf(folder, ['app', 'app/Dockerfile', '.'])), ['app/Dockerfile']);
    assert.deepEqual(Object.keys(await findingsOf(path.join(folder, 'app'), ['..'])), ['Dockerfile']);
  });

  it('takes a file that is named for a Dockerfile, whatever its name', async () => {
    const folder = make({ ...bad, recipe: bad.Dockerfile });
    assert.deepEqual(await findingsOf(folder, ['recipe']), { recipe: ['copy-before-install'] });
  });

  it('follows no link to a folder, in circles or not', async () => {
    const folder = make({ 'a/Dockerfile': clean });
    symlinkSync('..', path.join(folder, 'a/up'));
    symlinkSync('loop', path.join(folder, 'loop'));
    symlinkSync('a', path.join(folder, 'Dockerfile.d'));
    assert.deepEqual(Object.keys(await findingsOf(folder)), ['a/Dockerfile']);
  });

  it('ends with 0 when clean, 1 with a warning, 0 with less than that', async () => {
    const code = async (files: Record<string, string>, ...args: string[]) =>
      (await cli(make(files), ['check', ...args])).code;
    const informed = { ...bad, Dockerfile: 'FROM node:22\nCOPY package.json package-lock.json ./\nRUN npm ci\n' };
    assert.equal(await code({ Dockerfile: clean }), 0);
    assert.equal(await code({}), 0);
    assert.equal(await code(bad), 1);
    assert.equal(await code(informed), 0);
    assert.deepEqual(await findingsOf(make(informed)), { '.dockerignore': [], Dockerfile: ['missing-cache-mount'] });
  });

  it('goes on when a file cannot be read, and ends with 2', async () => {
    const folder = make({ ...bad, 'c/Dockerfile': clean });
    writeFileSync(path.join(folder, 'Dockerfile.binary'), Buffer.from([0x46, 0x52, 0xff, 0xfe, 0x00]));
    writeFileSync(path.join(folder, 'Dockerfile.nul'), 'FROM a\0\n');
    writeFileSync(path.join(folder, 'Dockerfile.huge'), Buffer.alloc(5_000_000, 'a'));
    symlinkSync('nowhere', path.join(folder, 'Dockerfile.gone'));
    const { code, stderr, stdout } = await cli(folder, ['check', '--format', 'json', '.', 'missing']);
    assert.equal(code, 2);
    assert.deepEqual(stderr.trimEnd().split('\n').sort(), [
      'cache-lens: Dockerfile.binary: it is not UTF-8 text',
      'cache-lens: Dockerfile.gone: there is no such file',
      'cache-lens: Dockerfile.huge: it is too large for a Dockerfile',
      'cache-lens: Dockerfile.nul: it is not text',
      'cache-lens: missing: there is no such file',
    ]);
    const paths = JSON.parse(stdout).files.map((file: { path: string }) => file.path);
    assert.deepEqual(paths, ['.dockerignore', 'Dockerfile', 'c/Dockerfile']);
  });

  it('survives files that are no Dockerfiles', async () => {
    const texts = [
      '',
      '\n',
      '\uFEFF',
      'FROM',
      '<<EOF',
      'RUN <<EOF',
      'COPY <<A <<B /',
      'FROM a\nRUN \\',
      '{"a": [1, 2]}',
      '\\\n\\\n',
    ];
    const folder = make(Object.fromEntries(texts.map((text, index) => [`Dockerfile.${index}`, text])));
    const { code, stderr } = await cli(folder, ['check']);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  });

  it('reads standard input under the name it is given', async () => {
    const folder = make({ ...bad, Dockerfile: clean });
    const run = (stdin: string | Uint8Array, ...args: string[]) =>
      cli(folder, ['check', '--format', 'json', '--stdin', ...args], { stdin });
    const { code, stdout } = await run(bad.Dockerfile, '--stdin-filename', 'sub/../Dockerfile');
    const [file] = JSON.parse(stdout).files;
    assert.equal(code, 1);
    assert.equal(file.path, 'Dockerfile');
    assert.deepEqual(
      file.findings.map(({ rule }: { rule: string }) => rule),
      ['copy-before-install'],
    );
    assert.match(file.findings[0].message, /5 files/);
    const broken = await run(new Uint8Array([0xff]));
    assert.deepEqual([broken.code, broken.stderr], [2, 'cache-lens: Dockerfile: it is not UTF-8 text\n']);
  });

  it('counts columns as editors do, without a byte order mark', async () => {
    const range = async (text: string) => {
      const { stdout } = await cli(make({ ...bad, Dockerfile: text }), ['check', '--format', 'json', 'Dockerfile']);
      return JSON.parse(stdout).files[0].findings[0].range;
    };
    const text = bad.Dockerfile.replace('FROM node:22\nWORKDIR /app\n', 'FROM node:22\n');
    assert.deepEqual(await range(`\uFEFF${text}`), await range(text));
    assert.deepEqual(await range(text.replace(/\n/g, '\r\n')), await range(text));
  });

  it('takes the context that is named', async () => {
    const folder = make({
      'docker/Dockerfile': bad.Dockerfile,
      'app/package.json': bad['package.json'],
      'app/package-lock.json': '{}',
      'app/x.js': '',
    });
    const { stdout } = await cli(folder, ['check', '--format', 'json', '--context', 'app', 'docker']);
    assert.match(JSON.parse(stdout).files[0].findings[0].message, /brings 3 files/);
  });

  it('obeys its settings, and says what is wrong with them', async () => {
    const folder = make({
      ...bad,
      'c.json': '{"rules": {"copy-before-install": "hint", "nope": "off"}, "builder": 1}',
    });
    const { code, stderr, stdout } = await cli(folder, ['check', '--config', 'c.json']);
    assert.equal(code, 0);
    assert.match(stdout, /Dockerfile:3:1 hint copy-before-install/);
    assert.match(
      stderr,
      /^cache-lens: c\.json: cacheLens\.rules: there is no rule "nope"\.\ncache-lens: c\.json: cacheLens\.builder: 1 is/,
    );
    for (const [file, message] of [
      ['none.json', /no such file/],
      ['Dockerfile', /it is not JSON/],
    ] as const) {
      const wrong = await cli(folder, ['check', '--config', file]);
      assert.equal(wrong.code, 2);
      assert.equal(wrong.stdout, '');
      assert.match(wrong.stderr, message);
    }
  });

  it('says how it is used, on stderr when it is used wrongly', async () => {
    const folder = make({});
    for (const args of [['--help'], ['check', '--help'], ['help', 'what-if'], ['--version']]) {
      const { code, stdout, stderr } = await cli(folder, args);
      assert.deepEqual([code, stderr], [0, '']);
      assert.notEqual(stdout, '');
    }
    const { code, stdout, stderr } = await cli(folder, ['chekc']);
    assert.deepEqual([code, stdout], [2, '']);
    assert.equal(stderr, 'cache-lens: there is no command "chekc"\nTry "cache-lens --help".\n');
  });
});
