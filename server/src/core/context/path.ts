/** The folder of a path; '' at the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** Order of paths in which a folder's content stands right behind it, as BuildKit walks a context. */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return a.length - b.length;
  const rank = (code: number): number => (code === 0x2f ? -1 : code);
  return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
}
