import * as vscode from 'vscode';
import type { Api } from '../../../client/src/extension.ts';
import { equal, includes, ok } from './assert.ts';
import { discard, extension, inExample, inWebWorker, show, until } from './editor.ts';

const dockerfile = inExample('Dockerfile');
const source = inExample('src/server.ts');

async function whatIf(): Promise<Api['whatIf']> {
  return ((await extension().activate()) as Api).whatIf;
}

/** Lines and outcomes, or the sentence that says why there are none. */
async function touched(change: Parameters<Api['whatIf']['touched']>[0]): Promise<string> {
  const [one] = await (await whatIf()).touched(change, [dockerfile]);
  ok(one, 'no answer');
  return one.message ?? one.steps.map(({ line, outcome }) => `${line} ${outcome}`).join();
}

/** Runs a command that shows a list, and takes the first of it. */
async function chooseFirst(command: string, ...args: unknown[]): Promise<void> {
  const done = vscode.commands.executeCommand(command, ...args);
  await until(`a choice of ${command}`, async () => {
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    return (await whatIf()).shown();
  });
  await done;
}

const shownLines = async (): Promise<number[] | undefined> => (await whatIf()).shown()?.steps.map(({ line }) => line);

describe('what rebuilds', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('cacheLens.clearWhatIf');
    await discard();
  });

  it('if a file changes', async () => {
    await show(dockerfile);
    const answer = await touched({ file: source.toString() });
    equal(answer, inWebWorker ? 'The build context cannot be read here.' : '7 runs,8 runs,9 runs,10 runs,17 depends');
  });

  it('if a file changes that is ignored', async () => {
    await show(dockerfile);
    const answer = await touched({ file: inExample('dist/server.js').toString() });
    includes(answer, inWebWorker ? 'cannot be read' : 'does not reach the builder');
  });

  it('if an argument changes, and goes there', async () => {
    const editor = await show(dockerfile);
    const line = editor.document
      .getText()
      .split('\n')
      .findIndex((text) => text.startsWith('ARG GIT_SHA'));
    editor.selection = new vscode.Selection(line, 6, line, 6);
    await chooseFirst('cacheLens.whatIfArgumentChanges');
    equal(await shownLines(), [5, 6, 7, 8, 9, 10, 17]);
    equal(vscode.window.activeTextEditor?.selection.active.line, 4);
    await vscode.commands.executeCommand('cacheLens.clearWhatIf');
    equal(await shownLines(), undefined);
  });

  it('until the Dockerfile is edited', async () => {
    const editor = await show(dockerfile);
    editor.selection = new vscode.Selection(2, 6, 2, 6);
    await chooseFirst('cacheLens.whatIfArgumentChanges');
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '\n'));
    await until('the marks are gone', async () => !(await whatIf()).shown());
  });

  it('in all Dockerfiles, grouped, from any file', async () => {
    if (inWebWorker) return;
    await show(source);
    const { touched, items } = await whatIf();
    const all = await touched({ file: source.toString() });
    equal(all.filter((each) => each.dockerfile.toString() === dockerfile.toString()).length, 1);
    const [head, first] = items(all);
    equal(head?.kind, vscode.QuickPickItemKind.Separator);
    equal(first && [first.label, first.description], ['COPY . .', 'line 7 · runs again']);
    includes(first?.detail ?? '', 'src/server.ts is selected by COPY . . on line 7');
    await chooseFirst('cacheLens.whatIfFileChanges', source);
    equal(vscode.window.activeTextEditor?.document.uri.toString(), dockerfile.toString());
    equal(await shownLines(), [7, 8, 9, 10, 17]);
  });
});
