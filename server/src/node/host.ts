import { fileURLToPath, pathToFileURL } from 'node:url';
import { relativePath } from '../core/context/root.ts';
import { noFacts, noIgnoreFacts } from '../core/workspace.ts';
import type { Host } from '../lsp/host.ts';
import { withSlashes } from './place.ts';
import { type NodeWorkspace, openWorkspace } from './workspace.ts';

/** The language server's host on a machine with files and git. Documents that are no files have no facts. */
export function nodeHost(): Host {
  /** The client's spelling of the URI of a watched file. */
  const uris = new Map<string, string>();
  let workspace: NodeWorkspace | undefined;
  return {
    start(folders, events) {
      workspace = openWorkspace({
        log: events.log,
        factsChanged: (files) => events.factsChanged(files.flatMap((file) => uris.get(file) ?? [])),
      });
      workspace.setFolders(filesOf(folders));
    },
    setFolders: (folders) => workspace?.setFolders(filesOf(folders)),
    watch(uri, config) {
      const file = fileOf(uri);
      if (file === undefined) return;
      uris.set(file, uri);
      workspace?.watch(file, config);
    },
    watchIgnore(uri, config) {
      const file = fileOf(uri);
      if (file === undefined) return;
      uris.set(file, uri);
      workspace?.watchIgnore(file, config);
    },
    unwatch(uri) {
      const file = fileOf(uri);
      if (file !== undefined && uris.delete(file)) workspace?.unwatch(file);
    },
    setText(uri, text) {
      const file = fileOf(uri);
      if (file !== undefined) workspace?.setText(file, text);
    },
    filesChanged: (changes) => workspace?.changed(filesOf(changes.map(({ uri }) => uri))),
    facts: (uri) => workspace?.facts(fileOf(uri) ?? '') ?? noFacts,
    ignoreFacts: (uri) => workspace?.ignoreFacts(fileOf(uri) ?? '') ?? noIgnoreFacts,
    uriOf(uri, path, folder) {
      const file = fileOf(uri);
      const root = file === undefined ? undefined : (folder ?? workspace?.facts(file).context?.root);
      return file === undefined || root === undefined
        ? undefined
        : uriBeside(uri, relativePath(folderOf(file), `${root}/${path}`));
    },
    async look(uri, config, { context, count } = {}) {
      const file = fileOf(uri);
      const folder = context === undefined ? undefined : fileOf(context);
      return file === undefined ? undefined : workspace?.look(file, config, { context: folder, count });
    },
    async candidates(uri, config) {
      const file = fileOf(uri);
      return file === undefined ? undefined : workspace?.candidates(file, config);
    },
    async pathsIn(root, uri) {
      const file = fileOf(uri);
      return (file !== undefined && (await workspace?.pathsIn(root, file))) || [];
    },
    get reads() {
      return workspace?.reads ?? 0;
    },
    dispose: () => workspace?.dispose(),
  };
}

const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/'));

const filesOf = (uris: readonly string[]): string[] => uris.flatMap((uri) => fileOf(uri) ?? []);

/** Absolute, with `/` and without one at the end; undefined for what is no file. */
function fileOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return withSlashes(fileURLToPath(uri)).replace(/(?<=[^/:])\/+$/, '');
  } catch {
    return undefined;
  }
}

/** Built on the client's own URI, so that the client recognises its documents. */
function uriBeside(uri: string, path: string): string {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  try {
    return new URL(encoded === '' ? '.' : encoded, uri).toString();
  } catch {
    return pathToFileURL(path).toString();
  }
}
