import type { CreateFile, TextDocumentEdit } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { buildGraph } from '../core/build/graph.ts';
import { sizeOf } from '../core/context/entering.ts';
import { parseIgnore } from '../core/context/ignore.ts';
import { contextPath } from '../core/context/resolve.ts';
import { type SizedItem, type Sizes, sizesOf } from '../core/context/sizes.ts';
import { contextSources } from '../core/contextSources.ts';
import { isIgnoreFileName } from '../core/filenames.ts';
import { addIgnoreLines, escapePattern } from '../core/fixes/ignoreInContext.ts';
import { parseDockerfile } from '../core/syntax/dockerfile.ts';
import type { ContextSnapshot } from '../core/workspace.ts';
import { baseName, rangeOf } from './convert.ts';
import type { Look } from './host.ts';
import type { Session } from './session.ts';

/** Requests of our own client: what is in a folder of a build context, leaving something out of it, and which folders it may be. */
export const contextMethod = 'cacheLens/context';
export const excludeMethod = 'cacheLens/exclude';
export const candidatesMethod = 'cacheLens/contexts';

export interface ContextItem extends SizedItem {
  readonly uri: string | null;
}

export interface ContextAnswer {
  /** Path or URI of the context's root. */
  readonly root: string;
  readonly reason: string;
  readonly ignoreFile: string | null;
  readonly files: number;
  readonly bytes: number;
  readonly excluded: { readonly files: number; readonly bytes: number };
  /** Directly in the folder that was asked for, biggest first. */
  readonly items: readonly ContextItem[];
  /** Items that are left out because there are too many. */
  readonly more: number;
  /** What stands in the way of a better answer, as a sentence; null where nothing does. */
  readonly message: string | null;
}

/** Items of one folder that an editor lists. */
const mostItems = 2000;

interface Shown {
  readonly dockerfile: string;
  readonly look: Look;
  readonly sizes: Sizes;
}

export function provideContextView(session: Session): void {
  const { connection, host, settings, log } = session;
  /** What the folders that are opened next belong to, by the document that was asked about. */
  const known = new Map<string, Shown>();

  const lookAgain = async (uri: string): Promise<Shown | undefined> => {
    const { dockerfile, context } = questionOf(session, uri);
    const config = { ...(await settings.load(dockerfile)), history: false };
    const look = await host.look(dockerfile, config, { context, count: true });
    const shown = look && { dockerfile, look, sizes: sizesOf(look.context.entries) };
    // An editor shows one; a snapshot of a large context takes room.
    known.clear();
    if (shown) known.set(uri, shown);
    return shown;
  };

  const answering =
    <R>(answer: (params: Record<string, unknown>, uri: string) => Promise<R>) =>
    async (params: unknown): Promise<R | null> => {
      try {
        const asked = (params ?? {}) as Record<string, unknown>;
        return typeof asked.uri === 'string' ? await answer(asked, asked.uri) : null;
      } catch (error) {
        log.error('A question about a build context failed', error);
        return null;
      }
    };

  connection.onRequest(
    contextMethod,
    answering(async ({ folder }, uri): Promise<ContextAnswer | null> => {
      const isRoot = typeof folder !== 'string' || folder === '';
      const shown = (isRoot ? undefined : known.get(uri)) ?? (await lookAgain(uri));
      return shown ? answerOf(session, shown, isRoot ? '' : folder) : null;
    }),
  );
  connection.onRequest(
    excludeMethod,
    answering(async ({ path }, uri): Promise<string | null> => {
      const shown = await lookAgain(uri);
      return shown && typeof path === 'string'
        ? exclude(session, shown, path)
        : 'The build context cannot be read here.';
    }),
  );
  connection.onRequest(
    candidatesMethod,
    answering(async (_, uri) => (await host.candidates(uri, await settings.load(uri))) ?? null),
  );
}

/** An ignore file is asked about for a Dockerfile that is built with it, where one is open or beside it; else for its folder. */
function questionOf({ host, analyses }: Session, uri: string): { dockerfile: string; context?: string } {
  const name = baseName(uri);
  if (!isIgnoreFileName(name)) return { dockerfile: uri };
  if (name !== '.dockerignore') return { dockerfile: uri.slice(0, -'.dockerignore'.length) };
  const user = analyses.dockerfiles().find((dockerfile) => {
    const path = host.facts(dockerfile).context?.ignore?.path;
    return path !== undefined && host.uriOf(dockerfile, path) === uri;
  });
  const folder = new URL('.', uri).toString();
  return user ? { dockerfile: user } : { dockerfile: `${folder}Dockerfile`, context: folder };
}

function answerOf({ host }: Session, { dockerfile, look: { context }, sizes }: Shown, folder: string): ContextAnswer {
  const { root, reason, ignore, excluded, truncated, refused = [], unreadable = [] } = context;
  const all = sizes.itemsIn(folder);
  const items = all
    .slice(0, mostItems)
    .map((item) => ({ ...item, uri: host.uriOf(dockerfile, item.path, root) ?? null }));
  const message = refused[0]
    ? `The builder refuses the pattern ${refused[0].text}: ${refused[0].error}.`
    : unreadable[0]
      ? `The builder fails on ${unreadable[0]}, which cannot be read.`
      : truncated
        ? 'There are more files than were counted.'
        : null;
  return {
    root,
    reason,
    ignoreFile: ignore?.path ?? null,
    ...sizeOf(context.entries),
    excluded,
    items,
    more: all.length - items.length,
    message,
  };
}

/** Adds a path to the ignore file in force. @returns why it was not done, as a sentence; null where it was. */
async function exclude(session: Session, { dockerfile, look }: Shown, path: string): Promise<string | null> {
  const { client, connection, documents, host } = session;
  const { context } = look;
  if (!context.get(path)) return `${path} does not enter the build.`;
  const needed = sourceIn(documents.get(dockerfile)?.getText() ?? look.text, path);
  if (needed !== undefined) return `The Dockerfile copies ${needed}: without it the build fails.`;
  const pattern = patternFor(context, path);
  const edit = pattern === undefined ? undefined : addIgnoreLines(context, [pattern]);
  const uri = edit?.path === undefined ? undefined : host.uriOf(dockerfile, edit.path, context.root);
  const created = context.ignore === undefined;
  if (!edit || !uri || !client.documentChanges || (created && !client.createFiles))
    return `${path} cannot be excluded here.`;
  const open = documents.get(uri);
  const text = context.ignore?.text ?? '';
  if (open && open.getText() !== text) return 'The ignore file has just changed: try again.';
  const document = open ?? TextDocument.create(uri, 'dockerignore', 0, text);
  const create: CreateFile[] = created && !open ? [{ kind: 'create', uri, options: { ignoreIfExists: true } }] : [];
  const change: TextDocumentEdit = {
    textDocument: { uri, version: open?.version ?? null },
    edits: [{ range: rangeOf(document, edit.span), newText: edit.newText }],
  };
  const label = `Exclude ${path} from the build`;
  const { applied } = await connection.workspace.applyEdit({ label, edit: { documentChanges: [...create, change] } });
  return applied ? null : 'The ignore file was not changed.';
}

/** What a COPY, ADD or bind mount names that would be gone with a path. */
function sourceIn(text: string, path: string): string | undefined {
  const graph = buildGraph(parseDockerfile(text), { args: {} });
  return contextSources(graph)
    .map(contextPath)
    .find((source) => source === path || source.startsWith(`${path}/`));
}

/** A pattern that leaves out the path, with what is in it; something before it where its first character has a meaning of its own. */
function patternFor({ ignore }: ContextSnapshot, path: string): string | undefined {
  const escaped = escapePattern(path);
  return [escaped, `/${escaped}`, `\\${escaped}`].find((pattern) => {
    const { errors, matcher } = parseIgnore(`${ignore?.text ?? ''}\n${pattern}\n`);
    return errors.length === 0 && matcher.matches(path).ignored;
  });
}
