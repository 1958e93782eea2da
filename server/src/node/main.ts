import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from '../lsp/server.ts';

startServer(
  (options) => createConnection(ProposedFeatures.all, options),
  async () => (await import('./serve.ts')).serveHere,
);
