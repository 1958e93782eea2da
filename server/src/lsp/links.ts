import type { DocumentLink } from 'vscode-languageserver';
import { linksIn } from '../core/links.ts';
import { rangeOf } from './convert.ts';
import { ignoreLinks } from './ignore/links.ts';
import { byKind } from './ignore/request.ts';
import { onDockerfile, type Session } from './session.ts';

export function provideLinks(session: Session): void {
  const inDockerfile = onDockerfile(session, [], ({ document, analysis }): DocumentLink[] =>
    linksIn(analysis).flatMap(({ span, path }) => {
      const target = session.host.uriOf(document.uri, path);
      return target ? [{ range: rangeOf(document, span), target, tooltip: `Open ${path}` }] : [];
    }),
  );
  session.connection.onDocumentLinks(byKind(session, inDockerfile, ignoreLinks(session)));
}
