import * as vscode from 'vscode';
import type { Api } from '../../../client/src/extension.ts';
import { equal, includes, ok } from './assert.ts';
import { discard, extension, hoverAt, inExample, inWebWorker, show, until } from './editor.ts';
import { exampleFiles } from './example.ts';

const dockerfile = inExample('Dockerfile');
const ignoreFile = inExample('.dockerignore');
const view = async (): Promise<Api['context']> => ((await extension().activate()) as Api).context;

describe('the view of the build context', () => {
  afterEach(discard);

  it('shows what enters, biggest first', async () => {
    await show(dockerfile);
    await vscode.commands.executeCommand('cacheLens.showContext');
    const { shown, contents } = await view();
    if (inWebWorker) {
      await until('the view is shown', shown);
      equal(shown()?.answer, null);
      return;
    }
    // Files that other tests took away may still be counted: the view follows the folder.
    await until('all files', () => shown()?.answer?.files === exampleFiles);
    const answer = await until('an answer', () => shown()?.answer);
    equal([answer.ignoreFile, answer.message], ['.dockerignore', null]);
    const sizes = answer.items.map(({ bytes }) => bytes);
    equal(
      sizes,
      [...sizes].sort((a, b) => b - a),
    );
    const src = answer.items.find(({ path }) => path === 'src');
    ok(src?.folder && src.files > 1, JSON.stringify(src));
    const inside = await contents(dockerfile, 'src');
    includes(inside?.items.map(({ path }) => path).join() ?? '', 'src/server.ts');
    equal(inside?.items.find(({ path }) => path === 'src/server.ts')?.uri, inExample('src/server.ts').toString());
  });

  if (inWebWorker) return;

  it('is opened from an ignore file, with its address', async () => {
    await vscode.commands.executeCommand('cacheLens.showContext', ignoreFile.toString());
    const { shown } = await view();
    const isShown = () => shown()?.document.toString() === ignoreFile.toString();
    await until('its files', () => isShown() && shown()?.answer?.files === exampleFiles);
  });

  it('excludes from the build by an edit that can be undone', async () => {
    const { document } = await show(ignoreFile);
    const before = document.getText();
    await vscode.commands.executeCommand('cacheLens.showContext', ignoreFile);
    const { exclude, shown } = await view();
    await until('an answer', () => shown()?.answer);
    await exclude('docs');
    await until('a new line', () => document.getText() === `${before}docs\n`);
    await until('fewer files', () => shown()?.answer?.files === exampleFiles - 1);
    await show(ignoreFile);
    await vscode.commands.executeCommand('undo');
    equal(document.getText(), before);
  });

  it('is named by the hover on FROM, and may be chosen', async () => {
    const { document } = await show(dockerfile);
    includes(
      await until('the context', async () => (await hoverAt(document, 'FROM')).replace(/^(?!.*build context).*$/s, '')),
      'build context',
    );
    const done = vscode.commands.executeCommand('cacheLens.chooseContext', dockerfile);
    const settings = () =>
      vscode.workspace.getConfiguration('cacheLens', dockerfile).get<Record<string, string>>('contexts', {});
    await until('a setting', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return settings().Dockerfile === '.';
    });
    await done;
    await vscode.workspace.fs.delete(inExample('.vscode'), { recursive: true });
    await until('no setting', () => settings().Dockerfile === undefined);
  });
});
