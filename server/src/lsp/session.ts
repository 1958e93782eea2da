import type { CancellationToken, Connection, TextDocuments } from 'vscode-languageserver';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { ClientProfile } from './clientProfile.ts';
import type { Analysed, Analyses } from './documents.ts';
import type { Host } from './host.ts';
import type { IgnoreAnalyses } from './ignore/documents.ts';
import type { Log } from './log.ts';
import type { Settings } from './settings.ts';

/** What every capability works with. */
export interface Session {
  readonly connection: Connection;
  readonly host: Host;
  readonly client: ClientProfile;
  readonly documents: TextDocuments<TextDocument>;
  readonly settings: Settings;
  readonly analyses: Analyses;
  readonly ignores: IgnoreAnalyses;
  readonly log: Log;
}

export interface DocumentParams {
  readonly textDocument: { readonly uri: string };
}

export type Handler<P, R> = (params: P, token: CancellationToken) => Promise<R | ResponseError<never>>;

/**
 * A request handler for one document, which `load` analyses. It answers `fallback` for any other document and when `handler` fails, because a
 * client may stop asking after one error.
 */
export function onDocument<A, P extends DocumentParams, R>(
  session: Session,
  fallback: R,
  load: (uri: string) => A | undefined | Promise<A | undefined>,
  handler: (analysed: A, params: P) => R,
): Handler<P, R> {
  return async (params, token) => {
    const cancelled = () => new ResponseError<never>(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
    if (token.isCancellationRequested) return cancelled();
    try {
      const { uri } = params.textDocument;
      if (!session.settings.get(uri)) await session.settings.load(uri);
      const analysed = token.isCancellationRequested ? undefined : await load(uri);
      if (token.isCancellationRequested) return cancelled();
      return analysed ? handler(analysed, params) : fallback;
    } catch (error) {
      session.log.error('A request failed', error);
      return fallback;
    }
  };
}

/** For one Dockerfile. The analysis itself is synchronous: a cancelled request is caught before it, while it still waits in the queue. */
export const onDockerfile = <P extends DocumentParams, R>(
  session: Session,
  fallback: R,
  handler: (analysed: Analysed, params: P) => R,
): Handler<P, R> => onDocument(session, fallback, (uri) => session.analyses.get(uri), handler);
