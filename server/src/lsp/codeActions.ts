import { type CodeAction, CodeActionKind, type CodeActionParams, type Diagnostic } from 'vscode-languageserver';
import { fixAll, fixAllOfIgnoreFile } from '../core/fixAll.ts';
import type { Edit } from '../core/fixes.ts';
import type { Finding } from '../core/rule.ts';
import { touches } from '../core/syntax/span.ts';
import { fixAllKind, openRule } from './capabilities.ts';
import { spanOf } from './convert.ts';
import { type Checked, pageOf, source, toDiagnostic } from './diagnostics.ts';
import { byKind, onIgnoreFile } from './ignore/request.ts';
import { onDockerfile, type Session } from './session.ts';
import { type Suppressible, suppressHere, suppressInFile } from './suppress.ts';
import { type Edited, toFixEdit, toWorkspaceEdit } from './workspaceEdit.ts';

/** One request for code actions and what answers it. */
interface Ask {
  readonly session: Session;
  readonly analysed: Checked & Edited;
  readonly params: CodeActionParams;
  readonly commented: Suppressible;
  /** What all safe fixes together make of it. */
  allEdits(): readonly Edit[];
}

export function provideCodeActions(session: Session): void {
  const dockerfile = onDockerfile(session, [], (analysed, params: CodeActionParams): CodeAction[] => {
    const { analysis } = analysed;
    const allEdits = () => fixAll(analysis, 'safe').edits;
    return answer({ session, analysed, params, commented: analysis.dockerfile, allEdits });
  });
  const ignoreFile = onIgnoreFile(session, [], (analysed, params: CodeActionParams): CodeAction[] => {
    const { analysis } = analysed;
    const commented = { ...analysis.file, instructions: analysis.file.patterns };
    const allEdits = () => fixAllOfIgnoreFile(analysis, 'safe').edits;
    // Its fixes edit no other file.
    const { findings, facts } = analysis;
    const edited = { ...analysed, analysis: { findings, facts: { folder: facts.folder } } };
    return answer({ session, analysed: edited, params, commented, allEdits });
  });
  session.connection.onCodeAction(byKind(session, dockerfile, ignoreFile));
}

const answer = (ask: Ask): CodeAction[] => [
  ...(wants(ask.params, CodeActionKind.QuickFix) ? quickFixes(ask) : []),
  ...(asksFor(ask.params, fixAllKind) ? allFixes(ask) : []),
];

const includes = (only: string, kind: string): boolean => only === '' || kind === only || kind.startsWith(`${only}.`);

/** Whether the client asked for this kind by name; all fixes are worked out on request alone, not at every move of the cursor. */
const asksFor = ({ context }: CodeActionParams, kind: string): boolean =>
  context.only?.some((only) => includes(only, kind)) ?? false;

const wants = (params: CodeActionParams, kind: string): boolean => !params.context.only || asksFor(params, kind);

function quickFixes(ask: Ask): CodeAction[] {
  const { document, analysis } = ask.analysed;
  const range = spanOf(document, ask.params.range);
  const findings = analysis.findings.filter(({ span }) => touches(span, range.start) || touches(range, span.start));
  const firstOfRule = findings.filter(({ rule }, at) => findings.findIndex((other) => other.rule === rule) === at);
  return [
    ...findings.flatMap((finding) => fixesOf(ask, finding)),
    ...findings.flatMap((finding) => suppressionHere(ask, finding)),
    ...firstOfRule.map((finding) => suppressionInFile(ask, finding)),
    ...firstOfRule.flatMap((finding) => page(ask, finding)),
  ];
}

/** What every quick fix has. */
const quickFix = (ask: Ask, finding: Finding, title: string) => ({
  title,
  kind: CodeActionKind.QuickFix,
  diagnostics: [diagnosticOf(ask, finding)],
});

function fixesOf(ask: Ask, finding: Finding): CodeAction[] {
  const best = finding.fixes.find(({ applicability }) => applicability === 'safe');
  return finding.fixes.flatMap((fix) => {
    const edit = toFixEdit(ask.session, ask.analysed, fix);
    return edit ? [{ ...quickFix(ask, finding, fix.title), edit, isPreferred: fix === best }] : [];
  });
}

function suppressionHere(ask: Ask, finding: Finding): CodeAction[] {
  const edit = suppressHere(ask.commented, finding);
  if (!edit) return [];
  const line = ask.analysed.document.positionAt(finding.span.start).line + 1;
  return [editing(ask, finding, `Ignore ${finding.rule} on line ${line}`, edit)];
}

const suppressionInFile = (ask: Ask, finding: Finding): CodeAction =>
  editing(ask, finding, `Ignore ${finding.rule} in this file`, suppressInFile(ask.commented, finding));

const editing = (ask: Ask, finding: Finding, title: string, edit: Edit): CodeAction => ({
  ...quickFix(ask, finding, title),
  edit: toWorkspaceEdit(ask.session, ask.analysed, [edit]),
});

function page(ask: Ask, finding: Finding): CodeAction[] {
  const { client } = ask.session;
  if (!pageOf(finding.rule, client) || !client.showDocument) return [];
  const title = `Show the page of ${finding.rule}`;
  return [{ ...quickFix(ask, finding, title), command: { title, command: openRule, arguments: [finding.rule] } }];
}

/** The client's own diagnostic where it sent it along, so that it recognises the one that the action mends. */
function diagnosticOf({ session, analysed, params }: Ask, finding: Finding): Diagnostic {
  const own = toDiagnostic(analysed, finding, session.client);
  const same = (sent: Diagnostic): boolean =>
    sent.source === source && sent.code === own.code && JSON.stringify(sent.range) === JSON.stringify(own.range);
  return params.context.diagnostics.find(same) ?? own;
}

function allFixes({ session, analysed, allEdits }: Ask): CodeAction[] {
  const edits = allEdits();
  const edit = edits.length > 0 ? toWorkspaceEdit(session, analysed, edits) : undefined;
  return edit ? [{ title: 'Apply all safe Cache Lens fixes', kind: fixAllKind, edit }] : [];
}
