import type { Hover } from 'vscode-languageserver';
import { explainPatternAt } from '../../core/explain/ignoreFile.ts';
import { toMarkdown, toText } from '../../core/explain.ts';
import { rangeOf } from '../convert.ts';
import type { Session } from '../session.ts';
import { onIgnoreFile, type PositionParams } from './request.ts';

export const ignoreHover = (session: Session) =>
  onIgnoreFile(session, null, ({ document, analysis }, { position }: PositionParams): Hover | null => {
    const explanation = explainPatternAt(analysis, document.offsetAt(position));
    if (!explanation) return null;
    const { markdown } = session.client;
    const value = markdown ? toMarkdown(explanation) : toText(explanation);
    return {
      contents: { kind: markdown ? 'markdown' : 'plaintext', value },
      range: rangeOf(document, explanation.span),
    };
  });
