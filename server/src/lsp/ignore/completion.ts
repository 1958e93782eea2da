import { type CompletionItem, CompletionItemKind, type CompletionList } from 'vscode-languageserver';
import { parseIgnore } from '../../core/context/ignore.ts';
import { rememberedSizes, type SizedItem } from '../../core/context/sizes.ts';
import { bytes } from '../../core/prose.ts';
import { baseName } from '../../core/syntax/path.ts';
import type { IgnoredFolder } from '../../core/workspace.ts';
import { rangeOf } from '../convert.ts';
import type { Session } from '../session.ts';
import { onIgnoreFile, type PositionParams } from './request.ts';

const most = 200;

/** What lies directly in a folder, biggest first, as far as it was listed. */
const itemsIn = ({ listing }: IgnoredFolder, path: string): SizedItem[] =>
  rememberedSizes(listing).itemsIn(path).slice(0, most);

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
    const items = itemsIn(folder, typed.replace(/\/$/, '')).map(({ path, ...item }, index): CompletionItem => {
      const isOut = matcher.matches(path).ignored;
      const name = baseName(path);
      const size = bytes(folder.counted.get(path)?.bytes ?? item.bytes);
      return {
        label: name,
        kind: item.folder ? CompletionItemKind.Folder : CompletionItemKind.File,
        detail: `${size}${isOut ? ', excluded above' : ''}`,
        sortText: `${isOut === prefix.includes('!') ? 0 : 1}${String(index).padStart(4, '0')}`,
        textEdit: { range, newText: escaped(name) },
      };
    });
    return { isIncomplete: items.length >= most, items };
  });
