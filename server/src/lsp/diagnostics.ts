import {
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
} from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Finding, Severity } from '../core/rule.ts';
import type { ClientProfile } from './clientProfile.ts';
import { rangeOf } from './convert.ts';
import { byKind, onIgnoreFile } from './ignore/request.ts';
import { onDockerfile, type Session } from './session.ts';

export const source = 'cache-lens';

const severities: Record<Severity, DiagnosticSeverity> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** The URI of a rule's page; undefined where the client did not say where the pages are. */
export const pageOf = (rule: string, { options }: ClientProfile): string | undefined =>
  options.docs && `${options.docs}/${rule}.md`;

/** A Dockerfile or an ignore file with what was found in it. */
export interface Checked {
  readonly document: TextDocument;
  readonly version: number;
  readonly resultId: string;
  readonly analysis: { readonly findings: readonly Finding[] };
}

export function toDiagnostic(
  { document }: Pick<Checked, 'document'>,
  finding: Finding,
  client: ClientProfile,
): Diagnostic {
  const page = client.codeDescription ? pageOf(finding.rule, client) : undefined;
  const related = client.relatedInformation ? finding.related : [];
  return {
    range: rangeOf(document, finding.span),
    severity: severities[finding.severity],
    source,
    code: finding.rule,
    message: finding.message,
    ...(page && { codeDescription: { href: page } }),
    ...(related.length > 0 && {
      relatedInformation: related.map(({ span, message }) => ({
        location: { uri: document.uri, range: rangeOf(document, span) },
        message,
      })),
    }),
    ...(client.diagnosticTags && finding.unnecessary && { tags: [DiagnosticTag.Unnecessary] }),
  };
}

const diagnosticsOf = (analysed: Checked, client: ClientProfile): Diagnostic[] =>
  analysed.analysis.findings.map((finding) => toDiagnostic(analysed, finding, client));

export interface Diagnostics {
  /** The document's text is new. A client that asks does so by itself. */
  edited(uri: string): void;
  /** These documents may have other diagnostics now, because their facts or settings changed. */
  changed(uris: readonly string[]): void;
  /** The document was closed. */
  closed(uri: string): void;
}

/** Clients that can, ask; the others are told. */
export function createDiagnostics(session: Session): Diagnostics {
  return session.client.pullDiagnostics ? pulled(session) : pushed(session);
}

function pulled(session: Session): Diagnostics {
  const { connection, client, log } = session;
  const nothing: DocumentDiagnosticReport = { kind: 'full', items: [] };
  const report = (analysed: Checked, { previousResultId }: DocumentDiagnosticParams): DocumentDiagnosticReport => {
    const { resultId } = analysed;
    if (previousResultId === resultId) return { kind: 'unchanged', resultId };
    return { kind: 'full', resultId, items: diagnosticsOf(analysed, client) };
  };
  connection.languages.diagnostics.on(
    byKind(session, onDockerfile(session, nothing, report), onIgnoreFile(session, nothing, report)),
  );
  return {
    edited() {},
    changed() {
      if (!client.refreshDiagnostics) return;
      connection.languages.diagnostics
        .refresh()
        .catch((error) => log.error('The diagnostics were not refreshed', error));
    },
    closed() {},
  };
}

function pushed(session: Session): Diagnostics {
  const { connection, client, settings, analyses, ignores, log } = session;
  const waiting = new Set<string>();

  const publish = async (uri: string): Promise<void> => {
    try {
      await settings.load(uri);
      waiting.delete(uri);
      const analysed = analyses.get(uri) ?? (await ignores.load(uri));
      if (!analysed) return;
      const { version } = analysed;
      await connection.sendDiagnostics({ uri, version, diagnostics: diagnosticsOf(analysed, client) });
    } catch (error) {
      waiting.delete(uri);
      log.error('The diagnostics were not sent', error);
    }
  };

  // Changes that arrive together are analysed once: the timer fires when the queue of messages has been read.
  const schedule = (uri: string): void => {
    if (waiting.has(uri)) return;
    waiting.add(uri);
    setTimeout(() => void publish(uri), 0);
  };

  return {
    edited: schedule,
    changed: (uris) => uris.forEach(schedule),
    closed: (uri) => void connection.sendDiagnostics({ uri, diagnostics: [] }),
  };
}
