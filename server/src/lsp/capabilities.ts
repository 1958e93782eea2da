import { CodeActionKind, type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver';
import type { ClientProfile } from './clientProfile.ts';

export const fixAllKind = `${CodeActionKind.SourceFixAll}.cacheLens`;

/** Opens a rule's page; its one argument is the rule's id. */
export const openRule = 'cacheLens.server.openRule';

/** What the server tells a client that it can do, before any of it is loaded. */
export const capabilitiesFor = ({ refreshDiagnostics, pullDiagnostics }: ClientProfile): ServerCapabilities => ({
  positionEncoding: 'utf-16',
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
  hoverProvider: true,
  foldingRangeProvider: true,
  documentHighlightProvider: true,
  codeLensProvider: {},
  documentLinkProvider: {},
  completionProvider: { triggerCharacters: ['/', '=', '"'] },
  codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind] },
  executeCommandProvider: { commands: [openRule] },
  // An ignore file changes the findings of its Dockerfiles: the server asks to pull them again, unless the client cannot be asked.
  ...(pullDiagnostics && {
    diagnosticProvider: { interFileDependencies: !refreshDiagnostics, workspaceDiagnostics: false },
  }),
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
});
