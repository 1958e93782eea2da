import { perObject } from '../syntax/memo.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { type IgnoreMatcher, parseIgnore } from './ignore.ts';
import { folderOf } from './path.ts';

/**
 * The lines of a .gitignore as the lines of an ignore file at the context's root that mean the same: a pattern without a slash before its end
 * holds at every depth. `folder` is where the file lies. Source: git's documentation of gitignore.
 */
export function fromGitignore(text: string, folder: string): string {
  const prefix = folder === '' ? '' : `${folder.replace(/[\\*?[]/g, '\\$&')}/`;
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const negated = line.startsWith('!');
      const pattern = line
        .slice(negated ? 1 : 0)
        .replace(/(?<!\\)\s+$/, '')
        .replace(/\[!/g, '[^')
        .replace(/\/+$/, '');
      const anchored = pattern.includes('/');
      return `${negated ? '!' : ''}${prefix}${anchored ? pattern.replace(/^\//, '') : `**/${pattern}`}\n`;
    })
    .join('');
}

type InFolder = Pick<ContextSnapshot, 'folder'>;

/** Whether git ignores a path of the folder, as far as the .gitignore files in it tell. */
export const isGitIgnored = (context: InFolder, path: string): boolean => matcherOf(context).matches(path).ignored;

const matcherOf = perObject(({ folder }: InFolder): IgnoreMatcher => {
  const files = [...(folder?.texts ?? [])].filter(([path]) => path === '.gitignore' || path.endsWith('/.gitignore'));
  const depth = (path: string): number => path.split('/').length;
  files.sort(([a], [b]) => depth(a) - depth(b));
  return parseIgnore(files.map(([path, text]) => fromGitignore(text, folderOf(path))).join('')).matcher;
});
