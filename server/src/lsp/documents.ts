import type { TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { type Analysis, analyze } from '../core/analyze.ts';
import { type Config, defaultConfig } from '../core/config.ts';
import type { Facts } from '../core/workspace.ts';
import { kindOf } from './convert.ts';
import type { Host } from './host.ts';
import type { Log } from './log.ts';
import type { Settings } from './settings.ts';

/** One version of an open Dockerfile under one set of facts and settings. Offsets go with `document` at `version` only. */
export interface Analysed {
  readonly document: TextDocument;
  readonly version: number;
  readonly analysis: Analysis;
  /** Names this very analysis, for pull diagnostics. */
  readonly resultId: string;
}

export interface Analyses {
  /** The analysis of what the document holds now, made when it is first asked for; undefined for what is no open Dockerfile. */
  get(uri: string): Analysed | undefined;
  forget(uri: string): void;
  /** URIs of the open Dockerfiles. */
  dockerfiles(): string[];
}

interface Inputs {
  readonly facts: Facts;
  readonly config: Config;
}

export function createAnalyses(
  documents: TextDocuments<TextDocument>,
  host: Host,
  settings: Settings,
  log: Log,
  analysed: (result: Analysed) => void,
): Analyses {
  const known = new Map<string, Analysed>();
  let count = 0;

  const make = (document: TextDocument, { facts, config }: Inputs, before: Analysed | undefined): Analysed => {
    const analysis = analyze(document.getText(), facts, config, before?.analysis);
    for (const failure of analysis.failures) log.error('A rule failed, the others went on', failure);
    count++;
    return { document, version: document.version, analysis, resultId: String(count) };
  };

  return {
    get(uri) {
      const document = documents.get(uri);
      if (!document || kindOf(document) !== 'dockerfile') return undefined;
      const inputs: Inputs = { facts: host.facts(uri), config: settings.get(uri) ?? defaultConfig };
      const last = known.get(uri);
      if (last && isCurrent(last, document, inputs)) return last;
      const result = make(document, inputs, last);
      known.set(uri, result);
      analysed(result);
      return result;
    },
    forget: (uri) => void known.delete(uri),
    dockerfiles: () =>
      documents
        .all()
        .filter((document) => kindOf(document) === 'dockerfile')
        .map(({ uri }) => uri),
  };
}

// A document that was closed and opened again may count its versions from 1 anew.
const isCurrent = ({ analysis, version, document }: Analysed, now: TextDocument, { facts, config }: Inputs): boolean =>
  document === now && version === now.version && analysis.facts === facts && analysis.config === config;
