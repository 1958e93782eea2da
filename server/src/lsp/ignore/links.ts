import type { DocumentLink } from 'vscode-languageserver';
import { indexOf } from '../../core/context/listing.ts';
import { isLiteral } from '../../core/context/relations.ts';
import { rangeOf } from '../convert.ts';
import type { Session } from '../session.ts';
import { onIgnoreFile } from './request.ts';

/** Patterns that name one file that is there. Folders cannot be opened. */
export const ignoreLinks = (session: Session) =>
  onIgnoreFile(session, [], ({ analysis, document }): DocumentLink[] => {
    const { folder } = analysis.facts;
    if (!folder) return [];
    return analysis.file.patterns.flatMap(({ span, negated, ...pattern }) => {
      const entry = isLiteral({ ...pattern, negated })
        ? folder.listing[indexOf(folder.listing, pattern.cleaned)]
        : undefined;
      const target = entry?.type === 'file' ? session.host.uriOf(document.uri, entry.path, folder.root) : undefined;
      const range = rangeOf(document, { start: span.start + (negated ? 1 : 0), end: span.end });
      return target ? [{ range, target, tooltip: `Open ${entry?.path}` }] : [];
    });
  });
