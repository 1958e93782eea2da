import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { defaultConfig } from '../../server/src/core/config.ts';
import { noFacts } from '../../server/src/core/workspace.ts';
import type { Host } from '../../server/src/lsp/host.ts';
import { nodeHost } from '../../server/src/node/host.ts';
import { makeTree, removeTrees } from './lib/tree.ts';

const config = { ...defaultConfig, history: false };

/** A host over a folder, and a way to wait for the next facts. */
function start(root: string) {
  const host = nodeHost();
  hosts.push(host);
  const waiting: ((uris: readonly string[]) => void)[] = [];
  const log: string[] = [];
  host.start([pathToFileURL(root).toString()], {
    factsChanged: (uris) => waiting.splice(0).forEach((resolve) => void resolve(uris)),
    log: (line) => log.push(line),
  });
  const next = (): Promise<readonly string[]> => new Promise((resolve) => waiting.push(resolve));
  return { host, next, log };
}

const hosts: Host[] = [];

describe('the host of the language server on disk', () => {
  afterEach(() => {
    for (const host of hosts.splice(0)) host.dispose();
    removeTrees();
  });

  it('speaks in the URIs of the client', async () => {
    const { root } = makeTree({ 'my app/Dockerfile': 'FROM a\nCOPY x y\n', 'my app/#1/ü.txt': '' });
    // VS Code escapes more than Node does.
    const uri = `${pathToFileURL(root)}/my%20app/%44ockerfile`;
    const { host, next } = start(root);
    assert.equal(host.facts(uri), noFacts);
    host.watch(uri, config);
    assert.deepEqual(await next(), [uri]);
    assert.equal(host.facts(uri).context?.dockerfile, 'Dockerfile');
    assert.equal(host.uriOf(uri, '#1/ü.txt'), `${pathToFileURL(root)}/my%20app/%231/%C3%BC.txt`);
    host.unwatch(uri);
    assert.equal(host.facts(uri), noFacts);
    assert.equal(host.uriOf(uri, 'x'), undefined);
  });

  it('gives URIs of a context that lies above the Dockerfile', async () => {
    const { root } = makeTree({ 'docker/Dockerfile': 'FROM a\nCOPY go.mod .\n', 'go.mod': '' });
    const uri = `${pathToFileURL(root)}/docker/Dockerfile`;
    const { host, next } = start(root);
    host.watch(uri, config);
    await next();
    assert.equal(host.uriOf(uri, 'go.mod'), `${pathToFileURL(root)}/go.mod`);
  });

  it('knows nothing of documents that are no files', async () => {
    const { host, log } = start(makeTree({}).root);
    for (const uri of ['untitled:Untitled-1', 'vscode-vfs://github/a/b/Dockerfile', 'file://%ZZ', 'Dockerfile']) {
      host.watch(uri, config);
      host.setText(uri, 'FROM a');
      assert.equal(host.facts(uri), noFacts);
      assert.equal(host.uriOf(uri, 'x'), undefined);
      host.unwatch(uri);
    }
    assert.deepEqual([host.reads, log], [0, []]);
  });

  it('follows changes on disk, and reads nothing at a keystroke', async () => {
    const tree = makeTree({ Dockerfile: 'FROM a\nCOPY . .\n' });
    const uri = `${pathToFileURL(tree.root)}/Dockerfile`;
    const { host, next } = start(tree.root);
    host.watch(uri, config);
    await next();
    tree.write('new.txt', '');
    host.filesChanged([{ uri: `${pathToFileURL(tree.root)}/new.txt`, type: 'created' }]);
    await next();
    assert.equal(host.facts(uri).context?.get('new.txt')?.type, 'file');
    const { reads } = host;
    const facts = host.facts(uri);
    for (const text of ['FROM b', 'FROM bc', 'FROM bcd\nCOPY nothing .']) host.setText(uri, text);
    await wait(100);
    assert.equal(host.reads, reads);
    assert.equal(host.facts(uri), facts);
  });
});
