import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { type Api, name, start, stop } from '../extension.ts';
import { serverFlags } from './serverFlags.ts';

export function activate(context: ExtensionContext): Promise<Api> {
  const module = context.asAbsolutePath('dist/server.js');
  const transport = TransportKind.ipc;
  const execArgv = [...serverFlags];
  const server = {
    run: { module, transport, options: { execArgv } },
    debug: { module, transport, options: { execArgv: ['--nolazy', '--inspect=6010'] } },
  };
  return start(context, (options) => new LanguageClient('cacheLens', name, server, options));
}

export const deactivate = stop;
