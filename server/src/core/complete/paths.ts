import type { Proposal, Proposals, Typing } from '../complete.ts';
import { contextPath } from '../context/resolve.ts';
import { rememberedSizes } from '../context/sizes.ts';
import { bytes, plural } from '../prose.ts';
import { baseName } from '../syntax/path.ts';

const most = 300;

/** What a word of the shell form cannot hold as it is. */
const special = /[\s"'$\\`*?[\]{}#<,]/;

/** Files and folders of the build context below what is written, after ignoring; folders first. */
export function contextPaths({ analysis, offset, quoted }: Typing, written: string): Proposals | undefined {
  const { context } = analysis.facts;
  if (!context || /[$*?[]/.test(written)) return undefined;
  const slash = written.lastIndexOf('/') + 1;
  const found = rememberedSizes(context.entries).itemsIn(contextPath(written.slice(0, slash)));
  const items = found.slice(0, most).flatMap(({ path, folder, files, bytes: size }): Proposal[] => {
    const name = baseName(path);
    if ((quoted ? /["\\]/ : special).test(name)) return [];
    return [
      {
        label: name,
        kind: folder ? 'folder' : 'file',
        detail: folder ? `${plural(files, 'file')}, ${bytes(size)}` : bytes(size),
        newText: folder ? `${name}/` : name,
        order: `${folder ? 0 : 1}${name.startsWith('.') ? 1 : 0}${name}`,
        goesOn: folder,
      },
    ];
  });
  return {
    span: { start: offset - written.length + slash, end: offset },
    items,
    truncated: found.length > most,
  };
}
