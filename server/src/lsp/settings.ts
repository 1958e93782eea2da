import type { Connection } from 'vscode-languageserver';
import { type Config, defaultConfig, parseConfig } from '../core/config.ts';
import type { ClientProfile } from './clientProfile.ts';
import type { Log } from './log.ts';

/** The configuration of each workspace folder: asked for once, kept until it changes. */
export interface Settings {
  /** The checked configuration in force for a document. Never rejects: what cannot be had is at its default. */
  load(uri: string): Promise<Config>;
  /** What `load` last found; undefined before. The same object until `reset`. */
  get(uri: string): Config | undefined;
  /** Forget all; `pushed` is what a client sent along that does not answer requests for its settings. */
  reset(pushed?: unknown): void;
  setFolders(folders: readonly string[]): void;
  setTrusted(trusted: boolean): void;
  isTrusted(): boolean;
}

interface Entry {
  readonly loading: Promise<Config>;
  config: Config | undefined;
}

export function createSettings(connection: Connection, client: ClientProfile, log: Log): Settings {
  const entries = new Map<string, Entry>();
  let { folders } = client;
  let { trusted, settings: pushed } = client.options;

  const ask = async (scope: string): Promise<unknown> => {
    if (!client.configuration) return pushed;
    try {
      return await connection.workspace.getConfiguration({ section: 'cacheLens', scopeUri: scope || undefined });
    } catch (error) {
      log.error('The settings could not be read, so the defaults are used', error);
      return undefined;
    }
  };

  const read = async (scope: string): Promise<Config> => {
    const { config, problems } = parseConfig(await ask(scope));
    for (const problem of problems) log.warn(`Settings: ${problem}`);
    return trusted ? config : { ...config, history: false };
  };

  const entryOf = (scope: string): Entry => {
    const known = entries.get(scope);
    if (known) return known;
    const loading = read(scope).catch((error) => {
      log.error('The settings could not be checked, so the defaults are used', error);
      return defaultConfig;
    });
    const entry: Entry = { loading, config: undefined };
    void loading.then((config) => {
      entry.config = config;
    });
    entries.set(scope, entry);
    return entry;
  };

  // Documents of one folder share one request; a document outside all folders has the user's settings.
  const scopeOf = (uri: string): string =>
    folders
      .filter((folder) => uri.startsWith(folder.endsWith('/') ? folder : `${folder}/`))
      .reduce((longest, folder) => (folder.length > longest.length ? folder : longest), '');

  return {
    load: (uri) => entryOf(scopeOf(uri)).loading,
    get: (uri) => entries.get(scopeOf(uri))?.config,
    reset(values) {
      pushed = sectionOf(values) ?? pushed;
      entries.clear();
    },
    setFolders(uris) {
      folders = uris;
      entries.clear();
    },
    setTrusted(value) {
      trusted = value;
      entries.clear();
    },
    isTrusted: () => trusted,
  };
}

/** Clients push either the section or an object that holds it. */
function sectionOf(values: unknown): unknown {
  if (typeof values !== 'object' || values === null) return undefined;
  return 'cacheLens' in values ? values.cacheLens : values;
}
