import { type DocumentHighlight, DocumentHighlightKind } from 'vscode-languageserver';
import { mayMeet } from '../../core/context/relations.ts';
import { touches } from '../../core/syntax/span.ts';
import { rangeOf } from '../convert.ts';
import type { Session } from '../session.ts';
import { onIgnoreFile, type PositionParams } from './request.ts';

const mostPatterns = 1000;

/** The pattern under the cursor, and those that may decide for the same paths: exceptions are marked as writes. */
export const ignoreHighlights = (session: Session) =>
  onIgnoreFile(session, null, ({ analysis, document }, { position }: PositionParams): DocumentHighlight[] | null => {
    const { patterns } = analysis.file;
    const offset = document.offsetAt(position);
    const here = patterns.find(({ span }) => touches(span, offset));
    if (!here || patterns.length > mostPatterns) return null;
    const kind = (negated: boolean) => (negated ? DocumentHighlightKind.Write : DocumentHighlightKind.Read);
    return patterns
      .filter((other) => other === here || mayMeet(other, here))
      .map(({ span, negated }) => ({ range: rangeOf(document, span), kind: kind(negated) }));
  });
