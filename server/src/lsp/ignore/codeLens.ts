import type { CodeLens, Command } from 'vscode-languageserver';
import { contextInWords } from '../../core/explain/ignoreFile.ts';
import type { Session } from '../session.ts';
import { onIgnoreFile } from './request.ts';

/** On the first line: what enters the build and what does not. Our own client shows the whole context when it is pressed. */
export const ignoreLenses = (session: Session) =>
  onIgnoreFile(session, [], ({ analysis, document }): CodeLens[] => {
    const title = contextInWords(analysis);
    const start = { line: 0, character: 0 };
    const shows = session.client.options.commands && analysis.users.length > 0;
    const command: Command = {
      title: title ?? '',
      command: shows ? 'cacheLens.showContext' : '',
      arguments: [document.uri],
    };
    return title === undefined ? [] : [{ range: { start, end: start }, command }];
  });
