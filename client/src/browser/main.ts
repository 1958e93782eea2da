import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { name, start, stop } from '../extension.ts';

export function activate(context: ExtensionContext): Promise<void> {
  const url = Uri.joinPath(context.extensionUri, 'dist/browser/server.js').toString(true);
  // A new worker at each start, so that the server can be restarted.
  const server = async (): Promise<Worker> => new Worker(url);
  return start(context, (options) => new LanguageClient('cacheLens', name, server, options));
}

export const deactivate = stop;
