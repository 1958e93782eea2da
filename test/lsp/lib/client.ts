import { PassThrough } from 'node:stream';
import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionRequest,
  ConfigurationRequest,
  createConnection,
  createProtocolConnection,
  DiagnosticRefreshRequest,
  DidChangeConfigurationNotification,
  DidChangeTextDocumentNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  type DocumentDiagnosticReport,
  DocumentDiagnosticRequest,
  type Hover,
  HoverRequest,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  LogMessageNotification,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  type Range,
  type Registration,
  RegistrationRequest,
  ShowDocumentRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node';
import type { Host } from '../../../server/src/lsp/host.ts';
import { serve } from '../../../server/src/lsp/serve.ts';
import { startServer } from '../../../server/src/lsp/server.ts';
import { onlyRule } from './onlyRule.ts';

/** A client in this process, connected to a server of its own by streams, as an editor would be by pipes. */
export interface TestClient {
  readonly connection: ProtocolConnection;
  readonly initialized: InitializeResult;
  /** The section `cacheLens` per scope URI ('' without one), as `workspace/configuration` is answered; `onlyRule` where it is not set. */
  readonly settings: Map<string, unknown>;
  readonly received: {
    readonly published: PublishDiagnosticsParams[];
    readonly logs: string[];
    readonly registrations: Registration[];
    readonly shown: string[];
    readonly statuses: unknown[];
    readonly configurationScopes: (string | undefined)[];
    refreshes: number;
  };
  open(uri: string, text: string, languageId?: string): Promise<void>;
  change(uri: string, version: number, changes: TextDocumentContentChangeEvent[]): Promise<void>;
  close(uri: string): Promise<void>;
  pull(uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport>;
  hover(uri: string, position: Position): Promise<Hover | null>;
  actions(uri: string, range: Range, only?: string[]): Promise<CodeAction[]>;
  configure(settings: unknown): Promise<void>;
  dispose(): void;
}

/** What VS Code can do, as far as it matters here. */
export const capable: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeConfiguration: { dynamicRegistration: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    diagnostics: { refreshSupport: true },
    workspaceEdit: { documentChanges: true, resourceOperations: ['create', 'rename'] },
  },
  textDocument: {
    diagnostic: { relatedInformation: true, tagSupport: { valueSet: [1, 2] }, codeDescriptionSupport: true },
    hover: { contentFormat: ['markdown', 'plaintext'] },
  },
  window: { showDocument: { support: true } },
};

export interface ConnectOptions {
  readonly capabilities?: ClientCapabilities;
  readonly initializationOptions?: unknown;
  readonly folders?: readonly string[];
}

export async function connect(host: Host, options: ConnectOptions = {}): Promise<TestClient> {
  const toServer = new PassThrough();
  const toClient = new PassThrough();
  startServer(
    (how) => createConnection(new StreamMessageReader(toServer), new StreamMessageWriter(toClient), how),
    async () => (connection, client) => serve(connection, client, host),
  );
  const connection = createProtocolConnection(new StreamMessageReader(toClient), new StreamMessageWriter(toServer));
  const settings: TestClient['settings'] = new Map();
  const received = listen(connection, settings);
  connection.listen();
  const initialized = await connection.sendRequest(InitializeRequest.type, {
    processId: null,
    rootUri: null,
    workspaceFolders: (options.folders ?? ['file:///w']).map((uri) => ({ uri, name: uri })),
    capabilities: options.capabilities ?? capable,
    initializationOptions: options.initializationOptions ?? { settings: onlyRule() },
  });
  await connection.sendNotification(InitializedNotification.type, {});
  const dispose = () => {
    connection.dispose();
    toServer.destroy();
    toClient.destroy();
  };
  return { connection, initialized, settings, received, dispose, ...requests(connection) };
}

function listen(connection: ProtocolConnection, settings: TestClient['settings']): TestClient['received'] {
  const received: TestClient['received'] = {
    published: [],
    logs: [],
    registrations: [],
    shown: [],
    statuses: [],
    configurationScopes: [],
    refreshes: 0,
  };
  connection.onNotification(PublishDiagnosticsNotification.type, (params) => void received.published.push(params));
  connection.onNotification(LogMessageNotification.type, ({ message }) => void received.logs.push(message));
  connection.onNotification('cacheLens/status', (status) => void received.statuses.push(status));
  connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
    received.registrations.push(...registrations);
  });
  connection.onRequest(DiagnosticRefreshRequest.type, () => {
    received.refreshes++;
  });
  connection.onRequest(ShowDocumentRequest.type, ({ uri }) => {
    received.shown.push(uri);
    return { success: true };
  });
  connection.onRequest(ConfigurationRequest.type, ({ items }) =>
    items.map(({ scopeUri }) => {
      received.configurationScopes.push(scopeUri);
      return settings.get(scopeUri ?? '') ?? onlyRule();
    }),
  );
  return received;
}

const requests = (
  connection: ProtocolConnection,
): Omit<TestClient, 'connection' | 'initialized' | 'settings' | 'received' | 'dispose'> => ({
  open: (uri, text, languageId = 'dockerfile') =>
    connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId, version: 1, text },
    }),
  change: (uri, version, contentChanges) =>
    connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges,
    }),
  close: (uri) => connection.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } }),
  pull: (uri, previousResultId) =>
    connection.sendRequest(DocumentDiagnosticRequest.type, {
      textDocument: { uri },
      ...(previousResultId !== undefined && { previousResultId }),
    }),
  hover: (uri, position) => connection.sendRequest(HoverRequest.type, { textDocument: { uri }, position }),
  actions: async (uri, range, only) =>
    ((await connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri },
      range,
      context: { diagnostics: [], ...(only && { only }) },
    })) ?? []) as CodeAction[],
  configure: (settings) => connection.sendNotification(DidChangeConfigurationNotification.type, { settings }),
});

/** Waits until `condition` holds. @throws Error after ten seconds: machines that run tests are busy at times. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
