import * as vscode from 'vscode';
import type { DocumentStatus } from './protocol.ts';

/** The entry under `{}` in the status bar: what was found in the active Dockerfile, and what it was judged by. */
export class StatusItem implements vscode.Disposable {
  private readonly item = vscode.languages.createLanguageStatusItem('cacheLens', { language: 'dockerfile' });
  private readonly known = new Map<string, DocumentStatus>();
  private readonly listener = vscode.window.onDidChangeActiveTextEditor(() => this.show());

  constructor() {
    this.item.name = 'Dockerfile Cache Lens';
    this.starting();
  }

  starting(): void {
    this.known.clear();
    this.item.busy = true;
    this.write('Cache Lens', 'starting', vscode.LanguageStatusSeverity.Information);
  }

  running(): void {
    this.item.busy = false;
    this.show();
  }

  stopped(): void {
    this.item.busy = false;
    this.write('Cache Lens is not running', '', vscode.LanguageStatusSeverity.Error);
    this.item.command = { command: 'cacheLens.restartServer', title: 'Restart' };
  }

  update(status: DocumentStatus): void {
    this.known.set(status.uri, status);
    this.show();
  }

  forget(uri: vscode.Uri): void {
    this.known.delete(uri.toString());
  }

  dispose(): void {
    this.listener.dispose();
    this.item.dispose();
  }

  private show(): void {
    const active = vscode.window.activeTextEditor?.document.uri.toString();
    const status = active === undefined ? undefined : this.known.get(active);
    if (!status || this.item.busy) return;
    const { error, warning } = status.findings;
    const { Information, Warning } = vscode.LanguageStatusSeverity;
    this.write(findingsText(status), detailText(status), error + warning > 0 ? Warning : Information);
  }

  private write(text: string, detail: string, severity: vscode.LanguageStatusSeverity): void {
    this.item.text = text;
    this.item.detail = detail;
    this.item.severity = severity;
    this.item.command = { command: 'cacheLens.showLog', title: 'Show Log' };
  }
}

export function findingsText({ findings }: DocumentStatus): string {
  const count = Object.values(findings).reduce((sum, each) => sum + each, 0);
  return count === 0 ? 'No cache findings' : `${count} cache ${count === 1 ? 'finding' : 'findings'}`;
}

const histories: Record<DocumentStatus['history'], string> = {
  on: 'git history on',
  off: 'git history off (setting)',
  none: 'no git history',
  untrusted: 'git history off (workspace not trusted)',
};

export const detailText = ({ context, history }: DocumentStatus): string =>
  `${context ? contextText(context) : 'context not known'}; ${histories[history]}`;

function contextText({ root, reason, files, truncated, ignoreFile }: NonNullable<DocumentStatus['context']>): string {
  const count = `${truncated ? 'more than ' : ''}${files.toLocaleString('en-US')} ${files === 1 ? 'file' : 'files'}`;
  return `context ${shortPath(root)} (${reason}): ${count}${ignoreFile ? `, less what ${ignoreFile} excludes` : ''}`;
}

/** The folder as the user knows it: its name for a workspace folder, otherwise the path within one. */
function shortPath(root: string): string {
  const uri = /^[a-z][\w+.-]+:/i.test(root) ? vscode.Uri.parse(root) : vscode.Uri.file(root);
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  return folder?.uri.path === uri.path ? folder.name : vscode.workspace.asRelativePath(uri);
}
