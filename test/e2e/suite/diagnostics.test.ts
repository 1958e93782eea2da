import * as vscode from 'vscode';
import { extension, diagnostics, hoverAt, inExample, ruleOf, show, until } from './editor.ts';

describe('x', () => {
  it('prints', async () => {
    const { document } = await show(inExample('Dockerfile'));
    console.log('active', extension().isActive, document.languageId, document.uri.toString());
    await extension().activate(); console.log('activated'); await until('some', () => diagnostics(document).length >= 4);
    await new Promise((r) => setTimeout(r, 1500));
    for (const d of diagnostics(document))
      console.log(
        ruleOf(d),
        d.range.start.line + 1,
        d.severity,
        d.message,
        JSON.stringify(d.relatedInformation?.map((r) => [r.message, r.location.range.start.line + 1])),
      );
    for (const w of ['ARG', 'COPY', 'RUN npm', '--mount']) console.log('HOVER', w, await hoverAt(document, w));
    const acts = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(6, 0, 6, 6),
    );
    console.log(acts.map((a) => a.title + ' ' + a.kind?.value));
  });
});
