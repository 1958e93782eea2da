import type { Connection, ConnectionOptions, InitializeParams } from 'vscode-languageserver';
import { capabilitiesFor } from './capabilities.ts';
import { type ClientProfile, profileOf } from './clientProfile.ts';
import { createGate } from './gate.ts';

/** Answers all but `initialize`. */
export type Serve = (connection: Connection, client: ClientProfile) => void;

/**
 * Serves one client until the connection ends. It replies to `initialize` by itself, so that an editor that starts need not wait for all that
 * `load` brings: until that is there, what the client sends is kept back. `handled` is called after each message.
 */
export function startServer(
  connect: (options: ConnectionOptions) => Connection,
  load: () => Promise<Serve>,
  handled?: () => void,
): void {
  const gate = createGate(handled);
  const connection = connect({ messageStrategy: gate });
  connection.onInitialize((params: InitializeParams) => {
    const client = profileOf(params);
    gate.closeUntil(async () => (await load())(connection, client));
    return { capabilities: capabilitiesFor(client), serverInfo: { name: 'Dockerfile Cache Lens' } };
  });
  connection.listen();
}
