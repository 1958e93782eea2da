import { expand } from '../build/expand.ts';
import type { CopySource, CopySpec, Step } from '../build/graph.ts';
import { baseName, cleanPath } from '../build/paths.ts';
import { hasWildcards } from '../context/pick.ts';
import type { Heredoc } from '../syntax/dockerfile.ts';
import { type ContentInput, type Definition, definition, type Selector, type Source } from './definition.ts';

/** A COPY or ADD as FileOp.CacheMap in BuildKit's solver/llbsolver/ops/file.go sees it. */
export interface CopyOperation {
  readonly definition: Definition;
  readonly contents: readonly ContentInput[];
}

/** @param onParent false for the copy of a `--link`, which stands on nothing. */
export function copyOperation(step: Step, copy: CopySpec, source: Source, onParent: boolean): CopyOperation {
  const local = copy.sources.map((item) => localSource(copy, item));
  const remote = copy.urls.map((item) => remoteSource(copy, item));
  const inline = copy.heredocs.map((heredoc) => [heredoc.delimiter, heredocBody(step, heredoc)]);
  const contents = [
    ...(local.length > 0 ? [{ source, selectors: deduped(local.map(({ selector }) => selector)) }] : []),
    ...remote.map(({ content }) => content),
  ];
  const definitions = definition('copy', [
    ['sources', [local.map(({ key }) => key), remote.map(({ key }) => key), inline]],
    ['destination', copy.destination],
    ['owner', ownerOf(copy.chown)],
    ['mode', modeOf(copy.chmod)],
    ['exclude', copy.exclude],
    ['options', [local.length > 0 && unpacks(step, copy), remote.length > 0 && copy.options.get('unpack') === 'true']],
    ['layout', onParent],
  ]);
  return { definition: definitions, contents };
}

/** ADD unpacks archives of the context unless told not to: otherwise it is a COPY. */
const unpacks = ({ keyword }: Step, { options }: CopySpec): boolean =>
  (options.get('unpack') ?? String(keyword === 'ADD')) === 'true';

/** Numbers count as numbers; names are not looked up, so that `node` is not `1000`. */
const ownerOf = (chown: string | undefined): readonly string[] =>
  (chown ?? '').split(':').map((part) => (/^\d+$/.test(part) ? String(Number(part)) : part));

/** `755` and `0755` are one mode; others are symbolic. */
const modeOf = (chmod: string | undefined): number | string =>
  chmod === undefined ? -1 : /^[0-7]+$/.test(chmod) ? Number.parseInt(chmod, 8) : chmod;

/** Of a source's path only the base name is part of the operation. With `--parents` the pattern is as well. */
function localSource(
  copy: CopySpec,
  { text, known }: CopySource,
): { readonly key: unknown; readonly selector: Selector } {
  if (!copy.parents) {
    const path = cleanPath(`/${text}`);
    return { key: baseName(path), selector: { path, glob: true, parents: undefined, exclude: copy.exclude, known } };
  }
  const pivot = text.indexOf('/./');
  const path = cleanPath(pivot < 0 ? '/' : `/${text.slice(0, pivot)}`);
  const pattern = cleanPath(`/${pivot < 0 ? text : text.slice(pivot + 3)}`).slice(1);
  const required = hasWildcards(text) ? [] : [cleanPath(`${path}/${pattern}`)];
  return {
    key: [baseName(path), pattern, required],
    selector: { path, glob: true, parents: pattern, exclude: copy.exclude, known },
  };
}

/** Whether an ADD takes a URL for a repository. */
export const isGitUrl = (url: string): boolean => !/^https?:/.test(url) || /\.git(#|\?|$)/.test(url);

/** Fetched files count by content and the URL's base name, checkouts by content (dispatchCopy in dockerfile2llb/convert_copy.go). */
function remoteSource(
  copy: CopySpec,
  { text, known }: CopySource,
): { readonly key: unknown; readonly content: ContentInput } {
  const git = isGitUrl(text);
  const [address = ''] = text.split(/[?#]/);
  const path = address.replace(/^https?:\/\/[^/]*/, '');
  const name = baseName(path);
  const keepsGit = git && copy.options.get('keep-git-dir') === 'true';
  const url = git ? `${text}${keepsGit ? ' with .git' : ''}` : address;
  const selector = { path: '/', glob: false, parents: undefined, exclude: copy.exclude, known };
  return {
    key: git ? ['git'] : ['http', name === '.' || name === '/' ? '__unnamed__' : name],
    content: { source: { kind: 'remote', url, checksum: copy.options.get('checksum') }, selectors: [selector] },
  };
}

/** The body with its variables, quotes kept; as it stands under a quoted delimiter. */
const heredocBody = (step: Step, { expand: expands, body }: Heredoc): string =>
  expands ? expand(body, step.environment.bind, { escape: '\\', ignoreQuotes: true }).text : body;

const plain = ({ path, glob, parents, exclude }: Selector): boolean =>
  parents === undefined && exclude.length === 0 && !(glob && hasWildcards(path));

/** Plain paths within others add nothing (dedupeSelectors in ops/file.go); sorted by path. */
export function deduped(selectors: readonly Selector[]): Selector[] {
  const within = (inner: string, outer: string) =>
    inner !== outer && inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
  const kept = selectors.filter(
    (selector, index) =>
      !plain(selector) ||
      !selectors.some(
        (other, at) =>
          plain(other) && (within(selector.path, other.path) || (other.path === selector.path && at < index)),
      ),
  );
  return kept.sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}
