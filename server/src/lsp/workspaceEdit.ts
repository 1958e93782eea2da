import type { CreateFile, RenameFile, TextDocumentEdit, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Edit, Fix } from '../core/fixes.ts';
import type { ContextSnapshot, IgnoredFolder } from '../core/workspace.ts';
import { rangeOf } from './convert.ts';
import type { Session } from './session.ts';

/** The edits of one file. `version` is null for one that is not open; `created` where the file is not there yet. */
interface FileEdits {
  readonly uri: string;
  readonly version: number | null;
  readonly created: boolean;
  readonly edits: TextEdit[];
}

/** The document that edits without a path are for, and the context that the others are in. */
export interface Edited {
  readonly document: TextDocument;
  readonly version: number;
  readonly analysis: {
    readonly facts: {
      readonly context?: ContextSnapshot | undefined;
      /** What an ignore file is moved in. */
      readonly folder?: Pick<IgnoredFolder, 'root'> | undefined;
    };
  };
}

type EditSession = Pick<Session, 'host' | 'client'> & { readonly documents: Pick<Session['documents'], 'get'> };

/**
 * A fix as the client applies it, with document versions where it knows them. Undefined where the client or the facts do not allow
 * all of it: half a fix may break a build.
 */
export function toWorkspaceEdit(
  session: EditSession,
  analysed: Edited,
  edits: readonly Edit[],
): WorkspaceEdit | undefined {
  const paths = [...new Set(edits.map(({ path }) => path))];
  const files: FileEdits[] = [];
  for (const path of paths) {
    const own = edits.filter((edit) => edit.path === path);
    const file = path === undefined ? ownEdits(analysed, own) : otherEdits(session, analysed, path, own);
    if (!file) return undefined;
    files.push(file);
  }
  const { documentChanges, createFiles } = session.client;
  if (files.some(({ created }) => created) && !(documentChanges && createFiles)) return undefined;
  if (!documentChanges) return { changes: Object.fromEntries(files.map((file) => [file.uri, file.edits])) };
  return { documentChanges: files.flatMap(changesOf) };
}

/** The same for a fix, which may move the document: behind its edits, so that these find it. */
export function toFixEdit(session: EditSession, analysed: Edited, fix: Fix): WorkspaceEdit | undefined {
  if (fix.moveTo === undefined) return toWorkspaceEdit(session, analysed, fix.edits);
  const { documentChanges, renameFiles } = session.client;
  const edit = toWorkspaceEdit(session, analysed, fix.edits);
  const rename = renameOf(session, analysed, fix.moveTo);
  if (!edit || !rename || !documentChanges || !renameFiles) return undefined;
  return { documentChanges: [...(edit.documentChanges ?? []), rename] };
}

/** The client refuses to overwrite; a document that is open there may have no file yet. */
function renameOf(
  { host, documents }: EditSession,
  { document, analysis }: Edited,
  to: string,
): RenameFile | undefined {
  const { folder } = analysis.facts;
  const newUri = folder && host.uriOf(document.uri, to, folder.root);
  if (!newUri || documents.get(newUri)) return undefined;
  return { kind: 'rename', oldUri: document.uri, newUri, options: { overwrite: false, ignoreIfExists: false } };
}

const textEdits = (document: TextDocument, edits: readonly Edit[]): TextEdit[] =>
  edits.map(({ span, newText }) => ({ range: rangeOf(document, span), newText }));

const ownEdits = ({ document, version }: Edited, edits: readonly Edit[]): FileEdits => ({
  uri: document.uri,
  version,
  created: false,
  edits: textEdits(document, edits),
});

function otherEdits(
  { host, documents }: EditSession,
  { document, analysis }: Edited,
  path: string,
  edits: readonly Edit[],
): FileEdits | undefined {
  const { context } = analysis.facts;
  const uri = host.uriOf(document.uri, path);
  if (!context || !uri) return undefined;
  const open = documents.get(uri);
  const text = textOf(context, path) ?? (context.exists(path) === false ? undefined : null);
  // Without its text there are no positions; a text that has changed since would have others.
  if (text === null || (open && open.getText() !== (text ?? ''))) return undefined;
  const target = open ?? TextDocument.create(uri, 'plaintext', 0, text ?? '');
  const created = text === undefined && !open;
  return { uri, version: open?.version ?? null, created, edits: textEdits(target, edits) };
}

const textOf = (context: ContextSnapshot, path: string): string | undefined =>
  context.ignore?.path === path ? context.ignore.text : context.text(path);

function changesOf({ uri, version, created, edits }: FileEdits): (CreateFile | TextDocumentEdit)[] {
  const change: TextDocumentEdit = { textDocument: { uri, version }, edits };
  return created ? [{ kind: 'create', uri, options: { ignoreIfExists: true } }, change] : [change];
}
