import type { InitializeParams } from 'vscode-languageserver';

/** What the client can do, and what it said of itself, in one flat record. */
export interface ClientProfile {
  readonly folders: readonly string[];
  readonly folderChanges: boolean;
  readonly pullDiagnostics: boolean;
  readonly refreshDiagnostics: boolean;
  readonly relatedInformation: boolean;
  readonly diagnosticTags: boolean;
  readonly codeDescription: boolean;
  /** Edits may name document versions, and create and rename files. */
  readonly documentChanges: boolean;
  readonly createFiles: boolean;
  readonly renameFiles: boolean;
  /** The client answers `workspace/configuration`. */
  readonly configuration: boolean;
  readonly registersConfiguration: boolean;
  readonly registersWatchers: boolean;
  readonly showDocument: boolean;
  readonly markdown: boolean;
  readonly options: InitializationOptions;
}

/** Our own `initializationOptions`; every one may be left out. */
export interface InitializationOptions {
  /** Settings as under `cacheLens.`, for clients that do not answer `workspace/configuration`. */
  readonly settings: unknown;
  /** False in an untrusted workspace: git is not run then. */
  readonly trusted: boolean;
  /** URI of the folder with the rules' pages, `<id>.md`. */
  readonly docs: string | undefined;
  /** The client shows `cacheLens/status` notifications. */
  readonly status: boolean;
  /** It runs its own commands from links in hovers. */
  readonly commands: boolean;
}

export function profileOf(params: InitializeParams): ClientProfile {
  const { workspace = {}, textDocument = {}, window = {} } = params.capabilities ?? {};
  const pull = textDocument.diagnostic;
  const details = pull ?? textDocument.publishDiagnostics;
  const rootUri = params.rootUri ? [params.rootUri] : [];
  const { documentChanges, resourceOperations } = workspace.workspaceEdit ?? {};
  return {
    folders: params.workspaceFolders?.map(({ uri }) => uri) ?? rootUri,
    folderChanges: workspace.workspaceFolders === true,
    pullDiagnostics: pull !== undefined,
    refreshDiagnostics: workspace.diagnostics?.refreshSupport === true,
    relatedInformation: details?.relatedInformation === true,
    diagnosticTags: details?.tagSupport !== undefined,
    codeDescription: details?.codeDescriptionSupport === true,
    documentChanges: documentChanges === true,
    createFiles: resourceOperations?.includes('create') === true,
    renameFiles: resourceOperations?.includes('rename') === true,
    configuration: workspace.configuration === true,
    registersConfiguration: workspace.didChangeConfiguration?.dynamicRegistration === true,
    registersWatchers: workspace.didChangeWatchedFiles?.dynamicRegistration === true,
    showDocument: window.showDocument?.support === true,
    markdown: textDocument.hover?.contentFormat?.includes('markdown') === true,
    options: optionsOf(params.initializationOptions),
  };
}

function optionsOf(value: unknown): InitializationOptions {
  const options = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return {
    settings: options.settings,
    trusted: options.trusted !== false,
    docs: typeof options.docs === 'string' ? options.docs.replace(/\/+$/, '') : undefined,
    status: options.status === true,
    commands: options.commands === true,
  };
}
