import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ApplyWorkspaceEditRequest, type WorkspaceEdit } from 'vscode-languageserver/node';
import { textOnlyHost } from '../../server/src/browser/textOnlyHost.ts';
import { noFacts } from '../../server/src/core/workspace.ts';
import {
  type ContextAnswer,
  candidatesMethod,
  contextMethod,
  excludeMethod,
} from '../../server/src/lsp/contextView.ts';
import type { Candidates, Host } from '../../server/src/lsp/host.ts';
import { nodeHost } from '../../server/src/node/host.ts';
import { connect, type TestClient, until } from './lib/client.ts';

describe('the build context, asked by the editor', () => {
  let folder: string;
  let host: Host;
  let client: TestClient;
  let edits: WorkspaceEdit[];
  const uriOf = (name: string): string => pathToFileURL(path.join(folder, name)).toString();
  const write = (name: string, text: string): void => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  };
  const show = (name = 'Dockerfile', inside?: string): Promise<ContextAnswer | null> =>
    client.connection.sendRequest(contextMethod, { uri: uriOf(name), folder: inside });
  const exclude = (what: string, name = 'Dockerfile'): Promise<string | null> =>
    client.connection.sendRequest(excludeMethod, { uri: uriOf(name), path: what });
  const brief = (answer: ContextAnswer | null): string[] | undefined =>
    answer?.items.map(({ path: name, files, bytes }) => `${name} ${files} ${bytes}`);

  const start = async (on: Host = nodeHost()): Promise<void> => {
    host = on;
    edits = [];
    client = await connect(host, { folders: [pathToFileURL(folder).toString()] });
    client.connection.onRequest(ApplyWorkspaceEditRequest.type, ({ edit }) => {
      edits.push(edit);
      return { applied: true };
    });
  };

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'cache lens ü-')));
    write('Dockerfile', 'FROM a\nCOPY src/a.ts .\nCOPY . .\n');
    write('.dockerignore', 'notes\n');
    write('src/a.ts', '12345');
    write('src/deep/b #1.ts', '123');
    write('big', 'x'.repeat(100));
    write('notes/plan.md', '1234');
  });

  afterEach(() => {
    host.dispose();
    client.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is listed folder by folder, biggest first, with what is left out', async () => {
    await start();
    const answer = await show();
    assert.deepEqual(brief(answer), ['big 1 100', 'Dockerfile 1 32', 'src 2 8', '.dockerignore 1 6']);
    const { root, reason, ignoreFile, files, bytes, excluded, more, message } = answer ?? {};
    assert.deepEqual([root, reason, ignoreFile], [folder, "the Dockerfile's folder", '.dockerignore']);
    assert.deepEqual([files, bytes, excluded, more, message], [5, 146, { files: 1, bytes: 4 }, 0, null]);
    assert.deepEqual(brief(await show('Dockerfile', 'src')), ['src/a.ts 1 5', 'src/deep 1 3']);
    const deep = await show('Dockerfile', 'src/deep');
    assert.equal(deep?.items[0]?.uri, uriOf('src/deep/b #1.ts'));
    assert.deepEqual(brief(await show('Dockerfile', 'nowhere')), []);
  });

  it('is that of an ignore file, with a Dockerfile or without', async () => {
    await start();
    assert.equal((await show('.dockerignore'))?.reason, "the ignore file's folder");
    write('only/.dockerignore', 'x\n');
    write('only/x', '');
    assert.deepEqual(brief(await show('only/.dockerignore')), ['.dockerignore 1 2']);
    write('docker/app.Dockerfile', 'FROM a\nCOPY big .\n');
    write('docker/app.Dockerfile.dockerignore', 'src\n');
    const own = await show('docker/app.Dockerfile.dockerignore');
    assert.deepEqual([own?.root, own?.ignoreFile], [folder, 'docker/app.Dockerfile.dockerignore']);
    await client.open(uriOf('docker/api/Dockerfile'), 'FROM a\nCOPY big src ./\n');
    await client.pull(uriOf('docker/api/Dockerfile'));
    await until(() => host.facts(uriOf('docker/api/Dockerfile')) !== noFacts, 'facts');
    assert.match((await show('.dockerignore'))?.reason ?? '', /^the nearest folder that has all/);
  });

  it('is that of the unsaved ignore file', async () => {
    await start();
    await show();
    await client.open(uriOf('.dockerignore'), 'src\nbig\n', 'dockerignore');
    assert.deepEqual(brief(await show()), ['Dockerfile 1 32', '.dockerignore 1 6', 'notes 1 4']);
  });

  it('says what the builder refuses', async () => {
    write('.dockerignore', '[a\n');
    await start();
    assert.match((await show())?.message ?? '', /^The builder refuses the pattern \[a: /);
  });

  it('leaves out a path by an edit of the ignore file', async () => {
    await start();
    assert.equal(await exclude('src/deep/b #1.ts'), null);
    assert.deepEqual(edits, [
      {
        documentChanges: [
          {
            textDocument: { uri: uriOf('.dockerignore'), version: null },
            edits: [
              {
                range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } },
                newText: 'src/deep/b #1.ts\n',
              },
            ],
          },
        ],
      },
    ]);
    await client.open(uriOf('.dockerignore'), '!src\r\nx', 'dockerignore');
    assert.equal(await exclude('src/deep'), null);
    const [change] = edits.at(-1)?.documentChanges ?? [];
    assert.deepEqual(change, {
      textDocument: { uri: uriOf('.dockerignore'), version: 1 },
      edits: [
        { range: { start: { line: 1, character: 1 }, end: { line: 1, character: 1 } }, newText: '\r\nsrc/deep\r\n' },
      ],
    });
  });

  it('makes an ignore file where there is none, and a pattern of any name', async () => {
    rmSync(path.join(folder, '.dockerignore'));
    for (const name of ['#a', '!b', 'c[1]*']) write(name, 'x');
    await start();
    const added = async (name: string): Promise<unknown[]> => {
      assert.equal(await exclude(name), null);
      return (edits.at(-1)?.documentChanges ?? []).map((change) => ('edits' in change ? change.edits[0] : change));
    };
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    const create = { kind: 'create', uri: uriOf('.dockerignore'), options: { ignoreIfExists: true } };
    assert.deepEqual(await added('#a'), [create, { range, newText: '/#a\n' }]);
    assert.deepEqual(await added('!b'), [create, { range, newText: '\\!b\n' }]);
    assert.deepEqual(await added('c[1]*'), [create, { range, newText: 'c\\[1]\\*\n' }]);
  });

  it('keeps what the Dockerfile names, and says what it cannot do', async () => {
    await start();
    for (const what of ['src', 'src/a.ts'])
      assert.equal(await exclude(what), 'The Dockerfile copies src/a.ts: without it the build fails.');
    assert.equal(await exclude('notes'), 'notes does not enter the build.');
    assert.equal(await exclude('../x'), '../x does not enter the build.');
    client.connection.onRequest(ApplyWorkspaceEditRequest.type, () => ({ applied: false }));
    assert.equal(await exclude('big'), 'The ignore file was not changed.');
    assert.equal(edits.length, 0);
  });

  it('may be chosen', async () => {
    write('compose.yaml', 'services: { a: { build: { context: src, dockerfile: ../Dockerfile } } }');
    await start();
    const found: Candidates | null = await client.connection.sendRequest(candidatesMethod, {
      uri: uriOf('Dockerfile'),
    });
    assert.equal(found?.name, 'Dockerfile');
    assert.deepEqual(found?.contexts[0], { value: 'src', reason: 'build.context of service a in compose.yaml' });
    assert.deepEqual(
      found?.contexts.map(({ value }) => value),
      ['src', '.'],
    );
  });

  it('is named by the hover on the first line, with commands where the client runs them', async () => {
    const text = '# syntax=docker/dockerfile:1\nFROM a\nCOPY . .\nFROM b\n';
    const hovers = async (initializationOptions: unknown) => {
      host = nodeHost();
      client = await connect(host, { folders: [pathToFileURL(folder).toString()], initializationOptions });
      await client.open(uriOf('Dockerfile'), text);
      await until(() => host.facts(uriOf('Dockerfile')) !== noFacts, 'facts');
      const at = async (line: number): Promise<string> => {
        const hover = await client.hover(uriOf('Dockerfile'), { line, character: 3 });
        return (hover?.contents as { value: string } | undefined)?.value ?? '';
      };
      return [await at(0), await at(1), await at(3)];
    };
    const [first = '', from = '', second = ''] = await hovers({ commands: true });
    for (const each of [first, from]) {
      assert.match(
        each,
        /The build context is `.*` \(the Dockerfile's folder\): 5 files, 146 B after `\.dockerignore`\./,
      );
      assert.match(each, /\(command:cacheLens\.chooseContext\)$/);
    }
    assert.doesNotMatch(second, /context/);
    client.dispose();
    host.dispose();
    assert.doesNotMatch((await hovers({})).join(), /command:/);
  });

  it('is not known of what is no file, and of questions that are none', async () => {
    await start();
    for (const params of [null, {}, { uri: 7 }, { uri: 'untitled:a' }, { uri: uriOf('nowhere/Dockerfile') }])
      for (const method of [contextMethod, candidatesMethod])
        if (!(method === candidatesMethod && JSON.stringify(params).includes('nowhere')))
          assert.equal(await client.connection.sendRequest(method, params), null);
    assert.equal(await exclude('x', 'nowhere/Dockerfile'), 'The build context cannot be read here.');
    client.dispose();
    await start(textOnlyHost);
    assert.equal(await show(), null);
  });
});
