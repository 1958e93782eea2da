import { minimatch } from 'minimatch';
import { baseName } from '../syntax/path.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { dirname, isWithin, normalize } from './paths.ts';

/** A hostile glob must not take minutes: minimatch is exponential in braces and stars. */
export const isReasonableGlob = (glob: string): boolean =>
  glob.length <= 200 && (glob.match(/[*{+@!?(]/g)?.length ?? 0) <= 12;

const cleaned = (globs: readonly string[]): string[] => globs.map((glob) => normalize(glob)).filter(isReasonableGlob);

/** Folders with a manifest that the globs, relative to `root`, match: the members of a cargo, uv or pub workspace. The root itself is none. */
export function memberFolders(
  context: ContextSnapshot,
  root: string,
  globs: readonly string[],
  excluded: readonly string[],
  manifest: string,
): string[] {
  if (globs.length === 0) return [];
  const wanted = cleaned(globs);
  const unwanted = cleaned(excluded);
  return context.entries
    .filter(({ path, type }) => type !== 'directory' && baseName(path) === manifest && isWithin(path, root))
    .map(({ path }) => dirname(path))
    .filter((folder) => folder !== root)
    .filter((folder) => {
      const relative = root === '' ? folder : folder.slice(root.length + 1);
      return (
        wanted.some((glob) => minimatch(relative, glob)) &&
        !unwanted.some((glob) => minimatch(relative, glob) || relative.startsWith(`${glob}/`))
      );
    });
}
