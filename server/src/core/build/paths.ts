/** Go's `path.Clean`: `.` and `..` resolved, double and trailing slashes gone; `.` for nothing. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push('..');
  }
  const joined = parts.join('/');
  return rooted ? `/${joined}` : joined || '.';
}

/** Go's `path.Base`. */
export function baseName(path: string): string {
  const cleaned = cleanPath(path);
  return cleaned === '/' ? '/' : cleaned.slice(cleaned.lastIndexOf('/') + 1);
}

/** An absolute path below `directory`, cleaned. */
export const resolvePath = (directory: string, path: string): string =>
  cleanPath(path.startsWith('/') ? path : `/${directory}/${path}`);

/** The destination of a COPY: absolute and cleaned, a trailing `/` or `/.` kept (normalizePath in BuildKit's client/llb/fileop.go). */
export function resolveDestination(directory: string, path: string): string {
  const written = path === '.' || path === '' ? './' : path;
  const resolved = resolvePath(directory, written);
  const slash = resolved === '/' ? '' : '/';
  if (written.endsWith('/')) return resolved + slash;
  return written.endsWith('/.') ? `${resolved}${slash}.` : resolved;
}

/** WORKDIR: an absolute path stays as it is written, a relative one is joined (NormalizePath in BuildKit's util/system/path.go). */
export const resolveWorkdir = (current: string, path: string): string =>
  path.startsWith('/') ? path : resolvePath(current, path);
