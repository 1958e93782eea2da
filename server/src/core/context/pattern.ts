import { Minimatch } from 'minimatch';
import { goRegExp } from './goRegExp.ts';

/**
 * What one cleaned pattern of moby/patternmatcher matches: a path relative to the root, with `/`.
 */
export interface PathTest {
  /** Every match begins with it. */
  readonly prefix: string;
  /** Every match ends with it: its last character tells most paths apart without a call. */
  readonly suffix: string;
  /** Whether nothing but `prefix` itself, or paths that merely begin with it, can match: the pattern has no wildcard in front. */
  readonly exact: boolean;
  matches(path: string): boolean;
}

/** What makes a pattern a regular expression. A `^` stands for itself until something else does: then it is an anchor. */
const special = /[*?[\]\\]/;

/** As patternmatcher.go's `Pattern.compile` and `Pattern.match`; undefined where Go cannot compile the pattern. */
export function pathTest(pattern: string): PathTest | undefined {
  if (!special.test(pattern)) return exactTest(pattern);
  const leading = pattern.startsWith('**') && !special.test(pattern.slice(2));
  if (leading) return suffixTest(pattern.slice(2));
  const isPrefix = pattern.search(special) === pattern.length - 2 && pattern.endsWith('**');
  if (isPrefix) return prefixTest(pattern.slice(0, -2));
  const suffix = literalEnd(pattern);
  const expression = fromMinimatch(pattern) ?? goRegExp(regExpSource(pattern));
  if (!expression) return undefined;
  const name = nameStart(pattern);
  const matches = (path: string): boolean =>
    path.endsWith(suffix) && path.startsWith(name, path.lastIndexOf('/') + 1) && expression.test(path);
  return { prefix: literalStart(pattern), suffix, exact: false, matches };
}

const exactTest = (pattern: string): PathTest => ({
  prefix: pattern,
  suffix: pattern,
  exact: true,
  matches: (path) => path === pattern,
});

/** `x**`: whatever begins with x. */
const prefixTest = (prefix: string): PathTest => ({
  prefix,
  suffix: '',
  exact: false,
  matches: (path) => path.startsWith(prefix),
});

/** `**x`: whatever ends with x; `**` and `/x`: at any depth. */
function suffixTest(suffix: string): PathTest {
  const atRoot = suffix.startsWith('/') ? suffix.slice(1) : undefined;
  return { prefix: '', suffix, exact: false, matches: (path) => path.endsWith(suffix) || path === atRoot };
}

/** What stands before the first wildcard; nothing where braces and bars, which moby does not escape, make that hard to say. */
const literalStart = (pattern: string): string =>
  /[{|}]/.test(pattern) ? '' : (/^[^*?[\]\\^]*/.exec(pattern)?.[0] ?? '');

/** What follows the last wildcard, `**` taking a slash along; nothing where more than stars makes that hard to say. */
const literalEnd = (pattern: string): string =>
  /[\\[\]^{|}]/.test(pattern) ? '' : (/[^*?]*$/.exec(pattern.replaceAll('**/', '**'))?.[0] ?? '');

/** What the last part of every match begins with: `a` of `x/a*`; nothing where `**` or more than stars makes that hard to say. */
const nameStart = (pattern: string): string =>
  /[\\[\]^{|}]|[^/]\*\*|\*\*[^/]*$/.test(pattern) ? '' : (/([^/*?]*)[^/]*$/.exec(pattern)?.[1] ?? '');

const options = { dot: true, nobrace: true, noext: true, nocomment: true, nonegate: true, platform: 'linux' } as const;

/**
 * Patterns whose only wildcards are single stars mean the same to minimatch on every path without `.` and `..` parts. Others do not:
 * `**` within a part, classes, escapes, `^`, bars and braces are regular expressions to moby, its `?` is a character and not a UTF-16 unit, and
 * its `**` crosses line breaks in names.
 */
function fromMinimatch(pattern: string): RegExp | undefined {
  // A lone star matches an empty path, which `--exclude` sees for a file that a source names.
  if (pattern === '*' || pattern.length > 1000 || /\*\*|[?[\]\\^{|}]/.test(pattern)) return undefined;
  return new Minimatch(pattern, options).makeRe() || undefined;
}

/** The regular expression that moby/patternmatcher writes for a pattern; it means to escape `{`, `|` and `}` as well, and does not. */
function regExpSource(pattern: string): string {
  const characters = [...pattern.replace(/^\uFEFF/, '')];
  let source = '^';
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    if (character === '*' && characters[at + 1] === '*') {
      at += characters[at + 2] === '/' ? 2 : 1;
      source += at === characters.length - 1 ? '.*' : '(.*/)?';
    } else if (character === '*') source += '[^/]*';
    else if (character === '?') source += '[^/]';
    else if (character === '\\') source += `\\${characters[++at] ?? ''}`;
    else source += '.+()$'.includes(character) ? `\\${character}` : character;
  }
  return `${source}$`;
}
