import * as vscode from 'vscode';
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
      const there = steps.filter(({ line }) => line <= editor.document.lineCount);
      editor.setDecorations(
        styles[outcome],
        there.map(({ line, because }) => ({
          range: editor.document.lineAt(line - 1).range,
          hoverMessage: new vscode.MarkdownString().appendText(because),
          renderOptions: { after: { contentText: because } },
        })),
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
