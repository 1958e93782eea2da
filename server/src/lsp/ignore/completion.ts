import { type CompletionItem, CompletionItemKind, type CompletionList } from 'vscode-languageserver';
import { parseIgnore } from '../../core/context/ignore.ts';
import { endOfFolder, indexOf } from '../../core/context/listing.ts';
import { bytes } from '../../core/prose.ts';
import type { IgnoredFolder } from '../../core/workspace.ts';
import { rangeOf } from '../convert.ts';
import type { Session } from '../session.ts';
import { onIgnoreFile, type PositionParams } from './request.ts';

const most = 200;

interface Child {
  readonly name: string;
  readonly path: string;
  readonly isFolder: boolean;
  readonly bytes: number;
}

/** What lies directly in a folder; folders with the bytes of all that is in them, as far as it was listed. */
function childrenOf({ listing, counted }: IgnoredFolder, folder: string): Child[] {
  const start = folder === '' ? -1 : indexOf(listing, folder);
  if (folder !== '' && start < 0) return [];
  const children: Child[] = [];
  const end = endOfFolder(listing, start);
  for (let index = start + 1; index < end && children.length < most; index++) {
    const { path = '', type, size = 0 } = listing[index] ?? {};
    const isFolder = type === 'directory';
    const next = isFolder ? endOfFolder(listing, index) : index + 1;
    let sum = isFolder ? (counted.get(path)?.bytes ?? 0) : size;
    for (let inner = index + 1; inner < next; inner++) sum += listing[inner]?.size ?? 0;
    children.push({ name: path.slice(path.lastIndexOf('/') + 1), path, isFolder, bytes: sum });
    index = next - 1;
  }
  return children;
}

const escaped = (name: string): string => name.replace(/[\\*?[]/g, '\\$&');

/**
 * Paths of the context for the pattern before the cursor: all of them behind a `!` or where something is excluded already, so that the list
 * shows what is there; the biggest first.
 */
export const ignoreCompletion = (session: Session) =>
  onIgnoreFile(session, null, ({ analysis, document }, { position }: PositionParams): CompletionList | null => {
    const { folder } = analysis.facts;
    const offset = document.offsetAt(position);
    const { text } = analysis.file;
    const before = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
    const [, prefix = '', typed = ''] = /^(\uFEFF?!?\s*\/?)((?:[^#*?[\\/\s][^*?[\\/]*\/)*)[^/]*$/.exec(before) ?? [];
    if (!folder || before.startsWith('#') || before.slice(0, (prefix + typed).length) !== prefix + typed) return null;
    const range = rangeOf(document, { start: offset - before.length + prefix.length + typed.length, end: offset });
    const { matcher } = parseIgnore(text.slice(0, offset - before.length));
    const items = childrenOf(folder, typed.replace(/\/$/, '')).map((child): CompletionItem => {
      const isOut = matcher.matches(child.path).ignored;
      const order = isOut === prefix.includes('!') ? '0' : '1';
      return {
        label: child.name,
        kind: child.isFolder ? CompletionItemKind.Folder : CompletionItemKind.File,
        detail: `${bytes(child.bytes)}${isOut ? ', excluded above' : ''}`,
        sortText: `${order}${String(1e15 - child.bytes).padStart(16, '0')}${child.name}`,
        textEdit: { range, newText: escaped(child.name) },
      };
    });
    return { isIncomplete: items.length >= most, items };
  });
