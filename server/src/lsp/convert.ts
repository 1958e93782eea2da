import type { Range } from 'vscode-languageserver';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { isDockerfileName, isIgnoreFileName } from '../core/filenames.ts';
import type { Span } from '../core/syntax/span.ts';

/** The document keeps its line offsets per version, so this is a binary search, not a scan. */
export const rangeOf = (document: TextDocument, { start, end }: Span): Range => ({
  start: document.positionAt(start),
  end: document.positionAt(end),
});

export const spanOf = (document: TextDocument, { start, end }: Range): Span => ({
  start: document.offsetAt(start),
  end: document.offsetAt(end),
});

export type DocumentKind = 'dockerfile' | 'ignore';

const unspecific = ['', 'plaintext', 'text'];

/**
 * What a document is to us; undefined for what a client opened without being asked to. Other extensions call ignore files `ignore`: the name
 * decides. A Dockerfile's name decides only where the language is not said: Dockerfile.j2 as `jinja` is a template.
 */
export function kindOf({ uri, languageId }: TextDocument): DocumentKind | undefined {
  const name = baseName(uri);
  if (languageId === 'dockerignore' || isIgnoreFileName(name)) return 'ignore';
  if (/^(dockerfile|containerfile)$/i.test(languageId)) return 'dockerfile';
  return unspecific.includes(languageId) && isDockerfileName(name) ? 'dockerfile' : undefined;
}

export function baseName(uri: string): string {
  const name = uri.replace(/[?#].*$/, '').slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
