import {
  type Connection,
  type InitializeParams,
  type ServerCapabilities,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type ClientProfile, profileOf } from './clientProfile.ts';
import { codeActionKinds, provideCodeActions } from './codeActions.ts';
import { commands, provideCommands } from './commands.ts';
import { provideCompletion, triggerCharacters } from './completion.ts';
import { provideContextView } from './contextView.ts';
import { createDiagnostics } from './diagnostics.ts';
import { createAnalyses } from './documents.ts';
import { followDocuments, followFiles, followFolders, followSettings } from './follow.ts';
import type { Host } from './host.ts';
import { provideHover } from './hover.ts';
import { createIgnoreAnalyses } from './ignore/documents.ts';
import { provideIgnoreFiles } from './ignore/provide.ts';
import { provideLinks } from './links.ts';
import { createLog } from './log.ts';
import type { Session } from './session.ts';
import { createSettings } from './settings.ts';
import { createStatus } from './status.ts';
import { provideWhatIf } from './whatIf.ts';

/** Serves one client until the connection ends. */
export function startServer(connection: Connection, host: Host): void {
  const documents = new TextDocuments(TextDocument);
  connection.onInitialize((params: InitializeParams) => {
    const session = createSession(connection, host, documents, profileOf(params));
    provideHover(session);
    provideCompletion(session);
    provideLinks(session);
    provideCodeActions(session);
    provideCommands(session);
    provideWhatIf(session);
    provideIgnoreFiles(session);
    provideContextView(session);
    const diagnostics = createDiagnostics(session);
    followDocuments(session, diagnostics);
    host.start(session.client.folders, {
      factsChanged: (uris) => diagnostics.changed(uris),
      log: (message) => session.log.warn(message),
    });
    connection.onInitialized(() => {
      followSettings(session, diagnostics);
      followFolders(session, diagnostics);
      followFiles(session);
    });
    return { capabilities: capabilitiesFor(session.client), serverInfo: { name: 'Dockerfile Cache Lens' } };
  });
  connection.onShutdown(() => host.dispose());
  documents.listen(connection);
  connection.listen();
}

function createSession(
  connection: Connection,
  host: Host,
  documents: TextDocuments<TextDocument>,
  client: ClientProfile,
): Session {
  const log = createLog(connection);
  const settings = createSettings(connection, client, log);
  const status = createStatus({ connection, client, settings });
  documents.onDidClose(({ document }) => status.forget(document.uri));
  const analyses = createAnalyses(documents, host, settings, log, status.update);
  const ignores = createIgnoreAnalyses(documents, host, settings, log);
  return { connection, host, client, documents, settings, analyses, ignores, log };
}

const capabilitiesFor = ({ refreshDiagnostics, pullDiagnostics }: ClientProfile): ServerCapabilities => ({
  positionEncoding: 'utf-16',
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
  hoverProvider: true,
  foldingRangeProvider: true,
  documentHighlightProvider: true,
  codeLensProvider: {},
  documentLinkProvider: {},
  completionProvider: { triggerCharacters },
  codeActionProvider: { codeActionKinds },
  executeCommandProvider: { commands },
  // An ignore file changes the findings of its Dockerfiles: the server asks to pull them again, unless the client cannot be asked.
  ...(pullDiagnostics && {
    diagnosticProvider: { interFileDependencies: !refreshDiagnostics, workspaceDiagnostics: false },
  }),
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
});
