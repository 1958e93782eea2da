import { baseName } from '../syntax/path.ts';
/** Paths with `/`, of the image (absolute) or of the build context (relative, '' for the root). Pure text: nothing is looked up. */

/** Without `.` and empty segments, `..` resolved. A relative path that climbs out keeps its leading `..`. No trailing slash. */
export function normalize(path: string): string {
  const absolute = path.startsWith('/');
  const kept: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') kept.push(segment);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!absolute) kept.push('..');
  }
  return (absolute ? '/' : '') + kept.join('/');
}

/** `path` as seen from `base`; an absolute `path` stays. */
export const resolve = (base: string, path: string): string =>
  normalize(path.startsWith('/') ? path : base === '' ? path : `${base}/${path}`);

export const dirname = (path: string): string => {
  const at = path.lastIndexOf('/');
  return at > 0 ? path.slice(0, at) : at === 0 ? '/' : '';
};

/** Whether a normalized context path leaves the context. */
export const escapes = (path: string): boolean => path === '..' || path.startsWith('../') || path.startsWith('/');

/** Whether `path` is `folder` or lies in it; both normalized. */
export const isWithin = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);

/** The folders above a path, nearest first; ends with '' for a context path and with `/` for an absolute one. */
export function* parents(path: string): Generator<string> {
  for (let at = path; at !== '' && at !== '/'; ) {
    at = dirname(at);
    yield at;
  }
}

/** The way from folder `from` to `to`, both normalized and of the same kind: `../x/y`. */
export function relative(from: string, to: string): string {
  const a = from.split('/').filter(Boolean);
  const b = to.split('/').filter(Boolean);
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same++;
  return [...a.slice(same).map(() => '..'), ...b.slice(same)].join('/');
}

/**
 * Where a path of the image lies in the build context, given that the image's folder `cwd` was made of the context's folder `directory`. Folders further up
 * belong together as long as they have the same names. Undefined where the path is not known to come from the context.
 */
export function contextPath(cwd: string | undefined, directory: string, path: string): string | undefined {
  if (cwd === undefined) return path.startsWith('/') || escapes(normalize(path)) ? undefined : resolve(directory, path);
  const wanted = resolve(cwd, path);
  let inImage = cwd;
  let inContext = directory;
  for (;;) {
    if (isWithin(wanted, inImage)) return resolve(inContext, relative(inImage, wanted));
    if (inContext === '' || baseName(inContext) !== baseName(inImage)) return undefined;
    inImage = dirname(inImage);
    inContext = dirname(inContext);
  }
}
