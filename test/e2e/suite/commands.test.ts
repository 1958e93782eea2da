import * as vscode from 'vscode';
import { equal, ok } from './assert.ts';
import { discard, expectFindings, extension, inExample, show } from './editor.ts';
import { exampleFindings } from './example.ts';

interface Manifest {
  contributes: { commands: { command: string }[] };
}

describe('commands', () => {
  let document: vscode.TextDocument;

  before(async () => {
    ({ document } = await show(inExample('Dockerfile')));
    await expectFindings(document, exampleFindings);
  });
  after(discard);

  it('are all there', async () => {
    const there = await vscode.commands.getCommands(true);
    const { contributes } = extension().packageJSON as Manifest;
    const missing = contributes.commands.filter(({ command }) => !there.includes(command));
    equal(missing, []);
    ok(contributes.commands.length > 0, 'none is declared');
  });

  it('restart the server', async () => {
    await vscode.commands.executeCommand('cacheLens.restartServer');
    await vscode.window.activeTextEditor?.edit((edit) => edit.insert(new vscode.Position(0, 0), '\n'));
    await expectFindings(
      document,
      exampleFindings.map((finding) => finding.replace(/\d+/, (line) => `${Number(line) + 1}`)),
    );
    await vscode.commands.executeCommand('undo');
    await expectFindings(document, exampleFindings);
  });

  it('show the log', () => vscode.commands.executeCommand('cacheLens.showLog'));
});
