import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from '../lsp/server.ts';
import { textOnlyHost } from '../lsp/textOnlyHost.ts';

startServer(createConnection(ProposedFeatures.all), textOnlyHost);
