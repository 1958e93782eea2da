import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import {
  type Candidates,
  type ContextAnswer,
  type ContextItem,
  candidatesMethod,
  contextMethod,
  excludeMethod,
} from '../protocol.ts';
import { shortPath } from '../statusItem.ts';
import { knownDockerfiles } from './whatIf.ts';

export interface ContextView extends vscode.Disposable {
  /** Asks the server what is in a folder of the context of a Dockerfile or ignore file. */
  contents(document: vscode.Uri, folder?: string): Promise<ContextAnswer | null>;
  /** The document whose context is shown, and what its root was answered with. */
  shown(): { readonly document: vscode.Uri; readonly answer: ContextAnswer | null } | undefined;
  /** Leaves a path out of the build that is shown. */
  exclude(path: string): Promise<void>;
  /** A document has another status: its context may be another as well. */
  changed(uri: string): void;
}

const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Decimal, as Docker prints sizes. */
function size(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 10 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

const count = (files: number): string => `${files.toLocaleString('en-US')} ${files === 1 ? 'file' : 'files'}`;

export function createContextView(client: BaseLanguageClient): ContextView {
  const changes = new vscode.EventEmitter<undefined>();
  let document: vscode.Uri | undefined;
  let answer: ContextAnswer | null = null;

  const contents: ContextView['contents'] = (uri, folder) =>
    client.sendRequest<ContextAnswer | null>(contextMethod, { uri: client.code2ProtocolConverter.asUri(uri), folder });
  const provider: vscode.TreeDataProvider<ContextItem> = {
    onDidChangeTreeData: changes.event,
    getTreeItem: treeItem,
    async getChildren(item) {
      if (!document) return [];
      const found = await contents(document, item?.path);
      if (!item) {
        answer = found;
        describe();
      }
      return [...(found?.items ?? [])];
    },
  };
  const view = vscode.window.createTreeView('cacheLens.context', { treeDataProvider: provider, showCollapseAll: true });
  const describe = (): void => {
    view.description = answer ? `${count(answer.files)}, ${size(answer.bytes)}` : '';
    view.message = answer ? messageOf(answer) : 'The build context is not known here.';
  };
  const refresh = (): void => changes.fire(undefined);

  const show = async (asked?: unknown): Promise<void> => {
    const uri = typeof asked === 'string' ? vscode.Uri.parse(asked) : asked instanceof vscode.Uri ? asked : undefined;
    const found = uri ?? (await aDocument());
    if (!found) return;
    document = found;
    await vscode.commands.executeCommand('setContext', 'cacheLens.contextShown', true);
    refresh();
    await vscode.commands.executeCommand('cacheLens.context.focus');
  };
  const exclude: ContextView['exclude'] = async (path) => {
    if (!document) return;
    const uri = client.code2ProtocolConverter.asUri(document);
    const why = await client.sendRequest<string | null>(excludeMethod, { uri, path });
    if (why) void vscode.window.showInformationMessage(why);
    refresh();
  };
  const commands = [
    vscode.commands.registerCommand('cacheLens.showContext', show),
    vscode.commands.registerCommand('cacheLens.refreshContext', refresh),
    vscode.commands.registerCommand('cacheLens.excludeFromBuild', (item: ContextItem) => exclude(item.path)),
    vscode.commands.registerCommand('cacheLens.chooseContext', (asked?: unknown) =>
      choose(client, asked instanceof vscode.Uri ? asked : undefined, document),
    ),
  ];
  return {
    contents,
    exclude,
    shown: () => document && { document, answer },
    changed: (uri) => {
      if (document && client.code2ProtocolConverter.asUri(document) === uri) refresh();
    },
    dispose: () => void vscode.Disposable.from(view, changes, ...commands).dispose(),
  };
}

function treeItem({ path, uri, folder, files, bytes }: ContextItem): vscode.TreeItem {
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(path.slice(path.lastIndexOf('/') + 1), folder ? Collapsed : None);
  item.id = path;
  item.description = folder ? `${size(bytes)}, ${count(files)}` : size(bytes);
  item.tooltip = path;
  item.contextValue = 'cacheLens.entry';
  item.iconPath = folder ? vscode.ThemeIcon.Folder : vscode.ThemeIcon.File;
  if (uri !== null) {
    item.resourceUri = vscode.Uri.parse(uri);
    if (!folder) item.command = { command: 'vscode.open', title: 'Open', arguments: [item.resourceUri] };
  }
  return item;
}

function messageOf({ root, reason, ignoreFile, excluded, more, message }: ContextAnswer): string {
  const out = excluded.files > 0 ? `${count(excluded.files)}, ${size(excluded.bytes)}` : 'nothing';
  const left = ignoreFile ? `${ignoreFile} keeps out ${out}.` : 'There is no ignore file.';
  const rest = more > 0 ? [`${more.toLocaleString('en-US')} smaller entries are not listed.`] : [];
  return [`${shortPath(root)} (${reason}). ${left}`, ...rest, ...(message ? [message] : [])].join(' ');
}

const isDocument = ({ languageId, uri }: vscode.TextDocument): boolean =>
  languageId === 'dockerfile' || languageId === 'dockerignore' || uri.path.endsWith('.dockerignore');

/** The active one, the only one, or the one that the user picks. */
async function aDocument(): Promise<vscode.Uri | undefined> {
  const active = vscode.window.activeTextEditor?.document;
  if (active && isDocument(active)) return active.uri;
  const all = await knownDockerfiles();
  if (all.length === 0) void vscode.window.showInformationMessage('There is no Dockerfile in this workspace.');
  if (all.length < 2) return all[0];
  const items = all.map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'The build context of which Dockerfile?' }))?.uri;
}

interface Choice extends vscode.QuickPickItem {
  /** Undefined where the folder is to be browsed for; null where none is set. */
  readonly value?: string | null;
}

/** Writes the folder that the user picks to the setting `contexts` of the workspace folder. */
async function choose(client: BaseLanguageClient, asked?: vscode.Uri, shown?: vscode.Uri): Promise<void> {
  const active = vscode.window.activeTextEditor?.document;
  const uri = asked ?? (active?.languageId === 'dockerfile' ? active.uri : shown) ?? (await aDocument());
  const folder = uri && vscode.workspace.getWorkspaceFolder(uri);
  const found =
    uri &&
    (await client.sendRequest<Candidates | null>(candidatesMethod, { uri: client.code2ProtocolConverter.asUri(uri) }));
  if (!uri || !folder || !found) {
    void vscode.window.showInformationMessage('Open a Dockerfile of a workspace folder first.');
    return;
  }
  const settings = vscode.workspace.getConfiguration('cacheLens', folder);
  const { [found.name]: set, ...others } =
    settings.inspect<Record<string, string>>('contexts')?.workspaceFolderValue ?? {};
  const items: Choice[] = [
    ...found.contexts.map(({ value, reason }) => ({
      label: value === '.' ? `. (${folder.name})` : value,
      description: reason,
      value,
    })),
    { label: '$(folder-opened) Browse…' },
    ...(set === undefined ? [] : [{ label: '$(discard) Find it again', description: 'no setting', value: null }]),
  ];
  const placeHolder = `The folder that ${found.name} is built in`;
  const choice = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  if (!choice) return;
  const value = choice.value === undefined ? await browse(folder) : choice.value;
  if (value === undefined) return;
  const next = value === null ? others : { [found.name]: value, ...others };
  const target = vscode.ConfigurationTarget.WorkspaceFolder;
  await settings.update('contexts', Object.keys(next).length > 0 ? next : undefined, target);
}

async function browse(folder: vscode.WorkspaceFolder): Promise<string | undefined> {
  const [picked] =
    (await vscode.window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      defaultUri: folder.uri,
      openLabel: 'Build Here',
    })) ?? [];
  if (!picked) return undefined;
  if (picked.path === folder.uri.path) return '.';
  const inside = picked.path.startsWith(`${folder.uri.path}/`);
  return inside ? picked.path.slice(folder.uri.path.length + 1) : picked.fsPath;
}
