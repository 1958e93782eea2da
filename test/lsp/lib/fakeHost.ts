import type { Config } from '../../../server/src/core/config.ts';
import {
  type ContextSnapshot,
  type Facts,
  type IgnoreFacts,
  noFacts,
  noIgnoreFacts,
} from '../../../server/src/core/workspace.ts';
import type { FileChange, Host, HostEvents } from '../../../server/src/lsp/host.ts';

/** A host whose facts a test sets, and that keeps what it was told. */
export interface FakeHost extends Host {
  readonly told: {
    folders: readonly string[];
    readonly watched: Map<string, Config>;
    readonly texts: Map<string, string>;
    readonly changes: FileChange[];
    disposed: boolean;
  };
  /** New facts for a Dockerfile, announced as a real host does. */
  setFacts(uri: string, facts: Facts): void;
  setIgnoreFacts(uri: string, facts: IgnoreFacts): void;
}

export function fakeHost(): FakeHost {
  const facts = new Map<string, Facts>();
  const ignoreFacts = new Map<string, IgnoreFacts>();
  const told: FakeHost['told'] = { folders: [], watched: new Map(), texts: new Map(), changes: [], disposed: false };
  let events: HostEvents | undefined;
  return {
    told,
    reads: 0,
    start(folders, listener) {
      told.folders = folders;
      events = listener;
    },
    setFolders(folders) {
      told.folders = folders;
    },
    watch: (uri, config) => void told.watched.set(uri, config),
    watchIgnore: (uri, config) => void told.watched.set(uri, config),
    ignoreFacts: (uri) => ignoreFacts.get(uri) ?? noIgnoreFacts,
    unwatch: (uri) => void told.watched.delete(uri),
    setText: (uri, text) => void (text === undefined ? told.texts.delete(uri) : told.texts.set(uri, text)),
    filesChanged: (changes) => void told.changes.push(...changes),
    facts: (uri) => facts.get(uri) ?? noFacts,
    uriOf: (uri, path) => (facts.get(uri)?.context ? new URL(path, uri).toString() : undefined),
    look: async () => undefined,
    candidates: async () => undefined,
    pathsIn: async () => [],
    dispose() {
      told.disposed = true;
    },
    setIgnoreFacts(uri, found) {
      ignoreFacts.set(uri, found);
      events?.factsChanged([uri]);
    },
    setFacts(uri, found) {
      facts.set(uri, found);
      events?.factsChanged([uri]);
    },
  };
}

/** Facts about a context with these files, path → text. */
export function factsOf(files: Readonly<Record<string, string>>): Facts {
  const entries = Object.keys(files)
    .sort()
    .map((path) => ({ path, type: 'file' as const, size: files[path]?.length ?? 0, mode: 0o644 }));
  const context: ContextSnapshot = {
    root: '/w',
    reason: "the Dockerfile's folder",
    entries,
    get: (path) => entries.find((entry) => entry.path === path),
    exists: (path) => path in files,
    text: (path) => files[path],
    digest: () => undefined,
    dockerfile: undefined,
    ignore: undefined,
    excluded: { files: 0, bytes: 0 },
    truncated: false,
  };
  return { context, history: undefined };
}
