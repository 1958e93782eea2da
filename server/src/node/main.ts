import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from '../lsp/server.ts';
import { collectorOfGarbage, compileAtOnce, tuneEngine } from './engine.ts';

tuneEngine();
startServer(
  (options) => createConnection(ProposedFeatures.all, options),
  async () => {
    compileAtOnce();
    return (await import('./serve.ts')).serveHere;
  },
  collectorOfGarbage(),
);
