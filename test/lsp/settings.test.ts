import assert from 'node:assert/strict';
import { type ConnectOptions, connect, type TestClient, until } from './lib/client.ts';
import { type FakeHost, factsOf, fakeHost } from './lib/fakeHost.ts';
import { onlyRule } from './lib/onlyRule.ts';
import { at, codes, insertion, itemsOf, split, uri } from './lib/texts.ts';

describe('language server', () => {
  let host: FakeHost;
  let client: TestClient;
  const start = async (options?: ConnectOptions): Promise<void> => {
    host = fakeHost();
    client = await connect(host, options);
  };
  afterEach(() => client.dispose());

  describe('settings', () => {
    it('are asked for once per folder and decide what is found', async () => {
      await start({ folders: ['file:///w', 'file:///w/inner'] });
      client.settings.set('file:///w/inner', onlyRule('off'));
      const inner = 'file:///w/inner/Dockerfile';
      for (const each of [uri, inner, 'file:///w/inner/b.Dockerfile']) await client.open(each, split);
      assert.deepEqual(codes(itemsOf(await client.pull(uri))), ['split-apt-update']);
      assert.deepEqual(itemsOf(await client.pull(inner)), []);
      assert.deepEqual(itemsOf(await client.pull('file:///w/inner/b.Dockerfile')), []);
      assert.deepEqual(client.received.configurationScopes.sort(), ['file:///w', 'file:///w/inner']);
    });

    it('take effect when they change, without an edit', async () => {
      await start();
      await client.open(uri, split);
      const first = await client.pull(uri);
      client.settings.set('file:///w', onlyRule('hint'));
      await client.configure(null);
      await until(() => client.received.refreshes === 1, 'a refresh');
      assert.equal(itemsOf(await client.pull(uri, first.resultId))[0]?.severity, 4);
      await until(() => host.told.watched.get(uri)?.rules['split-apt-update'] === 'hint', 'the host to hear of it');
    });

    it('are said to be wrong in the log, once, and left at their default', async () => {
      await start();
      client.settings.set('file:///w', { rules: { 'no-such-rule': 'off' }, history: 'perhaps' });
      await client.open(uri, split);
      await client.pull(uri);
      await client.configure(null);
      await until(() => client.received.refreshes === 1, 'a refresh');
      assert.equal(client.received.logs.length, 2);
      assert.match(client.received.logs.join('\n'), /no-such-rule[\s\S]*perhaps/);
    });

    it('come from the client that only pushes them', async () => {
      await start({ capabilities: {}, initializationOptions: { settings: onlyRule('off') } });
      await client.open(uri, split);
      await until(() => client.received.published.length === 1, 'diagnostics');
      assert.deepEqual(client.received.published[0]?.diagnostics, []);
      await client.configure({ cacheLens: onlyRule('error') });
      await until(() => client.received.published.length === 2, 'diagnostics by the new settings');
      assert.equal(client.received.published[1]?.diagnostics[0]?.severity, 1);
    });
  });

  describe('host', () => {
    it('hears of open texts, ignore files included, of closed documents and of changed files', async () => {
      await start();
      await client.open(uri, split);
      await client.open('file:///w/.dockerignore', 'a\n', 'ignore');
      await client.change('file:///w/.dockerignore', 2, [insertion(at(1, 0), 'b\n')]);
      await client.pull(uri);
      assert.deepEqual(
        [...host.told.texts],
        [
          [uri, split],
          ['file:///w/.dockerignore', 'a\nb\n'],
        ],
      );
      assert.deepEqual([...host.told.watched.keys()], [uri, 'file:///w/.dockerignore']);
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: 'file:///w/a', type: 3 }],
      });
      await client.close(uri);
      await until(() => !host.told.watched.has(uri), 'the document to be closed');
      assert.deepEqual([...host.told.texts.keys()], ['file:///w/.dockerignore']);
      assert.deepEqual(host.told.changes, [{ uri: 'file:///w/a', type: 'deleted' }]);
    });

    it('reads no history until the workspace is trusted', async () => {
      await start({ initializationOptions: { trusted: false } });
      await client.open(uri, split);
      await until(() => host.told.watched.get(uri)?.history === false, 'history to be off');
      await client.connection.sendNotification('cacheLens/trust');
      await until(() => host.told.watched.get(uri)?.history === true, 'history to be on');
    });

    it('hears of folders that come and go, and of the end', async () => {
      await start();
      await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', {
        event: { added: [{ uri: 'file:///v', name: 'v' }], removed: [{ uri: 'file:///w', name: 'w' }] },
      });
      await until(() => host.told.folders[0] === 'file:///v', 'the new folder');
      assert.deepEqual(host.told.folders, ['file:///v']);
      await client.connection.sendRequest('shutdown');
      assert.equal(host.told.disposed, true);
    });
  });

  it('tells our own client what to show of a document, when it changes', async () => {
    await start({ initializationOptions: { status: true } });
    await client.open(uri, split);
    await client.pull(uri);
    await client.change(uri, 2, [insertion(at(0, 0), '# a\n')]);
    await client.pull(uri);
    host.setFacts(uri, factsOf({ a: '', b: '' }));
    await client.pull(uri);
    await until(() => client.received.statuses.length === 2, 'two statuses');
    const findings = { error: 0, warning: 1, information: 0, hint: 0 };
    const context = {
      root: '/w',
      reason: "the Dockerfile's folder",
      files: 2,
      truncated: false,
      ignoreFile: null,
      others: [],
    };
    assert.deepEqual(client.received.statuses, [
      { uri, findings, context: null, history: 'none' },
      { uri, findings, context, history: 'none' },
    ]);
  });

  describe('trouble', () => {
    it('a cancelled request is answered as such, and the next one as ever', async () => {
      await start();
      await client.open(uri, split);
      const { CancellationTokenSource } = await import('vscode-languageserver/node');
      const source = new CancellationTokenSource();
      const params = { textDocument: { uri } };
      const cancelled = client.connection.sendRequest('textDocument/diagnostic', params, source.token);
      source.cancel();
      await assert.rejects(cancelled, { code: -32800 });
      assert.deepEqual(codes(itemsOf(await client.pull(uri))), ['split-apt-update']);
    });

    it('garbage does not end the session', async () => {
      await start();
      const { connection } = client;
      await client.open(uri, '\0\uD800RUN <<\n"\\\r\r\n--mount=\u2028FROM');
      await client.pull(uri);
      await client.change(uri, -4, [{ range: { start: at(-5, 9e9), end: at(7, -1) }, text: '\uDFFF' }]);
      await client.change('file:///w/never-opened', 1, [{ text: 'x' }]);
      await connection.sendNotification('textDocument/didChange', { nonsense: true });
      await connection.sendNotification('cacheLens/no-such-thing', [1]);
      for (const method of ['textDocument/hover', 'textDocument/codeAction', 'textDocument/diagnostic'])
        await connection.sendRequest(method, { nonsense: true }).catch(() => undefined);
      await assert.rejects(connection.sendRequest('cacheLens/no-such-thing'));
      await client.open('file:///w/good/Dockerfile', split);
      assert.deepEqual(codes(itemsOf(await client.pull('file:///w/good/Dockerfile'))), ['split-apt-update']);
    });
  });
});
