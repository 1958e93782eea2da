import { cleanPath } from '../build/paths.ts';
import type { ContextSnapshot, Entry } from '../workspace.ts';
import { folderOf } from './path.ts';

/** Where a path leads within the context. */
export interface Resolved {
  /** '' is the root. */
  readonly path: string;
  /** Undefined for the root. */
  readonly entry: Entry | undefined;
  /** Symbolic links that were followed. */
  readonly links: readonly string[];
}

/** As many as BuildKit follows (cache/contenthash/path.go). */
const mostLinks = 255;

/**
 * Follows the symbolic links of a context path, the last part's included; none leads out of the context: `/` and `..` end at its root.
 * Undefined where nothing is there.
 */
export function resolveLinks(context: ContextSnapshot, path: string): Resolved | undefined {
  const links: string[] = [];
  let current = '';
  let rest = path.split('/');
  while (rest.length > 0) {
    const [part = '', ...others] = rest;
    rest = others;
    if (part === '' || part === '.') continue;
    const next = part === '..' ? folderOf(current) : current === '' ? part : `${current}/${part}`;
    const entry = next === '' ? undefined : context.get(next);
    if (next !== '' && !entry) return undefined;
    if (entry?.type !== 'symlink') {
      current = next;
      continue;
    }
    if (links.push(next) > mostLinks) return undefined;
    const target = entry.target ?? '';
    if (target.startsWith('/')) current = '';
    rest = [...target.split('/'), ...rest];
  }
  return { path: current, entry: current === '' ? undefined : context.get(current), links };
}

/** A source of COPY, ADD or a bind mount as a path of the context: nothing leads out of it; '' is the root. */
export const contextPath = (source: string): string => cleanPath(`/${source}`).slice(1);
