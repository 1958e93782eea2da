import assert from 'node:assert/strict';
import { type ConnectOptions, capable, connect, type TestClient, until } from './lib/client.ts';
import { type FakeHost, factsOf, fakeHost } from './lib/fakeHost.ts';
import { at, codes, insertion, itemsOf, split, uri } from './lib/texts.ts';

const merged = 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\n';

describe('language server', () => {
  let host: FakeHost;
  let client: TestClient;
  const start = async (options?: ConnectOptions): Promise<void> => {
    host = fakeHost();
    client = await connect(host, options);
  };
  afterEach(() => client.dispose());

  describe('at the start', () => {
    it('offers incremental sync, pulled diagnostics, hovers and its kinds of code actions', async () => {
      await start();
      const { capabilities } = client.initialized;
      assert.deepEqual(capabilities.textDocumentSync, { openClose: true, change: 2, save: { includeText: false } });
      assert.deepEqual(capabilities.diagnosticProvider, { interFileDependencies: false, workspaceDiagnostics: false });
      assert.deepEqual(capabilities.codeActionProvider, { codeActionKinds: ['quickfix', 'source.fixAll.cacheLens'] });
      assert.equal(capabilities.hoverProvider, true);
      assert.equal(capabilities.positionEncoding, 'utf-16');
    });

    it('watches settings and files where the client lets it', async () => {
      await start();
      await until(() => client.received.registrations.length === 2, 'registrations');
      assert.deepEqual(client.received.registrations.map(({ method }) => method).sort(), [
        'workspace/didChangeConfiguration',
        'workspace/didChangeWatchedFiles',
      ]);
    });

    it('survives a client that says nothing of itself', async () => {
      await start({ capabilities: {}, initializationOptions: 7 });
      await client.open(uri, split);
      await until(() => client.received.published.length > 0, 'diagnostics');
      assert.deepEqual(client.received.logs, []);
    });
  });

  describe('pulled diagnostics', () => {
    it('say what, where, how bad and where to read on', async () => {
      await start({ initializationOptions: { docs: 'file:///pages/' } });
      await client.open(uri, split);
      const [item, ...others] = itemsOf(await client.pull(uri));
      assert.deepEqual(others, []);
      assert.equal(item?.code, 'split-apt-update');
      assert.equal(item?.source, 'cache-lens');
      assert.equal(item?.severity, 2);
      assert.equal(item?.codeDescription?.href, 'file:///pages/split-apt-update.md');
      assert.equal(item?.range.start.line, 1);
      assert.deepEqual(
        item?.relatedInformation?.map(({ location }) => [location.uri, location.range.start.line]),
        [[uri, 2]],
      );
    });

    it('are unchanged for the same text, and new after an edit', async () => {
      await start();
      await client.open(uri, split);
      const first = await client.pull(uri);
      assert.deepEqual(await client.pull(uri, first.resultId), { kind: 'unchanged', resultId: first.resultId });
      await client.change(uri, 2, [insertion(at(0, 0), '# a comment\n')]);
      const second = await client.pull(uri, first.resultId);
      assert.equal(itemsOf(second)[0]?.range.start.line, 2);
      assert.notEqual(second.resultId, first.resultId);
    });

    it('follow several edits of one notification, each in the text that the one before left', async () => {
      await start();
      await client.open(uri, split);
      assert.equal(itemsOf(await client.pull(uri)).length, 1);
      const range = { start: at(1, 18), end: at(2, 4) };
      await client.change(uri, 2, [{ range, text: '' }, insertion(at(1, 18), ' && ')]);
      assert.deepEqual(itemsOf(await client.pull(uri)), []);
    });

    it('are the same with CRLF and a byte order mark, but for their place', async () => {
      await start();
      await client.open(uri, `\uFEFF${split.replaceAll('\n', '\r\n')}`);
      await client.open('file:///w/lf.Dockerfile', split);
      const [crlf] = itemsOf(await client.pull(uri));
      const [lf] = itemsOf(await client.pull('file:///w/lf.Dockerfile'));
      assert.ok(crlf);
      assert.deepEqual([crlf.range, crlf.message], [lf?.range, lf?.message]);
    });

    it('count columns in UTF-16 code units', async () => {
      await start();
      await client.open(uri, 'FROM debian:12\nRUN echo "🐳" && apt-get update\nRUN apt-get install -y curl\n');
      const [item] = itemsOf(await client.pull(uri));
      const line = 'RUN echo "🐳" && apt-get update';
      const { start: from, end } = item?.range ?? { start: at(0, 0), end: at(0, 0) };
      assert.equal(line.slice(from.character, end.character), 'apt-get update');
    });

    it('come again when facts have changed', async () => {
      await start();
      await client.open(uri, split);
      const first = await client.pull(uri);
      host.setFacts(uri, factsOf({ 'a.txt': 'a' }));
      await until(() => client.received.refreshes === 1, 'a refresh');
      assert.equal((await client.pull(uri, first.resultId)).kind, 'full');
    });

    it('are none for what is no Dockerfile, an ignore file or not open', async () => {
      await start();
      await client.open('file:///w/readme.md', split, 'markdown');
      await client.open('file:///w/Dockerfile.j2', split, 'jinja');
      await client.open('file:///w/Dockerfile.dockerignore', split, 'dockerfile');
      await client.open('file:///w/.dockerignore', 'RUN\n', 'ignore');
      for (const name of ['readme.md', 'Dockerfile.j2', 'Dockerfile.dockerignore', '.dockerignore', 'nothing'])
        assert.deepEqual(itemsOf(await client.pull(`file:///w/${name}`)), [], name);
    });

    it('are there for Dockerfiles by language or by name, unsaved ones included', async () => {
      await start();
      await client.open('untitled:Untitled-1', split);
      await client.open('file:///w/Containerfile', split, 'plaintext');
      await client.open('file:///w/a%20b/api.Dockerfile', split, '');
      for (const name of ['untitled:Untitled-1', 'file:///w/Containerfile', 'file:///w/a%20b/api.Dockerfile'])
        assert.deepEqual(codes(itemsOf(await client.pull(name))), ['split-apt-update'], name);
    });
  });

  describe('pushed diagnostics', () => {
    const { textDocument: _, ...others } = capable;
    const pushOnly: ConnectOptions = { capabilities: { ...others, textDocument: {} } };

    it('are sent when a document opens, changes and closes', async () => {
      await start(pushOnly);
      assert.equal(client.initialized.capabilities.diagnosticProvider, undefined);
      await client.open(uri, split);
      await until(() => client.received.published.length === 1, 'the first diagnostics');
      await client.change(uri, 2, [{ text: merged }]);
      await until(() => client.received.published.length === 2, 'diagnostics of the new text');
      await client.close(uri);
      await until(() => client.received.published.length === 3, 'an empty list');
      const { published } = client.received;
      assert.deepEqual(
        published.map(({ diagnostics }) => codes(diagnostics)),
        [['split-apt-update'], [], []],
      );
      assert.deepEqual(
        published.map(({ version }) => version),
        [1, 2, undefined],
      );
    });

    it('are sent once for changes that arrive together', async () => {
      await start(pushOnly);
      await client.open(uri, '');
      for (let version = 2; version <= 20; version++)
        void client.change(uri, version, [insertion(at(0, 0), `# ${version}\n`)]);
      await until(() => client.received.published.some(({ version }) => version === 20), 'the last version');
      assert.ok(client.received.published.length < 10, `${client.received.published.length} times`);
    });

    it('come again when facts have changed', async () => {
      await start(pushOnly);
      await client.open(uri, split);
      await until(() => client.received.published.length === 1, 'the first diagnostics');
      host.setFacts(uri, factsOf({}));
      await until(() => client.received.published.length === 2, 'diagnostics by the new facts');
    });
  });

  describe('hover', () => {
    it('explains the instruction under the cursor', async () => {
      await start();
      await client.open(uri, split);
      const hover = await client.hover(uri, at(1, 6));
      assert.deepEqual(hover?.range, { start: at(1, 0), end: at(1, 18) });
      assert.match(JSON.stringify(hover?.contents), /"markdown".*RUN/);
      assert.equal(await client.hover(uri, at(3, 0)), null);
    });

    it('is plain text for a client that shows no Markdown', async () => {
      await start({ capabilities: {} });
      await client.open(uri, split);
      const contents = JSON.stringify((await client.hover(uri, at(1, 6)))?.contents);
      assert.match(contents, /"plaintext"/);
      assert.doesNotMatch(contents, /\*\*/);
    });
  });
});
