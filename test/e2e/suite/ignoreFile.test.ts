import * as vscode from 'vscode';
import { equal, includes } from './assert.ts';
import { apply, codeAction, discard, expectFindings, expectMessage, hoverAt, showText } from './editor.ts';

describe('an ignore file', () => {
  let document: vscode.TextDocument;

  before(async () => {
    ({ document } = await showText('.git\n*.log\nnpm-debug.log\n', 'dockerignore'));
  });
  after(discard);

  it('is told what is wrong with it', async () => {
    await expectFindings(document, ['repeated-pattern 3']);
    const { severity, tags } = await expectMessage(document, 'repeated-pattern', '`*.log` on line 2');
    equal(severity, vscode.DiagnosticSeverity.Hint);
    equal(tags, [vscode.DiagnosticTag.Unnecessary]);
  });

  it('is explained on hover', async () => {
    includes(await hoverAt(document, '*.log'), 'ends with');
  });

  it('is mended', async () => {
    const { range } = await expectMessage(document, 'repeated-pattern', '*.log');
    await apply(await codeAction(document, range, /^Remove /));
    equal(document.getText(), '.git\n*.log\n');
    await expectFindings(document, []);
  });
});
