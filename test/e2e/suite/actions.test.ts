import * as vscode from 'vscode';
import { equal, includes, ok } from './assert.ts';
import {
  apply,
  codeAction,
  diagnostics,
  discard,
  expectFindings,
  expectMessage,
  findings,
  inExample,
  show,
  showText,
  until,
} from './editor.ts';
import { exampleFindings } from './example.ts';

const merge = /together with the install/;
const without = (rule: string) => exampleFindings.filter((finding) => !finding.startsWith(rule));
const rulesOf = (document: vscode.TextDocument) => findings(document).map((finding) => finding.split(' ')[0]);

describe('quick fixes', () => {
  afterEach(discard);

  async function openExample(): Promise<vscode.TextEditor> {
    const editor = await show(inExample('Dockerfile'));
    await expectFindings(editor.document, exampleFindings);
    return editor;
  }

  const splitUpdate = async ({ document }: vscode.TextEditor, kind?: vscode.CodeActionKind) =>
    codeAction(document, (await expectMessage(document, 'split-apt-update', '')).range, merge, kind);

  it('mend the file, and are undone in one step', async () => {
    const editor = await openExample();
    const before = editor.document.getText();
    await apply(await splitUpdate(editor));
    await until('split-apt-update is gone', () => !rulesOf(editor.document).includes('split-apt-update'));
    includes(editor.document.getText(), 'apt-get update && apt-get install');
    await vscode.commands.executeCommand('undo');
    equal(editor.document.getText(), before);
    await expectFindings(editor.document, exampleFindings);
  });

  it('keep CRLF', async () => {
    const editor = await openExample();
    await editor.edit((edit) => edit.setEndOfLine(vscode.EndOfLine.CRLF));
    await apply(await splitUpdate(editor));
    const text = editor.document.getText();
    includes(text, 'apt-get update && apt-get install');
    ok(!/[^\r]\n/.test(text), 'a line ends without CR');
  });

  it('are preferred where they are safe', async () => {
    const { isPreferred, kind } = await splitUpdate(await openExample(), vscode.CodeActionKind.QuickFix);
    ok(kind && vscode.CodeActionKind.QuickFix.contains(kind), 'not a quick fix');
    equal(isPreferred, true);
  });

  it('work in an unsaved document', async () => {
    const editor = await showText('FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n', 'dockerfile');
    await apply(await splitUpdate(editor));
    await until('split-apt-update is gone', () => !rulesOf(editor.document).includes('split-apt-update'));
  });

  it('suppress a finding on its line, and in the file', async () => {
    for (const title of [/^Ignore split-apt-update on line/, /^Ignore split-apt-update in this file/]) {
      const { document } = await openExample();
      const { range } = await expectMessage(document, 'split-apt-update', '');
      await apply(await codeAction(document, range, title));
      includes(document.getText(), '# cache-lens ignore');
      const rules = without('split-apt-update').map((finding) => finding.split(' ')[0]);
      await until('only split-apt-update is gone', () => rulesOf(document).join() === rules.join());
      await discard();
    }
  });
});

describe('fix all', () => {
  afterEach(discard);

  it('applies the safe fixes only', async () => {
    const { document } = await show(inExample('Dockerfile'));
    await expectFindings(document, exampleFindings);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const kind = vscode.CodeActionKind.SourceFixAll.append('cacheLens');
    await apply(await codeAction(document, whole, /safe/, kind));
    await until('fewer findings', () => diagnostics(document).length < exampleFindings.length);
    includes(document.getText(), 'apt-get update && apt-get install');
  });
});
