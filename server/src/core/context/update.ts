import type { IgnoreMatcher } from './ignore.ts';
import { type Change, changed, endOfFolder, indexOf, type Listing } from './listing.ts';
import { folderOf } from './path.ts';

/** What enters after a few changes of a folder: `before` entered then, `listing` is there now. As `entering` says of the whole listing. */
export function enteringAfter(
  before: Listing,
  listing: Listing,
  matcher: IgnoreMatcher,
  changes: readonly Change[],
): Listing {
  const relevant = changes.flatMap((change) => {
    if (!change.entry) return [change];
    if (!matcher.matches(change.path).ignored) return [...missingFolders(before, listing, change.path), change];
    // A folder that is left out comes with what is in it, if at all.
    const wasFolder = before[indexOf(before, change.path)]?.type === 'directory';
    return change.entry.type === 'directory' && wasFolder ? [] : [{ path: change.path, entry: undefined }];
  });
  return withoutEmptied(changed(before, relevant), matcher, relevant);
}

/** Folders that are left out themselves and come along with `path`, the outermost first. */
function missingFolders(before: Listing, listing: Listing, path: string): Change[] {
  const missing: Change[] = [];
  for (let folder = folderOf(path); folder !== '' && indexOf(before, folder) < 0; folder = folderOf(folder))
    missing.unshift({ path: folder, entry: listing[indexOf(listing, folder)] });
  return missing;
}

/** Folders that are left out themselves go with the last that entered in them. */
function withoutEmptied(after: Listing, matcher: IgnoreMatcher, changes: readonly Change[]): Listing {
  let result = after;
  for (const { path, entry } of changes) {
    for (let folder = folderOf(path); !entry && folder !== ''; folder = folderOf(folder)) {
      const index = indexOf(result, folder);
      if (index < 0) continue;
      if (endOfFolder(result, index) > index + 1 || !matcher.matches(folder).ignored) break;
      result = changed(result, [{ path: folder, entry: undefined }]);
    }
  }
  return result;
}
