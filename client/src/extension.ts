import * as vscode from 'vscode';
import {
  type BaseLanguageClient,
  type LanguageClientOptions,
  RevealOutputChannelOn,
  State,
} from 'vscode-languageclient';
import { documentSelector } from './documents.ts';
import { type DocumentStatus, statusMethod, trustMethod } from './protocol.ts';
import { createStatusItem, type StatusItem } from './statusItem.ts';
import { type ContextView, createContextView } from './views/context.ts';
import { createWhatIf, type WhatIf } from './views/whatIf.ts';

type ShowDocumentMiddleware = NonNullable<NonNullable<LanguageClientOptions['middleware']>['window']>['showDocument'];

export const name = 'Dockerfile Cache Lens';

/** What the extension exports. */
export interface Api {
  readonly whatIf: Pick<WhatIf, 'touched' | 'items' | 'show' | 'shown'>;
  readonly context: Pick<ContextView, 'contents' | 'shown' | 'exclude'>;
}

let running: BaseLanguageClient | undefined;

/** Starts the server and what shows its answers. `create` knows how this host reaches a server. */
export async function start(
  context: vscode.ExtensionContext,
  create: (options: LanguageClientOptions) => BaseLanguageClient,
): Promise<Api> {
  const outputChannel = vscode.window.createOutputChannel(name, { log: true });
  const status = createStatusItem();
  const client = create(clientOptions(context, outputChannel));
  running = client;
  const whatIf = createWhatIf(client);
  const view = createContextView(client);
  context.subscriptions.push(
    outputChannel,
    status,
    whatIf,
    view,
    client.onDidChangeState(({ newState }) => showState(status, newState)),
    client.onNotification(statusMethod, (update: DocumentStatus) => {
      status.update(update);
      view.changed(update.uri);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => status.forget(uri)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => client.sendNotification(trustMethod)),
    vscode.commands.registerCommand('cacheLens.showLog', () => outputChannel.show(true)),
    vscode.commands.registerCommand('cacheLens.restartServer', () => restart(client)),
  );
  await client.start();
  return { whatIf, context: view };
}

export const stop = async (): Promise<void> => running?.stop();

function clientOptions(
  context: vscode.ExtensionContext,
  outputChannel: vscode.LogOutputChannel,
): LanguageClientOptions {
  return {
    documentSelector: documentSelector(),
    outputChannel,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    // Asked again at each restart.
    initializationOptions: () => ({
      trusted: vscode.workspace.isTrusted,
      docs: vscode.Uri.joinPath(context.extensionUri, 'docs', 'rules').toString(),
      status: true,
      commands: true,
    }),
    markdown: { isTrusted: { enabledCommands: ['cacheLens.showContext', 'cacheLens.chooseContext'] } },
    middleware: { window: { showDocument: showPage } },
  };
}

function showState(status: StatusItem, state: State): void {
  if (state === State.Starting) status.starting();
  else if (state === State.Running) status.running();
  else status.stopped();
}

async function restart(client: BaseLanguageClient): Promise<void> {
  if (client.needsStop()) await client.stop();
  await client.start();
}

/** A rule's page is Markdown: people want to read it, not its source. */
const showPage: ShowDocumentMiddleware = async (params, token, next) => {
  if (!params.uri.endsWith('.md')) return next(params, token);
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.parse(params.uri));
  return { success: true };
};
