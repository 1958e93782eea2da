import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { liesWithin, writeAtomically } from '../../server/src/cli/write.ts';
import { bad, clean, cli, temporaryFolder } from './lib/run.ts';

const fixed = [
  'FROM node:22',
  'WORKDIR /app',
  'COPY package.json package-lock.json ./',
  'RUN --mount=type=cache,target=/root/.npm npm ci',
  'COPY . .',
  '',
].join('\n');

describe('check --fix', () => {
  const make = temporaryFolder();
  const read = (folder: string, name = 'Dockerfile') => readFileSync(path.join(folder, name), 'utf8');

  it('mends the file, says so, and has nothing to do the second time', async () => {
    const folder = make(bad);
    const first = await cli(folder, ['check', '--fix']);
    assert.equal(read(folder), fixed);
    assert.deepEqual([first.code, first.stderr], [0, '']);
    assert.equal(first.stdout, 'fixed Dockerfile: copy-before-install\nNo findings in 2 files.\n');
    const before = statSync(path.join(folder, 'Dockerfile')).mtimeMs;
    assert.equal((await cli(folder, ['check', '--fix'])).stdout, 'No findings in 2 files.\n');
    assert.equal(statSync(path.join(folder, 'Dockerfile')).mtimeMs, before);
    assert.deepEqual(readdirSync(folder).sort(), Object.keys(bad).sort(), 'nothing is left behind');
  });

  it('keeps line ends, byte order mark and mode', async () => {
    const crlf = (text: string) => `\uFEFF${text.replace(/\n/g, '\r\n')}`;
    const folder = make({ ...bad, Dockerfile: crlf(bad.Dockerfile) });
    chmodSync(path.join(folder, 'Dockerfile'), 0o4751);
    await cli(folder, ['check', '--fix', '--format', 'json']);
    assert.equal(read(folder), crlf(fixed));
    assert.equal(statSync(path.join(folder, 'Dockerfile')).mode & 0o7777, 0o4751);
  });

  it('leaves suggestions alone unless asked', async () => {
    const text =
      'FROM node:22\nARG VERSION=dev\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nRUN echo $VERSION > v\n';
    const folder = make({ ...bad, Dockerfile: text });
    assert.equal((await cli(folder, ['check', '--fix'])).code, 1);
    assert.equal(read(folder), text);
    assert.equal((await cli(folder, ['check', '--fix=all'])).code, 0);
    assert.match(read(folder), /npm ci\nARG VERSION=dev\nRUN echo/);
  });

  it('writes each of many files and leaves clean ones alone', async () => {
    const in_ = (name: string) =>
      Object.fromEntries(Object.entries(bad).map(([file, text]) => [`${name}/${file}`, text]));
    const folder = make({ ...in_('a'), ...in_('b'), 'c/Dockerfile': clean });
    await cli(folder, ['check', '--fix']);
    assert.deepEqual(
      [read(folder, 'a/Dockerfile'), read(folder, 'b/Dockerfile'), read(folder, 'c/Dockerfile')],
      [fixed, fixed, clean],
    );
  });

  it('does not write through a link', async () => {
    const folder = make({ ...bad, elsewhere: bad.Dockerfile });
    symlinkSync('elsewhere', path.join(folder, 'Dockerfile.link'));
    const { code, stderr } = await cli(folder, ['check', '--fix', 'Dockerfile.link']);
    assert.equal(code, 2);
    assert.equal(
      stderr,
      'cache-lens: Dockerfile.link: not fixed: it is a symbolic link, which is not written through\n',
    );
    assert.equal(read(folder, 'elsewhere'), bad.Dockerfile);
  });
});

describe('writing', () => {
  const make = temporaryFolder();

  it('refuses a file that is not what was read, and leaves nothing behind', async () => {
    const folder = make({ a: 'now' });
    const write = (name: string, before: string | undefined) =>
      writeAtomically({ file: path.join(folder, name), before, after: 'new' });
    await assert.rejects(write('a', 'then'), /has changed/);
    await assert.rejects(write('a', undefined), /has changed/);
    await assert.rejects(write('b', 'then'), /is gone/);
    await assert.rejects(write('no/such/folder', undefined));
    assert.deepEqual(readdirSync(folder), ['a']);
    await write('a', 'now');
    await write('b', undefined);
    assert.deepEqual(
      ['a', 'b'].map((name) => readFileSync(path.join(folder, name), 'utf8')),
      ['new', 'new'],
    );
  });

  it('stays within the build context', async () => {
    const folder = make({ 'context/sub/a': '', 'outside/a': '' });
    const root = path.join(folder, 'context');
    symlinkSync('../outside', path.join(root, 'link'));
    writeFileSync(path.join(root, 'b'), '');
    const within = (name: string) => liesWithin(root, path.resolve(root, name));
    assert.deepEqual(await Promise.all(['b', '.dockerignore', 'sub/new'].map(within)), [true, true, true]);
    assert.deepEqual(await Promise.all(['../b', '../outside/a', 'link/a', 'none/a', '/etc/passwd'].map(within)), [
      false,
      false,
      false,
      false,
      false,
    ]);
    assert.ok(existsSync(path.join(root, 'link/a')));
  });
});
