import type {
  Diagnostic,
  DocumentDiagnosticReport,
  Position,
  TextDocumentContentChangeEvent,
} from 'vscode-languageserver/node';

export const uri = 'file:///w/Dockerfile';
/** A Dockerfile with one finding, of split-apt-update. */
export const split = 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n';
export const at = (line: number, character: number): Position => ({ line, character });
export const insertion = (position: Position, text: string): TextDocumentContentChangeEvent => ({
  range: { start: position, end: position },
  text,
});

export function itemsOf(report: DocumentDiagnosticReport): Diagnostic[] {
  if (report.kind !== 'full') throw new Error(`the report is ${report.kind}`);
  return report.items;
}

export const codes = (items: readonly Diagnostic[]): unknown[] => items.map(({ code }) => code);
