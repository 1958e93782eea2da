import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { type Api, name, start, stop } from '../extension.ts';

export function activate(context: ExtensionContext): Promise<Api> {
  const module = context.asAbsolutePath('dist/server.js');
  const transport = TransportKind.ipc;
  // A third less memory for half a millisecond per keystroke; and one thread behind the server's own, as four of them take memory, and on a small
  // machine time from it. `npm run bench` measures with the same.
  const execArgv = ['--optimize-for-size', '--v8-pool-size=1'];
  const server = {
    run: { module, transport, options: { execArgv } },
    debug: { module, transport, options: { execArgv: ['--nolazy', '--inspect=6010'] } },
  };
  return start(context, (options) => new LanguageClient('cacheLens', name, server, options));
}

export const deactivate = stop;
