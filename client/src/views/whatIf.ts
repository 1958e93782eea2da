import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { dockerfilePattern, editedSchemes } from '../documents.ts';
import { type Change, type WhatIfAnswer, type WhatIfStep, whatIfMethod } from '../protocol.ts';
import { argumentAt } from './argumentAt.ts';
import { createMarks } from './marks.ts';

/** What a change does to the steps of one Dockerfile. */
export interface Touched extends WhatIfAnswer {
  readonly dockerfile: vscode.Uri;
}

export interface Item extends vscode.QuickPickItem {
  /** Of a step; separators have none. */
  readonly step?: readonly [Touched, WhatIfStep];
}

export interface WhatIf extends vscode.Disposable {
  /** Asks the server about Dockerfiles: those given, or all that are known. */
  touched(change: Change, dockerfiles?: readonly vscode.Uri[], token?: vscode.CancellationToken): Promise<Touched[]>;
  /** What there is to choose from: the steps under the names of their Dockerfiles. */
  items(touched: readonly Touched[]): Item[];
  /** Opens a Dockerfile, marks its touched steps and goes to one of them. */
  show(touched: Touched, step: WhatIfStep): Promise<void>;
  /** The Dockerfile whose steps are marked, and the steps. */
  shown(): Touched | undefined;
}

/** Dockerfiles that are asked about at most. */
const most = 50;

export function createWhatIf(client: BaseLanguageClient): WhatIf {
  const marks = createMarks();
  const touched: WhatIf['touched'] = async (change, dockerfiles, token) => {
    const answers: Touched[] = [];
    for (const dockerfile of dockerfiles ?? (await knownDockerfiles(token))) {
      if (token?.isCancellationRequested) break;
      const params = { dockerfile: client.code2ProtocolConverter.asUri(dockerfile), change };
      answers.push({ dockerfile, ...(await client.sendRequest<WhatIfAnswer>(whatIfMethod, params)) });
    }
    return answers;
  };
  const show: WhatIf['show'] = async (one, step) => {
    const document = await vscode.workspace.openTextDocument(one.dockerfile);
    const editor = await vscode.window.showTextDocument(document, { preview: false });
    const { range } = document.lineAt(Math.min(step.line, document.lineCount) - 1);
    editor.selection = new vscode.Selection(range.start, range.start);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    marks.show(one);
  };
  const choose = async (what: string, change: Change, dockerfiles?: readonly vscode.Uri[]): Promise<void> => {
    const answers = await withProgress((token) => touched(change, dockerfiles, token));
    if (!answers) return;
    const items = itemsOf(answers);
    if (items.length === 0) {
      void vscode.window.showInformationMessage(whyNothing(what, answers));
      return;
    }
    const placeHolder = `Steps that run again if ${what} changes`;
    const item = await vscode.window.showQuickPick(items, {
      placeHolder,
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (item?.step) await show(...item.step);
  };
  const commands = [
    vscode.commands.registerCommand('cacheLens.whatIfFileChanges', async (uri?: unknown) => {
      const file = uri instanceof vscode.Uri ? uri : vscode.window.activeTextEditor?.document.uri;
      if (file)
        await choose(vscode.workspace.asRelativePath(file), { file: client.code2ProtocolConverter.asUri(file) });
      else void vscode.window.showInformationMessage('Open a file first: the question is what rebuilds if it changes.');
    }),
    vscode.commands.registerCommand('cacheLens.whatIfArgumentChanges', async () => {
      const { document, selection } = vscode.window.activeTextEditor ?? {};
      const argument =
        document && selection && argumentAt(document.lineAt(selection.active).text, selection.active.character);
      if (argument) await choose(`the argument ${argument}`, { argument }, [document.uri]);
      else
        void vscode.window.showInformationMessage('Put the cursor on an ARG of a Dockerfile, or on a variable, first.');
    }),
    vscode.commands.registerCommand('cacheLens.clearWhatIf', marks.clear),
  ];
  const dispose = () => void vscode.Disposable.from(marks, ...commands).dispose();
  return { touched, items: itemsOf, show, shown: marks.shown, dispose };
}

/** Undefined where the user gave up. */
const withProgress = <T>(task: (token: vscode.CancellationToken) => Promise<T>): Thenable<T | undefined> =>
  vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Reading build contexts', cancellable: true },
    async (_, token) => {
      const result = await task(token);
      return token.isCancellationRequested ? undefined : result;
    },
  );

/** Files with names like those of Dockerfiles: ignore files, scripts and templates beside them, notes. */
const isOther = /\.dockerignore$|file[-_][^/]*\.(md|txt|sh|template|tmpl|tpl|j2|erb)$/;

/** Open ones first, then those that are found by their names. */
export async function knownDockerfiles(token?: vscode.CancellationToken): Promise<vscode.Uri[]> {
  const schemes = editedSchemes();
  const open = vscode.workspace.textDocuments.filter(
    ({ languageId, isClosed, uri }) => languageId === 'dockerfile' && !isClosed && schemes.has(uri.scheme),
  );
  const found = await vscode.workspace.findFiles(dockerfilePattern, '**/{node_modules,.git}/**', 2 * most, token);
  const all = [...open.map(({ uri }) => uri), ...found.sort(byPath)];
  const unique = new Map(all.map((uri) => [uri.toString(), uri]));
  return [...unique.values()].filter(({ path }) => !isOther.test(path)).slice(0, most);
}

const byPath = (a: vscode.Uri, b: vscode.Uri): number => (a.path < b.path ? -1 : Number(a.path > b.path));

const outcomes = { runs: 'runs again', depends: 'depends' };

const itemsOf = (all: readonly Touched[]): Item[] =>
  all.flatMap((touched): Item[] => {
    const separator = {
      label: vscode.workspace.asRelativePath(touched.dockerfile),
      kind: vscode.QuickPickItemKind.Separator,
    };
    const items = touched.steps.map((step) => ({
      label: step.instruction,
      description: `line ${step.line} · ${outcomes[step.outcome]}`,
      detail: step.because,
      step: [touched, step] as const,
    }));
    return items.length > 0 ? [separator, ...items] : [];
  });

function whyNothing(what: string, answers: readonly Touched[]): string {
  const [first] = answers;
  if (!first) return 'There is no Dockerfile in this workspace.';
  const reasons = new Set(answers.map(({ message }) => message));
  const reason = reasons.size === 1 && first.message !== null ? ` ${first.message}` : '';
  const where =
    answers.length === 1 ? vscode.workspace.asRelativePath(first.dockerfile) : `${answers.length} Dockerfiles`;
  return `No step of ${where} is known to run again if ${what} changes.${reason}`;
}
