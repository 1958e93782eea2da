import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type CodeAction,
  type CodeLens,
  CodeLensRequest,
  type CompletionList,
  CompletionRequest,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  FoldingRangeRequest,
  type Hover,
  type MarkupContent,
} from 'vscode-languageserver/node';
import { noIgnoreFacts } from '../../server/src/core/workspace.ts';
import type { Host } from '../../server/src/lsp/host.ts';
import { nodeHost } from '../../server/src/node/host.ts';
import { capable, connect, type TestClient, until } from './lib/client.ts';
import { fakeHost } from './lib/fakeHost.ts';

const files: Readonly<Record<string, string>> = {
  Dockerfile: 'FROM python:3.13\nCOPY requirements.txt src/app.py ./\n',
  'requirements.txt': 'flask==3.1.0\n',
  'src/app.py': 'print(1)\n',
  'src/__pycache__/app.pyc': 'x'.repeat(500),
  'logs/big.log': 'x'.repeat(9000),
  'logs/keep.log': 'x'.repeat(100),
};
const text = '# Tools\n__pycache__\n\n# Logs\n# of all kinds\nlogs\n!logs/keep.log\n';
const settings = { rules: {} };
const textOf = (hover: Hover | null): string => (hover?.contents as MarkupContent | undefined)?.value ?? '';

describe('language server on ignore files', () => {
  let folder: string;
  let host: Host;
  let client: TestClient;
  const uriOf = (name: string): string => pathToFileURL(path.join(folder, name)).toString();
  const uri = (): string => uriOf('.dockerignore');

  const write = (name: string, content: string): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  };

  const codes = async (): Promise<unknown[]> => {
    const report = await client.pull(uri());
    return report.kind === 'full' ? report.items.map(({ code }) => code) : [];
  };

  const opened = async (content = text): Promise<void> => {
    write('.dockerignore', content);
    await client.open(uri(), content, 'ignore');
    await codes();
    await until(() => client.received.refreshes > 0, 'facts');
  };

  const becomes = async (wanted: readonly string[]): Promise<void> => {
    await until(async () => JSON.stringify(await codes()) === JSON.stringify(wanted), `codes ${wanted}`);
  };

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'cache lens ü-')));
    for (const [name, content] of Object.entries(files)) write(name, content);
    host = nodeHost();
    client = await connect(host, { folders: [pathToFileURL(folder).toString()] });
    client.settings.set(pathToFileURL(folder).toString(), settings);
  });

  afterEach(() => {
    host.dispose();
    client.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('reports what is wrong, mends it and silences it', async () => {
    await opened();
    assert.deepEqual(await codes(), ['gitignore-syntax']);
    const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } };
    const actions = await client.actions(uri(), range);
    assert.deepEqual(
      actions.map(({ title }) => title),
      ['Write **/__pycache__', 'Ignore gitignore-syntax on line 2', 'Ignore gitignore-syntax in this file'],
    );
    const edits = actions.map(({ edit }) => JSON.stringify(edit?.documentChanges));
    assert.match(edits[0] ?? '', /"newText":"\*\*\/__pycache__"/);
    assert.match(edits[1] ?? '', /"line":1,"character":0.*"newText":"# cache-lens ignore=gitignore-syntax\\n"/);
    assert.match(edits[2] ?? '', /"line":0,"character":0.*"newText":"# cache-lens ignore-file=gitignore-syntax\\n"/);
    const all = await client.actions(uri(), range, ['source.fixAll']);
    assert.match(JSON.stringify(all), /\*\*\/__pycache__/);
    await client.change(uri(), 2, [{ text: `# cache-lens ignore=gitignore-syntax\n${text.replace('# Tools\n', '')}` }]);
    assert.deepEqual(await codes(), []);
  });

  it('says on hover what a pattern does', async () => {
    await opened();
    const excluded = textOf(await client.hover(uri(), { line: 5, character: 1 }));
    assert.match(excluded, /^Excludes `logs` at the root of the build context; a folder with all that is in it\./);
    assert.match(excluded, /It excludes \*\*1 file, 9\.0 kB\*\*: `logs\/big\.log`/);
    assert.match(excluded, /Line 7 \(`!logs\/keep\.log`\) may bring back part of it\./);
    const exception = textOf(await client.hover(uri(), { line: 6, character: 5 }));
    assert.match(exception, /It brings back \*\*1 file, 100 B\*\*: `logs\/keep\.log`/);
    assert.equal(textOf(await client.hover(uri(), { line: 0, character: 3 })), '');
  });

  it('counts the context on the first line, and what is in ignored folders', async () => {
    await opened('logs\n');
    await until(() => client.received.refreshes > 1, 'what is in ignored folders');
    const lenses = await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: uri() } });
    const [lens] = lenses as CodeLens[];
    assert.match(
      lens?.command?.title ?? '',
      /^Context of Dockerfile: 5 files, .*; excluded 2 files, 9\.1 kB; biggest: /,
    );
  });

  it('completes paths, links files, marks what belongs together and folds', async () => {
    await opened();
    await client.change(uri(), 2, [{ text: `${text}logs/` }]);
    const position = { line: 7, character: 5 };
    const list = await client.connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri: uri() },
      position,
    });
    const { items } = list as CompletionList;
    assert.deepEqual(
      items.map(({ label, detail }) => [label, detail]),
      [
        ['big.log', '9.0 kB, excluded above'],
        ['keep.log', '100 B'],
      ],
    );
    const textDocument = { uri: uri() };
    const links = await client.connection.sendRequest(DocumentLinkRequest.type, { textDocument });
    assert.deepEqual(
      links?.map(({ target }) => target),
      [uriOf('logs/keep.log')],
    );
    const marks = await client.connection.sendRequest(DocumentHighlightRequest.type, {
      textDocument,
      position: { line: 5, character: 0 },
    });
    assert.deepEqual(
      marks?.map(({ range }) => range.start.line),
      [5, 6, 7],
    );
    const folds = await client.connection.sendRequest(FoldingRangeRequest.type, { textDocument });
    assert.deepEqual(
      folds?.map(({ startLine, endLine }) => [startLine, endLine]),
      [
        [0, 1],
        [3, 7],
      ],
    );
  });

  it('reads nothing at a keystroke', async () => {
    await opened();
    const { reads } = host;
    const { refreshes } = client.received;
    for (let version = 2; version < 12; version++) {
      await client.change(uri(), version, [{ text: `${text}${'x'.repeat(version)}` }]);
      await codes();
      await client.hover(uri(), { line: 5, character: 1 });
      await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri: uri() } });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(host.reads, reads);
    assert.equal(client.received.refreshes, refreshes, 'an edit tells nothing new of the files');
  });

  it('follows the Dockerfile, open or on the disk', async () => {
    await opened('*.txt\n');
    assert.deepEqual(await codes(), ['ignored-build-input']);
    await client.open(uriOf('Dockerfile'), 'FROM scratch\n');
    await becomes([]);
    await client.close(uriOf('Dockerfile'));
    write('Dockerfile.dockerignore', '');
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
      changes: [{ uri: uriOf('Dockerfile.dockerignore'), type: 1 }],
    });
    await becomes(['misplaced-dockerignore']);
  });

  describe('that no build reads', () => {
    const content = 'tmp\n';
    const start = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const at = (): string => uriOf('docker/.dockerignore');
    const moves = async (): Promise<unknown[]> => {
      const actions = await client.actions(at(), start);
      return actions.filter(({ title }) => /^(Move|Rename) it/.test(title));
    };
    const misplaced = async (): Promise<void> => {
      write('docker/Dockerfile', 'FROM alpine:3.22\nCOPY src /src\n');
      write('docker/.dockerignore', content);
      await client.open(at(), content, 'ignore');
      await client.pull(at());
      await until(() => client.received.refreshes > 0, 'facts');
    };
    const rename = (name: string) => ({
      documentChanges: [
        { kind: 'rename', oldUri: at(), newUri: uriOf(name), options: { overwrite: false, ignoreIfExists: false } },
      ],
    });

    it('offers to move them, as one of several ways', async () => {
      await misplaced();
      const found = (await moves()) as CodeAction[];
      assert.deepEqual(
        found.map(({ title, edit, isPreferred, diagnostics }) => [title, edit, isPreferred, diagnostics?.[0]?.code]),
        [
          ['Move it to the top folder', rename('.dockerignore'), false, 'misplaced-dockerignore'],
          [
            'Rename it to Dockerfile.dockerignore',
            rename('docker/Dockerfile.dockerignore'),
            false,
            'misplaced-dockerignore',
          ],
        ],
      );
      assert.deepEqual(await client.actions(at(), start, ['source.fixAll']), []);
    });

    it('offers none where the new file is there, on the disk or open', async () => {
      await misplaced();
      await client.open(uriOf('docker/Dockerfile.dockerignore'), '', 'ignore');
      assert.equal((await moves()).length, 1);
      write('.dockerignore', 'x\n');
      await client.connection.sendNotification('workspace/didChangeWatchedFiles', {
        changes: [{ uri: uriOf('.dockerignore'), type: 1 }],
      });
      await until(async () => (await moves()).length === 0, 'no move');
    });

    it('offers none that an unsaved Dockerfile would break on', async () => {
      await misplaced();
      await client.open(uriOf('docker/Dockerfile'), 'FROM alpine:3.22\nCOPY src tmp /src/\n');
      await until(async () => (await moves()).length === 0, 'no move');
    });

    it('offers none to a client that cannot rename files', async () => {
      client.dispose();
      host.dispose();
      host = nodeHost();
      const { workspace, ...others } = capable;
      const capabilities = {
        ...others,
        workspace: { ...workspace, workspaceEdit: { documentChanges: true, resourceOperations: ['create' as const] } },
      };
      client = await connect(host, { folders: [pathToFileURL(folder).toString()], capabilities });
      client.settings.set(pathToFileURL(folder).toString(), settings);
      await misplaced();
      assert.deepEqual(await moves(), []);
      const report = await client.pull(at());
      assert.equal(report.kind === 'full' && report.items[0]?.code, 'misplaced-dockerignore');
    });
  });
});

describe('language server on ignore files without a disk', () => {
  it('judges by the text alone', async () => {
    const host = fakeHost();
    const client = await connect(host);
    try {
      client.settings.set('file:///w', settings);
      const uri = 'vscode-vfs://w/.dockerignore';
      host.setIgnoreFacts(uri, noIgnoreFacts);
      client.settings.set('', settings);
      await client.open(uri, 'node_modules\n*.log\nnpm-debug.log\n[\n', 'dockerignore');
      const report = await client.pull(uri);
      assert.deepEqual(report.kind === 'full' && report.items.map(({ code }) => code), [
        'repeated-pattern',
        'invalid-pattern',
      ]);
      assert.match(textOf(await client.hover(uri, { line: 1, character: 0 })), /ends with `\.log`/);
      const lenses = await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } });
      assert.deepEqual(lenses, []);
    } finally {
      client.dispose();
    }
  });
});
