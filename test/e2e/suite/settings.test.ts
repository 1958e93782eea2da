import * as vscode from 'vscode';
import {
  diagnostics,
  discard,
  expectFindings,
  expectMessage,
  inExample,
  ruleOf,
  show,
  until,
  withSetting,
} from './editor.ts';
import { exampleFindings } from './example.ts';

const without = (rule: string) => exampleFindings.filter((finding) => !finding.startsWith(rule));

describe('settings', () => {
  let document: vscode.TextDocument;

  beforeEach(async () => {
    ({ document } = await show(inExample('Dockerfile')));
    await expectFindings(document, exampleFindings);
  });
  afterEach(async () => {
    await expectFindings(document, exampleFindings);
    await discard();
  });

  it('turn a rule off, at once', () =>
    withSetting('rules', { 'early-arg': 'off' }, () => expectFindings(document, without('early-arg'))));

  it('change how loud a rule is', () =>
    withSetting('rules', { 'early-arg': 'hint' }, async () => {
      const { Hint } = vscode.DiagnosticSeverity;
      await until(
        'a hint',
        () => diagnostics(document).find((each) => ruleOf(each) === 'early-arg')?.severity === Hint,
      );
    }));

  it('that make no sense change nothing', () =>
    withSetting('rules', { 'early-arg': 'of', 7: [] }, async () => {
      await withSetting('buildArgs', 'x', () => expectFindings(document, exampleFindings));
    }));
});

const [, second] = vscode.workspace.workspaceFolders ?? [];
if (second) {
  describe('a workspace of several folders', () => {
    const open = async () => (await show(vscode.Uri.joinPath(second.uri, 'Dockerfile'))).document;

    it('has findings in each of them', async () => {
      const document = await open();
      await expectMessage(document, 'copy-before-install', 'pip install');
      await expectFindings((await show(inExample('Dockerfile'))).document, exampleFindings);
    });

    it('has settings for each of them', async () => {
      const off = { 'copy-before-install': 'off' };
      const gone = (document: vscode.TextDocument) => () =>
        !diagnostics(document).map(ruleOf).includes('copy-before-install');
      await withSetting(
        'rules',
        off,
        async () => {
          await until('copy-before-install is gone', gone(await open()));
          await expectFindings((await show(inExample('Dockerfile'))).document, exampleFindings);
        },
        second.uri,
      );
      await expectMessage(await open(), 'copy-before-install', '');
    });
  });
}
