// What a person does in the editor, and what the editor then shows. Everything that takes time is polled for.
import * as vscode from 'vscode';
import { ok } from './assert.ts';

const extensionId = 'dockerfile-cache-lens.dockerfile-cache-lens';

export function extension(): vscode.Extension<unknown> {
  const found = vscode.extensions.getExtension(extensionId);
  ok(found, `${extensionId} is not installed`);
  return found;
}

/** Waits until `probe` gives something truthy, and gives that. */
export async function until<T>(what: string, probe: () => T | Promise<T>, seconds = 20): Promise<NonNullable<T>> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const value = await probe();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`after ${seconds} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The example's folder: the first or only one that is open. */
export function exampleFolder(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  ok(folder, 'no folder is open');
  return folder.uri;
}

export const inExample = (path: string): vscode.Uri => vscode.Uri.joinPath(exampleFolder(), path);

/** Writes a file of the example. */
export const write = (path: string, text: string): Thenable<void> =>
  vscode.workspace.fs.writeFile(inExample(path), new TextEncoder().encode(text));

export async function show(uri: vscode.Uri): Promise<vscode.TextEditor> {
  // Not in preview, which the next document would replace: only documents that are shown have diagnostics.
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: false });
}

export async function showText(content: string, language: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content, language }));
}

/** The extension's own diagnostics, top to bottom. */
export function diagnostics({ uri }: vscode.TextDocument): vscode.Diagnostic[] {
  const own = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'cache-lens');
  return own.sort((a, b) => a.range.start.compareTo(b.range.start));
}

export const ruleOf = ({ code }: vscode.Diagnostic): string => String(typeof code === 'object' ? code.value : code);

/** `rule line`, with the line as an editor counts it. */
export const findings = (document: vscode.TextDocument): string[] =>
  diagnostics(document).map((diagnostic) => `${ruleOf(diagnostic)} ${diagnostic.range.start.line + 1}`);

/** Waits until exactly these findings are shown, in this order. */
export async function expectFindings(document: vscode.TextDocument, expected: readonly string[]): Promise<void> {
  const same = () => findings(document).join() === expected.join();
  await until(`findings`, same).catch(() => {
    throw new Error(`expected findings:\n  ${expected.join('\n  ')}\nbut:\n  ${findings(document).join('\n  ')}`);
  });
}

/** Waits until a finding of the rule is shown whose message contains the text. */
export function expectMessage(document: vscode.TextDocument, rule: string, text: string): Promise<vscode.Diagnostic> {
  const found = () => diagnostics(document).find((each) => ruleOf(each) === rule && each.message.includes(text));
  return until(`a finding of ${rule} that says "${text}"`, found).catch((error) => {
    const messages = diagnostics(document).map((each) => `${ruleOf(each)}: ${each.message}`);
    throw new Error(`${error.message}; there is:\n${messages.join('\n')}`);
  });
}

/**
 * The code actions at a diagnostic whose title matches. Asked for again and again: the answer is empty while other extensions
 * still register their own.
 */
export function codeAction(
  document: vscode.TextDocument,
  range: vscode.Range,
  title: RegExp,
  kind?: vscode.CodeActionKind,
): Promise<vscode.CodeAction> {
  return until(`a code action that matches ${title}`, async () => {
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      range,
      kind?.value,
    );
    return actions.find((action) => title.test(action.title));
  });
}

export async function apply(action: vscode.CodeAction): Promise<void> {
  ok(action.edit, `"${action.title}" has no edit`);
  ok(await vscode.workspace.applyEdit(action.edit), `"${action.title}" was not applied`);
}

/** The text that a hover shows at the first occurrence of some text. */
export async function hoverAt(document: vscode.TextDocument, text: string): Promise<string> {
  const at = document.positionAt(document.getText().indexOf(text));
  return until(`a hover at "${text}"`, async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      at,
    );
    return hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .join('\n');
  });
}

/** Puts a document back to what is saved, or throws an unsaved one away. */
export async function discard(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  if (document) await until('what is saved', () => document.isClosed || !document.isDirty);
}

/**
 * Sets `cacheLens.<name>`, runs the body, and takes the setting back. It is the user's setting unless a folder is given: a
 * folder's is written to a file in it, and that would be one more file in the build context.
 */
export async function withSetting(
  name: string,
  value: unknown,
  body: () => Promise<void>,
  folder?: vscode.Uri,
): Promise<void> {
  const target = folder ? vscode.ConfigurationTarget.WorkspaceFolder : vscode.ConfigurationTarget.Global;
  const update = (next: unknown) => vscode.workspace.getConfiguration('cacheLens', folder).update(name, next, target);
  await update(value);
  try {
    await body();
  } finally {
    await update(undefined);
  }
}

/** Whether the extension runs in a web worker, where it reaches no files. */
export const inWebWorker = typeof (globalThis as { importScripts?: unknown }).importScripts === 'function';
