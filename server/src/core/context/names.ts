import { perObject } from '../syntax/memo.ts';
import { baseName } from '../syntax/path.ts';
import type { ContextSnapshot } from '../workspace.ts';

/** The paths of a folder's files and folders, ignored or not, by their base names. Made when it is first asked for. */
export const byName = perObject(({ folder, entries }: ContextSnapshot): ReadonlyMap<string, readonly string[]> => {
  const names = new Map<string, string[]>();
  for (const { path } of folder?.listing ?? entries) {
    const name = baseName(path);
    const paths = names.get(name);
    if (paths) paths.push(path);
    else names.set(name, [path]);
  }
  return names;
});
