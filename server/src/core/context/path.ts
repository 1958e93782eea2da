/** Go's `path.Clean`: the shortest path that names the same, without `.`, needless `..`, `//` and a slash at the end. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push(part);
  }
  return (rooted ? '/' : '') + parts.join('/') || '.';
}

/** A path as COPY and mounts read it: relative to the context's root, which nothing leads out of; '' is the root itself. */
export const contextPath = (path: string): string => cleanPath(`/${path}`).slice(1);

/** The folder of a path; '' at the root. */
export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Order of paths in which a folder's content stands right behind it, as BuildKit walks a context. */
export function comparePaths(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  let at = 0;
  while (at < length && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === length) return a.length - b.length;
  const rank = (code: number): number => (code === 0x2f ? -1 : code);
  return rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
}
