// biome-ignore-all lint/suspicious/noTemplateCurlyInString: compose files have templates of their own
import * as vscode from 'vscode';
import { equal, includes, ok } from './assert.ts';
import {
  apply,
  codeAction,
  discard,
  expectMessage,
  findings,
  hoverAt,
  inExample,
  inWebWorker,
  show,
  until,
  write,
} from './editor.ts';
import { exampleFiles } from './example.ts';

describe('the build context', () => {
  let document: vscode.TextDocument;

  before(async () => {
    ({ document } = await show(inExample('Dockerfile')));
  });
  after(discard);

  const says = (text: string) => expectMessage(document, 'copy-before-install', text);
  const counts = (files: number) => says(`${files} files`);

  if (inWebWorker) {
    it('is said to be unknown where files are out of reach, and nothing is fixed that depends on it', async () => {
      const { range, message } = await says('not known');
      includes(message, 'no fix');
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        range,
      );
      equal(
        actions.filter(({ title }) => title.startsWith('Copy ')).map(({ title }) => title),
        [],
      );
    });
    return;
  }

  it('is counted', async () => {
    await counts(exampleFiles);
    includes(await hoverAt(document, 'COPY . .'), `${exampleFiles} files`);
  });

  it('is followed when a file comes and goes', async () => {
    await write('src/new.ts', 'export {};\n');
    await counts(exampleFiles + 1);
    await vscode.workspace.fs.delete(inExample('src/new.ts'));
    await counts(exampleFiles);
  });

  it('is followed when a folder comes and goes', async () => {
    for (const name of ['a', 'b', 'c']) await write(`src/more/${name}.ts`, 'export {};\n');
    await counts(exampleFiles + 3);
    await vscode.workspace.fs.delete(inExample('src/more'), { recursive: true });
    await counts(exampleFiles);
  });

  it('leaves out what .dockerignore names', async () => {
    await write('dist/server.js', '');
    await write('build.log', '');
    await write('z.ts', '');
    await counts(exampleFiles + 1);
    for (const name of ['dist', 'build.log', 'z.ts'])
      await vscode.workspace.fs.delete(inExample(name), { recursive: true });
    await counts(exampleFiles);
  });

  it('is followed when .dockerignore changes', async () => {
    const original = await vscode.workspace.fs.readFile(inExample('.dockerignore'));
    await write('.dockerignore', `${new TextDecoder().decode(original)}test\n`);
    await counts(exampleFiles - 2);
    await vscode.workspace.fs.writeFile(inExample('.dockerignore'), original);
    await counts(exampleFiles);
  });

  it('is what a compose file builds, with the .env beside it', async () => {
    const says = (service: vscode.TextDocument, text: string) =>
      until(`a hover that says "${text}"`, async () => (await hoverAt(service, 'FROM')).includes(text));
    await write('service/Dockerfile', 'FROM alpine:3.22\nCOPY . /app\n');
    await write(
      'service/compose.yaml',
      'services: { a: { build: { context: "${DIR:-.}", dockerfile: "${AT-}Dockerfile" } } }\n',
    );
    const { document: service } = await show(inExample('service/Dockerfile'));
    await says(service, 'service a in service/compose.yaml)');
    await write('service/.env', 'DIR=.. # the top\nexport AT="service/"\n');
    await says(service, 'service a in service/compose.yaml and the .env beside it)');
    await vscode.workspace.fs.delete(inExample('service/.env'));
    await says(service, 'service a in service/compose.yaml)');
    await discard();
    await vscode.workspace.fs.delete(inExample('service'), { recursive: true });
    await show(document.uri);
    await counts(exampleFiles);
  });

  it('is what a fix copies from: the manifests that are there', async () => {
    const { range } = await says('npm ci');
    await apply(await codeAction(document, range, /^Copy package\.json and package-lock\.json first/));
    await until('copy-before-install is gone', () => !findings(document).join().includes('copy-before-install'));
    const order = /\nCOPY package\.json package-lock\.json \S+\nRUN npm ci\nCOPY \. \.\n/;
    ok(order.test(document.getText()), document.getText());
  });
});
