import { type Connection, TextDocuments } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { ClientProfile } from './clientProfile.ts';
import { provideCodeActions } from './codeActions.ts';
import { provideCommands } from './commands.ts';
import { provideCompletion } from './completion.ts';
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

/** Answers a client whose `initialize` has been answered: wiring only. */
export function serve(connection: Connection, client: ClientProfile, host: Host): void {
  const session = createSession(connection, client, host);
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
  host.start(client.folders, {
    factsChanged: (uris) => diagnostics.changed(uris),
    log: (message) => session.log.warn(message),
  });
  connection.onInitialized(() => {
    followSettings(session, diagnostics);
    followFolders(session, diagnostics);
    followFiles(session);
  });
  connection.onShutdown(() => host.dispose());
  session.documents.listen(connection);
}

function createSession(connection: Connection, client: ClientProfile, host: Host): Session {
  const documents = new TextDocuments(TextDocument);
  const log = createLog(connection);
  const settings = createSettings(connection, client, log);
  const status = createStatus({ connection, client, settings });
  documents.onDidClose(({ document }) => status.forget(document.uri));
  const analyses = createAnalyses(documents, host, settings, log, status.update);
  const ignores = createIgnoreAnalyses(documents, host, settings, log);
  return { connection, host, client, documents, settings, analyses, ignores, log };
}
