import { type ExtensionContext, Uri } from 'vscode';
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  LanguageClient,
  type MessageTransports,
} from 'vscode-languageclient/browser';
import { type Api, name, start, stop } from '../extension.ts';

export function activate(context: ExtensionContext): Promise<Api> {
  const url = Uri.joinPath(context.extensionUri, 'dist/browser/server.js').toString(true);
  // A new worker at each start, so that the server can be restarted. Its transports are made here, because the library knows a
  // worker by its class, and VS Code's extension host makes workers of another one.
  const server = async (): Promise<MessageTransports> => {
    const worker = new Worker(url);
    return { reader: new BrowserMessageReader(worker), writer: new BrowserMessageWriter(worker) };
  };
  return start(context, (options) => new LanguageClient('cacheLens', name, server, options));
}

export const deactivate = stop;
