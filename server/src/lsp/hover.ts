import type { Hover } from 'vscode-languageserver';
import { explainAt, toMarkdown, toText } from '../core/explain.ts';
import { rangeOf } from './convert.ts';
import { ignoreHover } from './ignore/hover.ts';
import { byKind, type PositionParams } from './ignore/request.ts';
import { onDockerfile, type Session } from './session.ts';

export function provideHover(session: Session): void {
  const { markdown, options } = session.client;
  const dockerfileHover = onDockerfile(
    session,
    null,
    ({ document, analysis }, { position }: PositionParams): Hover | null => {
      const explanation = explainAt(analysis, document.offsetAt(position));
      if (!explanation) return null;
      const links = explanation.aboutContext && options.commands ? contextLinks : '';
      const value = markdown ? toMarkdown(explanation) + links : toText(explanation);
      return {
        contents: { kind: markdown ? 'markdown' : 'plaintext', value },
        range: rangeOf(document, explanation.span),
      };
    },
  );
  session.connection.onHover(byKind(session, dockerfileHover, ignoreHover(session)));
}

/** Commands of our own client, which lets no others run. */
const contextLinks =
  '\n\n[Show what enters](command:cacheLens.showContext) · [Choose another context](command:cacheLens.chooseContext)';
