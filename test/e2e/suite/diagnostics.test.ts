import * as vscode from 'vscode';
import { equal, includes, ok } from './assert.ts';
import { diagnostics, discard, expectFindings, expectMessage, hoverAt, inExample, ruleOf, show } from './editor.ts';
import { exampleFindings } from './example.ts';

describe('the example', () => {
  let document: vscode.TextDocument;

  before(async () => {
    ({ document } = await show(inExample('Dockerfile')));
  });
  after(discard);

  it('has its findings, each at its line', () => expectFindings(document, exampleFindings));

  it('marks causes as warnings and what could be better more quietly', () => {
    for (const diagnostic of diagnostics(document)) {
      const quiet = ruleOf(diagnostic) === 'missing-cache-mount';
      equal(diagnostic.severity === vscode.DiagnosticSeverity.Warning, !quiet, ruleOf(diagnostic));
    }
  });

  it('links each finding to the page of its rule', () => {
    for (const { code } of diagnostics(document)) {
      ok(typeof code === 'object', 'no link');
      includes(code.target.path, `/docs/rules/${code.value}.md`);
    }
  });

  it('names the steps that run again', async () => {
    const { relatedInformation } = await expectMessage(document, 'copy-before-install', 'npm ci');
    equal(
      relatedInformation?.map(({ location }) => document.lineAt(location.range.start).text),
      ['RUN npm ci'],
    );
  });

  it('explains a step on hover', async () => {
    const text = await hoverAt(document, 'npm ci');
    includes(text, 'GIT_SHA');
    includes(text, 'COPY . .');
  });

  it('explains an argument and a mount on hover', async () => {
    includes(await hoverAt(document, 'ARG GIT_SHA'), 'every later RUN');
    includes(await hoverAt(document, '--mount=type=cache'), '/root/.npm');
  });
});
