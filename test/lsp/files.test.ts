import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Host } from '../../server/src/lsp/host.ts';
import { nodeHost } from '../../server/src/node/host.ts';
import { connect, type TestClient, until } from './lib/client.ts';
import { onlyRule } from './lib/onlyRule.ts';

const dockerfile = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n';

describe('language server with files', () => {
  let folder: string;
  let host: Host;
  let client: TestClient;
  const uriOf = (name: string): string => pathToFileURL(path.join(folder, name)).toString();
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'cache lens ü-')));
    write('Dockerfile', dockerfile);
    write('package.json', '{ "name": "app", "scripts": { "build": "tsc" } }');
    write('package-lock.json', '{ "name": "app", "lockfileVersion": 3, "packages": { "": { "name": "app" } } }');
    for (let file = 0; file < 7; file++) write(`src/${file}.ts`, '');
    host = nodeHost();
    client = await connect(host, {
      folders: [pathToFileURL(folder).toString()],
      initializationOptions: { status: true },
    });
    client.settings.set(pathToFileURL(folder).toString(), onlyRule('warning', 'copy-before-install'));
  });

  afterEach(() => {
    host.dispose();
    client.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const message = async (): Promise<string> => {
    const report = await client.pull(uriOf('Dockerfile'));
    return report.kind === 'full' ? report.items.map((item) => item.message).join('\n') : report.kind;
  };
  const opened = async (): Promise<void> => {
    await client.open(uriOf('Dockerfile'), dockerfile);
    await client.pull(uriOf('Dockerfile'));
    await until(() => client.received.refreshes > 0, 'facts');
  };

  it('judges by the files that are there, and again when one comes', async () => {
    await opened();
    assert.match(await message(), /\b10 files\b/);
    const { refreshes } = client.received;
    write('src/new.ts', '');
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: uriOf('src/new.ts'), type: 1 }],
    });
    await until(() => client.received.refreshes > refreshes, 'a refresh');
    assert.match(await message(), /\b11 files\b/);
  });

  it('counts the unsaved text of an ignore file', async () => {
    write('.dockerignore', '');
    await opened();
    const { refreshes } = client.received;
    await client.open(uriOf('.dockerignore'), 'src\n', 'ignore');
    await until(() => client.received.refreshes > refreshes, 'a refresh');
    assert.match(await message(), /\b4 files\b/);
  });

  it('reads nothing at a keystroke', async () => {
    await opened();
    const { reads } = host;
    assert.ok(reads > 0);
    for (let version = 2; version < 12; version++) {
      const position = { line: 3, character: 10 };
      await client.change(uriOf('Dockerfile'), version, [{ range: { start: position, end: position }, text: ' ' }]);
      await client.pull(uriOf('Dockerfile'));
      await client.hover(uriOf('Dockerfile'), position);
      await client.actions(uriOf('Dockerfile'), { start: position, end: position });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(host.reads, reads);
  });

  it('says what was found of the context', async () => {
    await opened();
    await message();
    await until(() => client.received.statuses.length > 1, 'a status');
    const { context } = client.received.statuses.at(-1) as { context: { root: string; files: number } };
    assert.deepEqual([context.root, context.files], [folder, 10]);
  });
});
