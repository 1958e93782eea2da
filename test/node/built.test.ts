import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createProtocolConnection,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageReader,
  type MessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { serverFlags, serverFlagsOn } from '../../client/src/node/serverFlags.ts';

const uri = 'untitled:Dockerfile';
const text = 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n';
const textDocument = { uri, languageId: 'dockerfile', version: 1, text };
const settings = { cacheLens: { rules: { 'split-apt-update': 'error' } } };

interface Report {
  readonly items: readonly { readonly code: string; readonly severity: number }[];
}

describe('the server as it is built', function () {
  this.timeout(60_000);
  const out = mkdtempSync(path.join(tmpdir(), 'cache-lens-built-'));
  const server = path.join(out, 'server.js');

  before(() => {
    const build = path.join(__dirname, '../../scripts/build.mjs');
    const { status, stderr } = spawnSync(process.execPath, [build, `--out=${out}`], { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  });
  after(() => rmSync(out, { recursive: true }));

  /** All that a session may send, at once: the client does not even wait for the reply to `initialize`. */
  async function hasty(child: ChildProcess, reader: MessageReader, writer: MessageWriter): Promise<void> {
    const ended = once(child, 'exit');
    const connection = createProtocolConnection(reader, writer);
    connection.listen();
    const initialized = connection.sendRequest<{ capabilities: object }>('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities: { textDocument: { diagnostic: {} } },
    });
    void connection.sendNotification('initialized', {});
    void connection.sendNotification('workspace/didChangeConfiguration', { settings });
    void connection.sendNotification('textDocument/didOpen', { textDocument });
    const report = connection.sendRequest<Report>('textDocument/diagnostic', { textDocument: { uri } });
    const position = { line: 1, character: 1 };
    const hover = connection.sendRequest<object | null>('textDocument/hover', { textDocument: { uri }, position });
    const shutdown = connection.sendRequest('shutdown');
    const [{ capabilities }, { items }, hovered, down] = await Promise.all([initialized, report, hover, shutdown]);
    assert.ok('hoverProvider' in capabilities);
    assert.equal(items.find(({ code }) => code === 'split-apt-update')?.severity, 1);
    assert.ok(hovered);
    assert.equal(down, null);
    void connection.sendNotification('exit');
    assert.deepEqual(await ended, [0, null]);
    connection.dispose();
  }

  it('loses and reorders nothing by pipes', async () => {
    const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
    await hasty(child, new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  });

  it('loses and reorders nothing as the extension starts it', async () => {
    const child = fork(server, ['--node-ipc'], { execArgv: [...serverFlags] });
    await hasty(child, new IPCMessageReader(child), new IPCMessageWriter(child));
  });

  it('leaves the engine alone where its flags may be frozen', async () => {
    const frozen = path.join(out, 'frozen.cjs');
    writeFileSync(
      frozen,
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: '1.0.0' } }); require('node:v8').setFlagsFromString = () => process.abort();",
    );
    const electron = [...serverFlagsOn({ ...process.versions, electron: '1.0.0' })];
    assert.notDeepEqual(electron, serverFlags);
    const child = fork(server, ['--node-ipc'], { execArgv: [...electron, '--require', frozen] });
    await hasty(child, new IPCMessageReader(child), new IPCMessageWriter(child));
  });

  it('replies without what it loads next, and ends with an error where that is missing', async () => {
    rmSync(path.join(out, 'server/serve.js'));
    assert.deepEqual(readdirSync(path.join(out, 'server')), ['library.js']);
    const child = spawn(process.execPath, [server, '--stdio'], { stdio: 'pipe' });
    let errors = '';
    child.stderr.on('data', (data) => {
      errors += String(data);
    });
    const closed = once(child, 'close');
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    connection.listen();
    await connection.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {} });
    assert.deepEqual(await closed, [1, null]);
    assert.match(errors, /Cannot find module/);
    connection.dispose();
  });
});
