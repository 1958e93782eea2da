import * as vscode from 'vscode';
import { equal, includes, ok } from './assert.ts';
import {
  apply,
  codeAction,
  discard,
  expectFindings,
  expectMessage,
  hoverAt,
  inExample,
  inWebWorker,
  show,
  showText,
  until,
  write,
} from './editor.ts';

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

describe('an ignore file that no build reads', () => {
  const isThere = (path: string): Promise<boolean> =>
    Promise.resolve(vscode.workspace.fs.stat(inExample(path))).then(
      () => true,
      () => false,
    );

  // Where files are out of reach nobody knows which builds there are.
  if (inWebWorker) return;

  before(async () => {
    await write('service/docker/Dockerfile', 'FROM alpine:3.22\nCOPY app /app\n');
    await write('service/app/main.sh', '');
    await write('service/docker/.dockerignore', 'tmp\n');
  });
  after(async () => {
    await discard();
    await vscode.workspace.fs.delete(inExample('service'), { recursive: true });
  });

  it('is moved to the root of the build context, with what is not saved yet', async () => {
    const { document } = await show(inExample('service/docker/.dockerignore'));
    const { range } = await expectMessage(document, 'misplaced-dockerignore', 'is built in');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(1, 0), '*.log\n');
    ok(await vscode.workspace.applyEdit(edit), 'edited');
    await apply(await codeAction(document, range, /^Move it to /));
    const moved = await until('the file at its new place', () =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.path.endsWith('/service/.dockerignore')),
    );
    equal(moved.getText(), 'tmp\n*.log\n');
    equal(await isThere('service/docker/.dockerignore'), false);
    ok(await isThere('service/.dockerignore'), 'on the disk');
    await expectFindings(moved, []);
  });

  it('is not moved over another one', async () => {
    await write('service/docker/.dockerignore', 'tmp\n');
    const { document } = await show(inExample('service/docker/.dockerignore'));
    await expectMessage(document, 'misplaced-dockerignore', 'There is one already.');
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(document.uri, inExample('service/.dockerignore'), { overwrite: false, ignoreIfExists: false });
    equal(await vscode.workspace.applyEdit(edit), false);
  });
});
