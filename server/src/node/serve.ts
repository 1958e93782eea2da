import { serve } from '../lsp/serve.ts';
import type { Serve } from '../lsp/server.ts';
import { nodeHost } from './host.ts';

/** A file of its own beside the server's (scripts/build.mjs): most of the code, and none of it is needed to reply to `initialize`. */
export const serveHere: Serve = (connection, client) => serve(connection, client, nodeHost());
