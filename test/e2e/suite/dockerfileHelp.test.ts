import * as vscode from 'vscode';
import { equal, includes, ok } from './assert.ts';
import { discard, hoverAt, inExample, inWebWorker, show, until } from './editor.ts';

describe('help while a Dockerfile is written', () => {
  let editor: vscode.TextEditor;

  before(async () => {
    editor = await show(inExample('Dockerfile'));
  });
  after(discard);

  /** The proposals behind some text that is added at the end. */
  async function proposals(added: string): Promise<string[]> {
    const { document } = editor;
    const end = document.lineAt(document.lineCount - 1).range.end;
    await editor.edit((edit) => edit.insert(end, `\n${added}`));
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      document.lineAt(document.lineCount - 1).range.end,
    );
    await vscode.commands.executeCommand('undo');
    return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
  }

  it('stages are proposed', async () => {
    includes((await proposals('COPY --from=')).join(), 'build');
  });

  it('targets of cache mounts are proposed', async () => {
    includes((await proposals('RUN --mount=type=cache,target=')).join(), '/root/.npm');
  });

  if (inWebWorker) return;

  it('sources are proposed, without what is ignored', async () => {
    await until('the context is known', async () => (await hoverAt(editor.document, 'COPY . .')).includes('files'));
    const found = await proposals('COPY src/');
    ok(found.includes('server.ts'), found.join());
    ok(!(await proposals('COPY ')).includes('.git'), 'ignored');
  });

  it('sources are links, and say what they select', async () => {
    const { document } = editor;
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      document.uri,
    );
    const own = links.filter(({ target }) => target?.scheme === 'file');
    equal(
      own.map(({ range, target }) => [document.getText(range), target?.path.split('/').pop()]),
      [
        ['package.json', 'package.json'],
        ['package-lock.json', 'package-lock.json'],
      ],
    );
    includes(await hoverAt(document, 'package.json package-lock.json'), 'of the build context');
  });
});
