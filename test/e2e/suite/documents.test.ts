import * as vscode from 'vscode';
import { equal, ok } from './assert.ts';
import { discard, exampleFolder, expectFindings, extension, inExample, show, showText, until } from './editor.ts';
import { exampleFindings } from './example.ts';

const split = 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends curl\n';

describe('documents', () => {
  afterEach(discard);

  it('opening a Dockerfile starts the extension', async () => {
    await show(inExample('Dockerfile'));
    await until('the extension is active', () => extension().isActive);
  });

  it('a folder may have a space in its name', async () => {
    ok(exampleFolder().path.endsWith('/node app'), exampleFolder().toString());
    await expectFindings((await show(inExample('Dockerfile'))).document, exampleFindings);
  });

  it('an unsaved document is checked from its text alone', async () => {
    const { document } = await showText(split, 'dockerfile');
    equal(document.isUntitled, true);
    await expectFindings(document, ['split-apt-update 2', 'missing-cache-mount 3']);
  });

  it('each edit is followed', async () => {
    const editor = await showText(split, 'dockerfile');
    await expectFindings(editor.document, ['split-apt-update 2', 'missing-cache-mount 3']);
    await editor.edit((edit) => edit.insert(new vscode.Position(1, 0), '\n\n'));
    await expectFindings(editor.document, ['split-apt-update 4', 'missing-cache-mount 5']);
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, 9, 0), 'FROM scratch\n'));
    await expectFindings(editor.document, []);
  });

  it('a document may end its lines with CRLF', async () => {
    const { document } = await showText(split.replaceAll('\n', '\r\n'), 'dockerfile');
    equal(document.eol, vscode.EndOfLine.CRLF);
    await expectFindings(document, ['split-apt-update 2', 'missing-cache-mount 3']);
  });

  it('nonsense is no reason to stop', async () => {
    const nonsense = await showText(
      '\u0000FROM\nRUN <<\nCOPY --from=\n\\\nONBUILD ONBUILD\n"'.repeat(50),
      'dockerfile',
    );
    await nonsense.edit((edit) => edit.insert(new vscode.Position(0, 0), 'RUN [\\\n'));
    await discard();
    await expectFindings((await show(inExample('Dockerfile'))).document, exampleFindings);
  });

  it('files are known by their names', async () => {
    const dockerfiles = [
      'Dockerfile.dev',
      'Dockerfile-dev',
      'Dockerfile_ci',
      'Dockerfile-8.0-alpine',
      'api.dockerfile',
    ];
    dockerfiles.push('Containerfile', 'Containerfile.dev', 'Containerfile-base');
    const ignoreFiles = ['.dockerignore', 'Dockerfile.dockerignore', 'Containerfile.dockerignore', 'x.dockerignore'];
    ignoreFiles.push('Dockerfile-dev.dockerignore', 'Dockerfile_api.dev.dockerignore');
    const groups = {
      dockerfile: dockerfiles,
      dockerignore: ignoreFiles,
      markdown: ['Dockerfile-notes.md'],
      typescript: ['dockerfile-parser.ts', 'dockerfile_parser.test.ts'],
    };
    for (const [language, names] of Object.entries(groups)) {
      for (const name of names) {
        const uri = inExample(`nowhere/${name}`).with({ scheme: 'untitled' });
        equal((await vscode.workspace.openTextDocument(uri)).languageId, language, name);
      }
    }
  });
});
