import { type CancellationToken, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { kindOf } from '../convert.ts';
import type { DocumentParams, Handler, Session } from '../session.ts';
import type { AnalysedIgnore } from './documents.ts';

export interface PositionParams extends DocumentParams {
  readonly position: { readonly line: number; readonly character: number };
}

/** A request handler for one ignore file, as `onDockerfile` is for a Dockerfile. */
export function onIgnoreFile<P extends DocumentParams, R>(
  session: Session,
  fallback: R,
  handler: (analysed: AnalysedIgnore, params: P) => R,
): Handler<P, R> {
  return async (params, token) => {
    const cancelled = () => new ResponseError<never>(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
    if (token.isCancellationRequested) return cancelled();
    try {
      const { uri } = params.textDocument;
      if (!session.settings.get(uri)) await session.settings.load(uri);
      const analysed = token.isCancellationRequested ? undefined : await session.ignores.load(uri);
      if (token.isCancellationRequested) return cancelled();
      return analysed ? handler(analysed, params) : fallback;
    } catch (error) {
      session.log.error('A request failed', error);
      return fallback;
    }
  };
}

/** One handler for both kinds of documents. */
export const byKind =
  <P extends DocumentParams, R>(session: Session, dockerfile: Handler<P, R>, ignoreFile: Handler<P, R>) =>
  (params: P, token: CancellationToken): Promise<R | ResponseError<never>> => {
    const document = session.documents.get(params.textDocument.uri);
    return (document && kindOf(document) === 'ignore' ? ignoreFile : dockerfile)(params, token);
  };
