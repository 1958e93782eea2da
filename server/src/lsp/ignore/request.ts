import type { CancellationToken, ResponseError } from 'vscode-languageserver';
import { kindOf } from '../convert.ts';
import { type DocumentParams, type Handler, onDocument, type Session } from '../session.ts';
import type { AnalysedIgnore } from './documents.ts';

export interface PositionParams extends DocumentParams {
  readonly position: { readonly line: number; readonly character: number };
}

/** A request handler for one ignore file, as `onDockerfile` is for a Dockerfile. */
export const onIgnoreFile = <P extends DocumentParams, R>(
  session: Session,
  fallback: R,
  handler: (analysed: AnalysedIgnore, params: P) => R,
): Handler<P, R> => onDocument(session, fallback, (uri) => session.ignores.load(uri), handler);

/** One handler for both kinds of documents. */
export const byKind =
  <P extends DocumentParams, R>(session: Session, dockerfile: Handler<P, R>, ignoreFile: Handler<P, R>) =>
  (params: P, token: CancellationToken): Promise<R | ResponseError<never>> => {
    const document = session.documents.get(params.textDocument.uri);
    return (document && kindOf(document) === 'ignore' ? ignoreFile : dockerfile)(params, token);
  };
