import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { serve } from '../lsp/serve.ts';
import { startServer } from '../lsp/server.ts';
import { textOnlyHost } from './textOnlyHost.ts';

/** A web worker: messages of the extension come and go through it. */
declare const self: DedicatedWorkerGlobalScope;

startServer(
  (options) => createConnection(new BrowserMessageReader(self), new BrowserMessageWriter(self), options),
  async () => (connection, client) => serve(connection, client, textOnlyHost),
);
