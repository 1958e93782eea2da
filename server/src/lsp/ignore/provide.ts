import { kindOf } from '../convert.ts';
import type { Session } from '../session.ts';
import { ignoreLenses } from './codeLens.ts';
import { ignoreFoldings } from './folding.ts';
import { ignoreHighlights } from './highlights.ts';

/** What ignore files have and Dockerfiles have not. */
export function provideIgnoreFiles(session: Session): void {
  const { connection } = session;
  connection.onFoldingRanges(ignoreFoldings(session));
  connection.onDocumentHighlight(ignoreHighlights(session));
  connection.onCodeLens(ignoreLenses(session));
}

/** Gathers the facts of an ignore file, and keeps them current. */
export async function watchIgnoreFile({ host, settings, documents, log }: Session, uri: string): Promise<void> {
  try {
    const config = await settings.load(uri);
    const document = documents.get(uri);
    if (document && kindOf(document) === 'ignore') host.watchIgnore(uri, config);
  } catch (error) {
    log.error('The facts of an ignore file are not gathered', error);
  }
}
