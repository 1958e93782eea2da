import * as vscode from 'vscode';
import { fitted } from './fitted.ts';
import type { DocumentStatus } from './protocol.ts';

export interface StatusItem extends vscode.Disposable {
  starting(): void;
  running(): void;
  stopped(): void;
  update(status: DocumentStatus): void;
  /** The document was closed. */
  forget(uri: vscode.Uri): void;
}

const { Error: Failure, Information, Warning } = vscode.LanguageStatusSeverity;
const showLog = { command: 'cacheLens.showLog', title: 'Show Log' };
const showContext = { command: 'cacheLens.showContext', title: 'Show' };
const choose = { command: 'cacheLens.chooseContext', title: 'Choose' };
/** Characters of text and detail that leave room for the command behind them: the pop-up is 500 pixels wide, whatever the window. */
const room = 58;
const notKnown = 'Build context not known';
const restart = { command: 'cacheLens.restartServer', title: 'Restart' };

/** The entry under `{}` in the status bar: what was found in the active Dockerfile, and what it was judged by. */
export function createStatusItem(): StatusItem {
  const item = vscode.languages.createLanguageStatusItem('cacheLens', { language: 'dockerfile' });
  item.name = 'Dockerfile Cache Lens';
  const place = vscode.languages.createLanguageStatusItem('cacheLens.context', { language: 'dockerfile' });
  place.name = 'Dockerfile Cache Lens: Build Context';
  place.command = choose;
  place.text = notKnown;
  const known = new Map<string, DocumentStatus>();
  let ready = false;

  const write = (text: string, detail: string, severity = Information, command = showLog): void =>
    void Object.assign(item, { text, detail, severity, command });

  const show = (): void => {
    if (!ready) return;
    const active = vscode.window.activeTextEditor?.document.uri.toString();
    const status = active === undefined ? undefined : known.get(active);
    if (status)
      write(findingsText(status), detailText(status), severityOf(status), status.context ? showContext : showLog);
    else write('Cache Lens', '');
    place.text = status?.context ? `Build context ${shortPath(status.context.root)}` : notKnown;
    place.detail = status?.context ? reasonText(status.context, room - place.text.length) : '';
  };

  const become = (state: { ready: boolean; busy: boolean }): void => {
    ready = state.ready;
    item.busy = state.busy;
    if (!ready) known.clear();
  };

  const listener = vscode.window.onDidChangeActiveTextEditor(show);
  return {
    starting() {
      become({ ready: false, busy: true });
      write('Cache Lens', 'starting');
    },
    running() {
      become({ ready: true, busy: false });
      show();
    },
    stopped() {
      become({ ready: false, busy: false });
      write('Cache Lens is not running', '', Failure, restart);
    },
    update(status) {
      known.set(status.uri, status);
      show();
    },
    forget: (uri) => void known.delete(uri.toString()),
    dispose() {
      listener.dispose();
      item.dispose();
      place.dispose();
    },
  };
}

const severityOf = ({ findings: { error, warning } }: DocumentStatus): vscode.LanguageStatusSeverity =>
  error + warning > 0 ? Warning : Information;

export function findingsText({ findings }: DocumentStatus): string {
  const count = Object.values(findings).reduce((sum, each) => sum + each, 0);
  return count === 0 ? 'No cache findings' : `${count} cache ${count === 1 ? 'finding' : 'findings'}`;
}

const histories: Record<DocumentStatus['history'], string> = {
  on: 'git history on',
  off: 'git history off (setting)',
  none: 'no git history',
  untrusted: 'git history off (not trusted)',
};

export const detailText = ({ context, history }: DocumentStatus): string =>
  `${context ? contextText(context) : 'context not known'}; ${histories[history]}`;

type Context = NonNullable<DocumentStatus['context']>;

const reasonText = ({ reason, others }: Context, most: number): string =>
  fitted(reason, others.length > 0 ? `, and ${others.length} more` : '', most);

const contextText = ({ files, truncated }: Context): string =>
  `${truncated ? 'more than ' : ''}${files.toLocaleString('en-US')} ${files === 1 ? 'file enters' : 'files enter'}`;

/** The folder as the user knows it: its name for a workspace folder, otherwise the path within one. */
export function shortPath(root: string): string {
  const uri = /^[a-z][\w+.-]+:/i.test(root) ? vscode.Uri.parse(root) : vscode.Uri.file(root);
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return folder?.uri.path === uri.path ? folder.name : vscode.workspace.asRelativePath(uri);
}
