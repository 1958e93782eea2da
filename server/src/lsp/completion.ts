import { type CompletionItem, CompletionItemKind, type CompletionList } from 'vscode-languageserver';
import { type Proposal, proposalsAt } from '../core/complete.ts';
import { rangeOf } from './convert.ts';
import { ignoreCompletion } from './ignore/completion.ts';
import { byKind, type PositionParams } from './ignore/request.ts';
import { onDockerfile, type Session } from './session.ts';

const kinds: Record<Proposal['kind'], CompletionItemKind> = {
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
  stage: CompletionItemKind.Module,
  cache: CompletionItemKind.Folder,
  flag: CompletionItemKind.Property,
};

/** Only our own client runs commands of the editor. */
const goOn = { title: 'Propose what comes next', command: 'editor.action.triggerSuggest' };

export function provideCompletion(session: Session): void {
  const { options } = session.client;
  const inDockerfile = onDockerfile(
    session,
    null,
    ({ document, analysis }, { position }: PositionParams): CompletionList | null => {
      const found = proposalsAt(analysis, document.offsetAt(position));
      if (!found) return null;
      const range = rangeOf(document, found.span);
      const items = found.items.map(
        ({ label, kind, detail, newText, order, goesOn }): CompletionItem => ({
          label,
          kind: kinds[kind],
          detail,
          sortText: order,
          textEdit: { range, newText },
          ...(goesOn && options.commands && { command: goOn }),
        }),
      );
      return { isIncomplete: found.truncated, items };
    },
  );
  session.connection.onCompletion(byKind(session, inDockerfile, ignoreCompletion(session)));
}
