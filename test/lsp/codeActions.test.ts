import assert from 'node:assert/strict';
import type { CodeAction, Range, WorkspaceEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type ConnectOptions, connect, type TestClient } from './lib/client.ts';
import { fakeHost } from './lib/fakeHost.ts';

const uri = 'file:///w/Dockerfile';
const split = 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n';
const merged = 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\n';
const everywhere: Range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
const onUpdate: Range = { start: { line: 1, character: 5 }, end: { line: 1, character: 5 } };
const docs = { initializationOptions: { docs: 'file:///pages' } };

/** What the document holds after the edit, which must name the version it was made for. */
function applied(text: string, edit: WorkspaceEdit | undefined, version = 1): string {
  const [change, ...others] = edit?.documentChanges ?? [];
  if (!change || !('edits' in change) || others.length > 0) throw new Error('not one text document edit');
  assert.deepEqual(change.textDocument, { uri, version });
  const edits = change.edits.map((each) => {
    if (!('newText' in each)) throw new Error('not a plain text edit');
    return each;
  });
  return TextDocument.applyEdits(TextDocument.create(uri, 'dockerfile', 1, text), edits);
}

const titled = (actions: readonly CodeAction[], pattern: RegExp): CodeAction => {
  const found = actions.find(({ title }) => pattern.test(title));
  if (!found) throw new Error(`no action ${pattern} among ${actions.map(({ title }) => title).join('; ')}`);
  return found;
};

describe('code actions', () => {
  let client: TestClient;
  const opened = async (text: string, options?: ConnectOptions): Promise<void> => {
    client = await connect(fakeHost(), options);
    await client.open(uri, text);
  };
  afterEach(() => client.dispose());

  it('offer the fix of the finding under the cursor, preferred where it is safe', async () => {
    await opened(split, docs);
    const actions = await client.actions(uri, onUpdate);
    const fix = actions[0];
    assert.equal(fix?.kind, 'quickfix');
    assert.equal(fix?.isPreferred, true);
    assert.equal(fix?.diagnostics?.[0]?.code, 'split-apt-update');
    assert.equal(applied(split, fix?.edit), merged);
    assert.deepEqual(
      actions.slice(1).map(({ title }) => title),
      [
        'Ignore split-apt-update on line 2',
        'Ignore split-apt-update in this file',
        'Show the page of split-apt-update',
      ],
    );
  });

  it('name the rules under the cursor in one order: fixes, suppressions, pages', async () => {
    client = await connect(fakeHost(), docs);
    client.settings.set('file:///w', { rules: { 'missing-cache-mount': 'off' } });
    await client.open(uri, `${split}ADD https://example.com/a.tar.gz /\n`);
    const titles = (await client.actions(uri, everywhere)).map(({ title }) => title);
    assert.deepEqual(
      titles.filter((title) => /^(Ignore|Show)/.test(title)),
      [
        'Ignore split-apt-update on line 2',
        'Ignore unchecked-add on line 4',
        'Ignore split-apt-update in this file',
        'Ignore unchecked-add in this file',
        'Show the page of split-apt-update',
        'Show the page of unchecked-add',
      ],
    );
  });

  it('offer nothing where nothing was found', async () => {
    await opened(split, docs);
    const start = { line: 0, character: 2 };
    assert.deepEqual(await client.actions(uri, { start, end: start }), []);
  });

  it('are made for the version that the client has', async () => {
    await opened('');
    await client.change(uri, 7, [{ text: split }]);
    const [fix] = await client.actions(uri, onUpdate);
    assert.equal(applied(split, fix?.edit, 7), merged);
  });

  it('keep to the kinds that are asked for', async () => {
    await opened(split);
    const kinds = async (only?: string[]) =>
      [...new Set((await client.actions(uri, everywhere, only)).map(({ kind }) => kind))].sort();
    assert.deepEqual(await kinds(), ['quickfix']);
    assert.deepEqual(await kinds(['quickfix']), ['quickfix']);
    assert.deepEqual(await kinds(['source']), ['source.fixAll.cacheLens']);
    assert.deepEqual(await kinds(['source.fixAll']), ['source.fixAll.cacheLens']);
    assert.deepEqual(await kinds(['source.fixAll.cacheLens']), ['source.fixAll.cacheLens']);
    assert.deepEqual(await kinds(['source.fixAll.other']), []);
    assert.deepEqual(await kinds(['refactor', 'source.organizeImports']), []);
    assert.deepEqual(await kinds(['']), ['quickfix', 'source.fixAll.cacheLens']);
  });

  it('fix all that is safe with one edit, and offer it no more', async () => {
    const twice = (runs: string) => `${runs}${runs}COPY --from=0 /a /a\n`;
    await opened(twice(split));
    const [action, ...others] = await client.actions(uri, everywhere, ['source.fixAll']);
    assert.deepEqual(others, []);
    assert.equal(applied(twice(split), action?.edit), twice(merged));
    await client.change(uri, 2, [{ text: twice(merged) }]);
    assert.deepEqual(await client.actions(uri, everywhere, ['source.fixAll']), []);
  });

  it('keep CRLF line ends', async () => {
    const crlf = split.replaceAll('\n', '\r\n');
    await opened(crlf);
    const actions = await client.actions(uri, onUpdate);
    assert.equal(applied(crlf, actions[0]?.edit), merged.replaceAll('\n', '\r\n'));
    const ignored = applied(crlf, titled(actions, /on line 2/).edit);
    assert.equal(ignored, crlf.replace('RUN', '# cache-lens ignore=split-apt-update\r\nRUN'));
  });

  describe('suppression', () => {
    const suppressed = async (text: string, pattern: RegExp, range = everywhere): Promise<string> => {
      await opened(text);
      const result = applied(text, titled(await client.actions(uri, range), pattern).edit);
      await client.change(uri, 2, [{ text: result }]);
      assert.deepEqual(await client.actions(uri, everywhere), [], result);
      return result;
    };

    it('on a line stands above its instruction, as far in', async () => {
      const indented = split.replace('RUN apt-get update', '  RUN echo a && \\\n    apt-get update');
      const result = await suppressed(indented, /on line 3/);
      assert.equal(result, indented.replace('  RUN', '  # cache-lens ignore=split-apt-update\n  RUN'));
    });

    it('on a line joins the comment that is there', async () => {
      const ignoring = split.replace('RUN', '# cache-lens ignore=early-arg\nRUN');
      const result = await suppressed(ignoring, /on line 3/);
      assert.equal(result, ignoring.replace('early-arg', 'early-arg,split-apt-update'));
    });

    it('in the file stands below the parser directives', async () => {
      const text = `# syntax=docker/dockerfile:1\n# escape=\\\n\n# About\n${split}`;
      const result = await suppressed(text, /in this file/);
      assert.equal(result, text.replace('=\\\n', '=\\\n# cache-lens ignore-file=split-apt-update\n'));
    });

    it('in the file stands behind a byte order mark, and joins the comment that is there', async () => {
      const result = await suppressed(`\uFEFF${split}`, /in this file/);
      assert.equal(result, `\uFEFF# cache-lens ignore-file=split-apt-update\n${split}`);
      client.dispose();
      const ignoring = `# cache-lens ignore-file=early-arg\n${split}`;
      assert.equal(await suppressed(ignoring, /in this file/), ignoring.replace('arg', 'arg,split-apt-update'));
    });
  });

  describe("a rule's page", () => {
    it('is opened by the client', async () => {
      await opened(split, docs);
      const { command } = titled(await client.actions(uri, onUpdate), /page/);
      await client.connection.sendRequest('workspace/executeCommand', command);
      assert.deepEqual(client.received.shown, ['file:///pages/split-apt-update.md']);
    });

    it('is nothing else than a page', async () => {
      await opened(split, docs);
      for (const rule of ['../../etc/passwd', 7, undefined, 'a.b']) {
        const params = { command: 'cacheLens.server.openRule', arguments: [rule] };
        assert.equal(await client.connection.sendRequest('workspace/executeCommand', params), null);
      }
      assert.deepEqual(client.received.shown, []);
    });

    it('is not offered where the client cannot show it', async () => {
      await opened(split);
      const titles = (await client.actions(uri, onUpdate)).map(({ title }) => title);
      assert.ok(!titles.some((title) => title.includes('page')));
    });
  });
});
