import type { Hover } from 'vscode-languageserver';
import { explainAt, toMarkdown, toText } from '../core/explain.ts';
import { rangeOf } from './convert.ts';
import { onDockerfile, type Session } from './session.ts';

export function provideHover(session: Session): void {
  const { markdown, options } = session.client;
  session.connection.onHover(
    onDockerfile(session, null, ({ document, analysis }, { position }): Hover | null => {
      const explanation = explainAt(analysis, document.offsetAt(position));
      if (!explanation) return null;
      const links = explanation.aboutContext && options.commands ? contextLinks : '';
      const value = markdown ? toMarkdown(explanation) + links : toText(explanation);
      return {
        contents: { kind: markdown ? 'markdown' : 'plaintext', value },
        range: rangeOf(document, explanation.span),
      };
    }),
  );
}

/** Commands of our own client, which lets no others run. */
const contextLinks =
  '\n\n[Show what enters](command:cacheLens.showContext) · [Choose another context](command:cacheLens.chooseContext)';
