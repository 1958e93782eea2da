import assert from 'node:assert/strict';
import type { Message } from 'vscode-languageserver';
import { createGate } from '../../server/src/lsp/gate.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A promise and what resolves it. */
function deferred() {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A gate that `initialize` closes, and what passed it so far. */
function gateOf(load: () => Promise<void>, reply: () => Promise<void> = async () => {}) {
  const gate = createGate();
  const passed: string[] = [];
  const send = (method: string): void => {
    const message: Message & { method: string } = { jsonrpc: '2.0', method };
    void gate.handleMessage(message, async () => {
      passed.push(method);
      if (method !== 'initialize') return;
      gate.closeUntil(load);
      await reply();
    });
  };
  return { send, passed };
}

describe('the gate of messages', () => {
  it('lets through what comes before it is closed', () => {
    const { send, passed } = gateOf(async () => {});
    send('exit');
    assert.deepEqual(passed, ['exit']);
  });

  it('keeps back all that comes while it is closed, and lets it through in its order', async () => {
    const loaded = deferred();
    const { send, passed } = gateOf(() => loaded.promise);
    const rest = ['initialized', 'textDocument/didOpen', 'textDocument/hover', '$/cancelRequest', 'shutdown', 'exit'];
    for (const method of ['initialize', ...rest.slice(0, 3)]) send(method);
    await turn();
    for (const method of rest.slice(3)) send(method);
    assert.deepEqual(passed, ['initialize']);
    loaded.resolve();
    await turn();
    assert.deepEqual(passed, ['initialize', ...rest]);
    send('late');
    assert.equal(passed.at(-1), 'late');
  });

  it('has the rest loaded once the reply is written', async () => {
    let loads = 0;
    const written = deferred();
    const { send } = gateOf(
      async () => void loads++,
      () => written.promise,
    );
    send('initialize');
    await turn();
    assert.equal(loads, 0);
    written.resolve();
    await turn();
    assert.equal(loads, 1);
  });

  it('does not wait for that when a message comes sooner', async () => {
    let loads = 0;
    const { send, passed } = gateOf(
      async () => void loads++,
      () => new Promise(() => {}),
    );
    send('initialize');
    send('initialized');
    send('shutdown');
    assert.equal(loads, 1);
    await turn();
    assert.deepEqual(passed, ['initialize', 'initialized', 'shutdown']);
    assert.equal(loads, 1);
  });
});
