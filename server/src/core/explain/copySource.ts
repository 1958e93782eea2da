import type { Analysis } from '../analyze.ts';
import type { Step } from '../build/graph.ts';
import { type ContextSource, contextSourcesOf } from '../cache/contextReads.ts';
import { sizeOf } from '../context/entering.ts';
import { parseIgnore } from '../context/ignore.ts';
import { endOfFolder, indexOf, type Listing } from '../context/listing.ts';
import { hasWildcards } from '../context/pick.ts';
import { selectFiles } from '../context/select.ts';
import type { Selection } from '../context/selection.ts';
import { rememberedSizes } from '../context/sizes.ts';
import type { Explanation } from '../explain.ts';
import { bytes, code, listing, plural } from '../prose.ts';
import { touches } from '../syntax/span.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { sharePast } from './inputs.ts';

type Section = Explanation['sections'][number];

/** What the source of a COPY or ADD at an offset selects; undefined beside sources, and where the context is not known. */
export function explainSource(analysis: Analysis, step: Step, offset: number): Explanation | undefined {
  const { context } = analysis.facts;
  const { copy } = step;
  if (!context || !copy) return undefined;
  const source = contextSourcesOf(analysis.graph, step).find(({ span }) => touches(span, offset));
  if (!source?.known) return undefined;
  const word = copy.sources.find(({ word: { span } }) => span === source.span)?.text ?? source.text;
  const selection = selectFiles(context, [word], { exclude: copy.exclude, parents: copy.parents });
  const { files } = selection;
  const more = context.truncated ? 'at least ' : '';
  const what =
    files.length === 0
      ? nothing(context, source)
      : `${more}${plural(files.length, 'file')} (${bytes(selection.bytes)}) of the build context`;
  const sections = [biggest(context, source, selection), leftOut(context, source), past(analysis, selection)];
  return {
    span: source.span,
    title: `**${code(source.text)}**: ${what}.`,
    sections: sections.filter((section) => section !== undefined && section.items.length > 0) as Section[],
  };
}

function nothing(context: ContextSnapshot, { path }: ContextSource): string {
  const pattern = context.ignore && parseIgnore(context.ignore.text).matcher.matches(path);
  if (pattern?.ignored)
    return `kept out of the build context by ${code(pattern.pattern?.text ?? '')} in ${code(context.ignore?.path ?? '')}`;
  if (context.get(path)) return 'a folder without files';
  return 'matches nothing in the build context';
}

const most = 5;

/** The largest of what is directly in a folder, or of the files that a pattern selects. */
function biggest(
  context: ContextSnapshot,
  { path, filtered }: ContextSource,
  selection: Selection,
): Section | undefined {
  if (selection.files.length < 2) return undefined;
  const isFolder = !filtered && !hasWildcards(path);
  const items = isFolder
    ? rememberedSizes(context.entries)
        .itemsIn(path)
        .map(({ path: file, folder, files, bytes: size }) => ({
          text: folder
            ? `${code(`${file}/`)} (${plural(files, 'file')}, ${bytes(size)})`
            : `${code(file)} (${bytes(size)})`,
          size,
        }))
    : selection.files.map((file) => {
        const size = context.get(file)?.size ?? 0;
        return { text: `${code(file)} (${bytes(size)})`, size };
      });
  const sorted = items.sort((a, b) => b.size - a.size);
  const rest = sorted.length > most ? [`and ${sorted.length - most} more`] : [];
  return { heading: '**The biggest**', items: [...sorted.slice(0, most).map(({ text }) => text), ...rest] };
}

/** What the ignore file keeps out of a folder. */
function leftOut(context: ContextSnapshot, { path }: ContextSource): Section | undefined {
  const { folder, ignore, entries, uncounted = [] } = context;
  if (!folder || !ignore || hasWildcards(path)) return undefined;
  const all = sizeOf(below(folder.listing, path));
  const entered = sizeOf(below(entries, path));
  const whole = uncounted.filter((each) => path === '' || each.startsWith(`${path}/`)).map((each) => code(`${each}/`));
  const files = all.files - entered.files;
  const items = [
    ...(files > 0 ? [`${plural(files, 'file')} (${bytes(all.bytes - entered.bytes)})`] : []),
    ...(whole.length > 0 ? [`${listing(whole, 5)} with all that is in ${whole.length === 1 ? 'it' : 'them'}`] : []),
  ];
  return { heading: `**Left out by ${code(ignore.path)}**`, items };
}

function below(list: Listing, path: string): Listing {
  if (path === '') return list;
  const index = indexOf(list, path);
  return index < 0 ? [] : list.slice(index, endOfFolder(list, index));
}

function past(analysis: Analysis, selection: Selection): Section | undefined {
  const often = selection.files.length > 0 ? sharePast(analysis, selection) : undefined;
  return often === undefined ? undefined : { heading: '**How often it changes**', items: [often] };
}
