import type { TextDocuments } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { analyzeIgnoreSteps, type IgnoreAnalysis } from '../../core/analyzeIgnoreFile.ts';
import { type Config, defaultConfig } from '../../core/config.ts';
import type { IgnoreFacts } from '../../core/workspace.ts';
import { kindOf } from '../convert.ts';
import type { Host } from '../host.ts';
import type { Log } from '../log.ts';
import type { Settings } from '../settings.ts';

/** One version of an open ignore file under one set of facts and settings. */
export interface AnalysedIgnore {
  readonly document: TextDocument;
  readonly version: number;
  readonly analysis: IgnoreAnalysis;
  readonly resultId: string;
}

export interface IgnoreAnalyses {
  /** The analysis of what the document holds now; undefined for what is no open ignore file. Others get their turn while it is made. */
  load(uri: string): Promise<AnalysedIgnore | undefined>;
  forget(uri: string): void;
  /** URIs of the open ignore files. */
  all(): string[];
}

interface Inputs {
  readonly document: TextDocument;
  readonly version: number;
  readonly facts: IgnoreFacts;
  readonly config: Config;
}

interface Entry {
  readonly inputs: Inputs;
  readonly result: Promise<AnalysedIgnore>;
}

/** Milliseconds of work after which others get their turn. */
const slice = 10;

/** Works off a generator in slices; the first one is done at once, and for most files it is the only one. */
async function inSlices<T>(steps: Generator<undefined, T>): Promise<T> {
  for (let start = Date.now(); ; ) {
    const step = steps.next();
    if (step.done) return step.value;
    if (Date.now() - start < slice) continue;
    await new Promise((resolve) => setTimeout(resolve, 0));
    start = Date.now();
  }
}

export function createIgnoreAnalyses(
  documents: TextDocuments<TextDocument>,
  host: Host,
  settings: Settings,
  log: Log,
): IgnoreAnalyses {
  const known = new Map<string, Entry>();
  let count = 0;

  const make = async (inputs: Inputs): Promise<AnalysedIgnore> => {
    const { document, version, facts, config } = inputs;
    const analysis = await inSlices(analyzeIgnoreSteps(document.getText(), facts, config));
    for (const failure of analysis.failures) log.error('A rule failed, the others went on', failure);
    count++;
    return { document, version, analysis, resultId: `ignore ${count}` };
  };

  const inputsOf = (uri: string): Inputs | undefined => {
    const document = documents.get(uri);
    if (!document || kindOf(document) !== 'ignore') return undefined;
    const config = settings.get(uri) ?? defaultConfig;
    return { document, version: document.version, facts: host.ignoreFacts(uri), config };
  };

  const load = async (uri: string): Promise<AnalysedIgnore | undefined> => {
    const inputs = inputsOf(uri);
    if (!inputs) return undefined;
    const last = known.get(uri);
    const entry = last && sameInputs(last.inputs, inputs) ? last : { inputs, result: make(inputs) };
    known.set(uri, entry);
    const result = await entry.result;
    // What arrived in the meantime makes the result stale: its offsets would be those of another text.
    const now = inputsOf(uri);
    return !now || sameInputs(now, inputs) ? result : load(uri);
  };

  return {
    load,
    forget: (uri) => void known.delete(uri),
    all: () =>
      documents
        .all()
        .filter((document) => kindOf(document) === 'ignore')
        .map(({ uri }) => uri),
  };
}

const sameInputs = (a: Inputs, b: Inputs): boolean =>
  a.document === b.document && a.version === b.version && a.facts === b.facts && a.config === b.config;
