import { perObject } from '../syntax/memo.ts';
import type { ContextSnapshot, FolderFacts } from '../workspace.ts';
import { type IgnoreMatcher, parseIgnore } from './ignore.ts';
import { indexOf } from './listing.ts';
import { folderOf } from './path.ts';

/**
 * The lines of a .gitignore as the lines of an ignore file at the context's root that mean the same: a pattern without a slash before its end
 * holds at every depth. `folder` is where the file lies. With `ofFiles` they are those for files: a slash at the end means folders alone, and
 * what is in them. Source: git's documentation of gitignore.
 */
export function fromGitignore(text: string, folder: string, ofFiles = false): string {
  const prefix = folder === '' ? '' : `${folder.replace(/[\\*?[]/g, '\\$&')}/`;
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const negated = line.startsWith('!');
      const pattern = line
        .slice(negated ? 1 : 0)
        .replace(/(?<!\\)\s+$/, '')
        .replace(/\[!/g, '[^');
      const name = pattern.replace(/\/+$/, '');
      const anchored = name.includes('/');
      const inside = ofFiles && name !== pattern ? '/**' : '';
      return `${negated ? '!' : ''}${prefix}${anchored ? name.replace(/^\//, '') : `**/${name}`}${inside}\n`;
    })
    .join('');
}

type InFolder = Pick<ContextSnapshot, 'folder'>;

/** Whether git ignores a path of the folder, as far as the .gitignore files in it tell. What is not there is taken for a folder. */
export function isGitIgnored({ folder }: InFolder, path: string): boolean {
  if (!folder) return false;
  const type = folder.listing[indexOf(folder.listing, path)]?.type ?? 'directory';
  return matchersOf(folder)(type !== 'directory').matches(path).ignored;
}

const matchersOf = perObject(({ texts }: FolderFacts) => {
  const files = [...texts].filter(([path]) => path === '.gitignore' || path.endsWith('/.gitignore'));
  const depth = (path: string): number => path.split('/').length;
  files.sort(([a], [b]) => depth(a) - depth(b));
  const matcher = (ofFiles: boolean): IgnoreMatcher =>
    parseIgnore(files.map(([path, text]) => fromGitignore(text, folderOf(path), ofFiles)).join('')).matcher;
  const [folders, others] = [matcher(false), matcher(true)];
  return (ofFiles: boolean): IgnoreMatcher => (ofFiles ? others : folders);
});
