import { noFacts, noIgnoreFacts } from '../core/workspace.ts';
import type { Host } from '../lsp/host.ts';

const nothing = (): void => {};

/** A host that cannot reach files: the analysis rests on the text alone, and all that depends on files is unknown. */
export const textOnlyHost: Host = {
  start: nothing,
  setFolders: nothing,
  watch: nothing,
  watchIgnore: nothing,
  unwatch: nothing,
  setText: nothing,
  filesChanged: nothing,
  facts: () => noFacts,
  ignoreFacts: () => noIgnoreFacts,
  uriOf: () => undefined,
  look: async () => undefined,
  candidates: async () => undefined,
  pathsIn: async () => [],
  reads: 0,
  dispose: nothing,
};
