import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  type WorkspaceFolder,
} from 'vscode-languageserver';
import { kindOf } from './convert.ts';
import type { Diagnostics } from './diagnostics.ts';
import type { FileChange } from './host.ts';
import { watchIgnoreFile } from './ignore/provide.ts';
import type { Session } from './session.ts';

/** Notification of our own client: the user trusts the workspace from now on. */
export const trustMethod = 'cacheLens/trust';

/** Hands the settings in force for a Dockerfile to the host, which gathers its facts from then on. */
async function watch({ host, settings, documents, log }: Session, uri: string): Promise<void> {
  try {
    const config = await settings.load(uri);
    if (documents.get(uri)) host.watch(uri, config);
  } catch (error) {
    log.error('The facts of a Dockerfile are not gathered', error);
  }
}

/** Tells the host and the diagnostics what is open and what it holds. */
export function followDocuments(session: Session, diagnostics: Diagnostics): void {
  const { documents, host, analyses } = session;
  documents.onDidOpen(({ document }) => {
    if (kindOf(document) === 'dockerfile') void watch(session, document.uri);
    void watchIgnoreFile(session, document.uri);
  });
  documents.onDidChangeContent(({ document }) => {
    const kind = kindOf(document);
    if (!kind) return;
    host.setText(document.uri, document.getText());
    diagnostics.edited(document.uri);
  });
  documents.onDidClose(({ document: { uri } }) => {
    host.setText(uri, undefined);
    host.unwatch(uri);
    analyses.forget(uri);
    session.ignores.forget(uri);
    diagnostics.closed(uri);
  });
}

/** Settings and trust: either may change what every open Dockerfile's findings are. */
export function followSettings(session: Session, diagnostics: Diagnostics): void {
  const { connection, settings, client, log } = session;
  connection.onDidChangeConfiguration((change) => {
    settings.reset(change.settings);
    void reload(session, diagnostics);
  });
  connection.onNotification(trustMethod, () => {
    settings.setTrusted(true);
    void reload(session, diagnostics);
  });
  if (!client.registersConfiguration) return;
  connection.client
    .register(DidChangeConfigurationNotification.type, { section: 'cacheLens' })
    .catch((error) => log.error('Changed settings will not be noticed', error));
}

async function reload(session: Session, diagnostics: Diagnostics): Promise<void> {
  const uris = session.analyses.dockerfiles();
  const ignores = session.ignores.all();
  await Promise.all([
    ...uris.map((uri) => watch(session, uri)),
    ...ignores.map((uri) => watchIgnoreFile(session, uri)),
  ]);
  diagnostics.changed([...uris, ...ignores]);
}

export function followFolders(session: Session, diagnostics: Diagnostics): void {
  const { connection, client, host, settings } = session;
  if (!client.folderChanges) return;
  const uriOf = ({ uri }: WorkspaceFolder): string => uri;
  let { folders } = client;
  connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
    const gone = new Set(removed.map(uriOf));
    folders = [...folders.filter((uri) => !gone.has(uri)), ...added.map(uriOf)];
    settings.setFolders(folders);
    host.setFolders(folders);
    void reload(session, diagnostics);
  });
}

const types: Record<FileChangeType, FileChange['type']> = {
  [FileChangeType.Created]: 'created',
  [FileChangeType.Changed]: 'changed',
  [FileChangeType.Deleted]: 'deleted',
};

/** Any file of a context may matter; the host knows which do. A client that watches nothing at least says what it saves. */
export function followFiles({ connection, documents, client, host, log }: Session): void {
  connection.onDidChangeWatchedFiles(({ changes }) =>
    host.filesChanged(changes.map(({ uri, type }) => ({ uri, type: types[type] ?? 'changed' }))),
  );
  if (!client.registersWatchers) {
    documents.onDidSave(({ document: { uri } }) => host.filesChanged([{ uri, type: 'changed' }]));
    return;
  }
  connection.client
    .register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*' }] })
    .catch((error) => log.error('Changed files will not be noticed', error));
}
