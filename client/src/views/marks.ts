import * as vscode from 'vscode';
import type { WhatIfStep } from '../protocol.ts';
import type { Touched } from './whatIf.ts';

export interface Marks extends vscode.Disposable {
  /** Marks the steps of one Dockerfile, in all its editors, until it is edited or they are cleared. */
  show(touched: Touched): void;
  clear(): void;
  shown(): Touched | undefined;
}

const after = (color: string): vscode.ThemableDecorationAttachmentRenderOptions => ({
  color: new vscode.ThemeColor(color),
  margin: '0 0 0 3em',
  fontStyle: 'italic',
});

const style = (background: string, foreground: string): vscode.TextEditorDecorationType =>
  vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor(background),
    overviewRulerColor: new vscode.ThemeColor(foreground),
    overviewRulerLane: vscode.OverviewRulerLane.Right,
    after: after(foreground),
  });

/** The whole step is marked; its first line says why. */
function decorationsOf(
  document: vscode.TextDocument,
  { line, lastLine, because }: WhatIfStep,
): vscode.DecorationOptions[] {
  const hoverMessage = new vscode.MarkdownString().appendText(because);
  const first = {
    range: document.lineAt(line - 1).range,
    hoverMessage,
    renderOptions: { after: { contentText: because } },
  };
  const end = document.lineAt(lastLine - 1).range.end;
  return lastLine > line
    ? [first, { range: new vscode.Range(line, 0, end.line, end.character), hoverMessage }]
    : [first];
}

export function createMarks(): Marks {
  const styles = {
    runs: style('diffEditor.removedLineBackground', 'editorWarning.foreground'),
    depends: style('editor.wordHighlightBackground', 'editorInfo.foreground'),
  };
  let now: Touched | undefined;

  const isShown = ({ uri }: vscode.TextDocument): boolean => uri.toString() === now?.dockerfile.toString();
  const paint = (editor: vscode.TextEditor): void => {
    for (const outcome of ['runs', 'depends'] as const) {
      const steps = isShown(editor.document) ? (now?.steps ?? []).filter((step) => step.outcome === outcome) : [];
      const there = steps.filter(({ lastLine }) => lastLine <= editor.document.lineCount);
      editor.setDecorations(
        styles[outcome],
        there.flatMap((step) => decorationsOf(editor.document, step)),
      );
    }
  };
  const become = (touched: Touched | undefined): void => {
    now = touched;
    vscode.window.visibleTextEditors.forEach(paint);
    void vscode.commands.executeCommand('setContext', 'cacheLens.whatIfShown', now !== undefined);
  };
  const clear = (): void => become(undefined);
  const listeners = [
    // An editor that is shown again has lost its decorations.
    vscode.window.onDidChangeVisibleTextEditors((editors) => editors.forEach(paint)),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && isShown(document)) clear();
    }),
  ];
  return {
    show: become,
    clear,
    shown: () => now,
    dispose() {
      clear();
      vscode.Disposable.from(...listeners, styles.runs, styles.depends).dispose();
    },
  };
}
