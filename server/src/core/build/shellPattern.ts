/** A pattern of `${v#p}`, `${v%p}` or `${v/p/r}`: `*`, `?` and literal characters, no brackets (BuildKit's shell/lex.go). */
type Pattern = readonly (typeof anyText | typeof anyChar | string)[];

const anyText = Symbol('*');
const anyChar = Symbol('?');

/** Where a pattern is wrong, or a hostile one would take too long: the expansion's value is then not known. */
export class BadPattern extends Error {}

/** Characters compared at most; real patterns stay far below. */
const effortLimit = 10_000_000;

function parsePattern(text: string): Pattern {
  const pattern: (typeof anyText | typeof anyChar | string)[] = [];
  const chars = [...text];
  for (let at = 0; at < chars.length; at++) {
    const char = chars[at] ?? '';
    if (char === '*') pattern.push(anyText);
    else if (char === '?') pattern.push(anyChar);
    else if (char !== '\\') pattern.push(char);
    else {
      const next = chars[at + 1];
      // `}` and `/` must be escaped inside `${}`; the escape is no part of the pattern.
      if (next === '}' || next === '/') continue;
      if (next !== '*' && next !== '?' && next !== '\\') throw new BadPattern(`invalid escape '\\${next ?? ''}'`);
      pattern.push(next);
      at++;
    }
  }
  return pattern;
}

/** Marks every state that `*` lets be reached without a character. */
function skipStars(states: boolean[], pattern: Pattern): void {
  for (let state = 0; state < pattern.length; state++)
    if (states[state] && pattern[state] === anyText) states[state + 1] = true;
}

/** Where a match that begins at `start` ends: the longest or the shortest one; -1 without a match. Takes no more than linear time per pattern item. */
function matchEnd(chars: readonly string[], start: number, pattern: Pattern, longest: boolean): number {
  let states: boolean[] = [true];
  let found = -1;
  for (let at = start; ; at++) {
    skipStars(states, pattern);
    if (states[pattern.length]) found = at;
    const char = chars[at];
    if ((found >= 0 && !longest) || char === undefined || !states.includes(true)) return found;
    const next: boolean[] = [];
    pattern.forEach((item, state) => {
      if (!states[state]) return;
      if (item === anyText && char !== '\n') next[state] = true;
      else if (item === char || (item === anyChar && char !== '\n')) next[state + 1] = true;
    });
    states = next;
  }
}

function checkEffort(...factors: readonly number[]): void {
  if (factors.reduce((product, factor) => product * Math.max(1, factor), 1) > effortLimit)
    throw new BadPattern('pattern or value too long');
}

export function trimPrefix(value: string, pattern: string, greedy: boolean): string {
  checkEffort(value.length, pattern.length);
  const chars = [...value];
  const end = matchEnd(chars, 0, parsePattern(pattern), greedy);
  return end < 0 ? value : chars.slice(end).join('');
}

/** A search from the right, done by turning both sides round. */
export function trimSuffix(value: string, pattern: string, greedy: boolean): string {
  checkEffort(value.length, pattern.length);
  const chars = [...value].reverse();
  const end = matchEnd(chars, 0, [...parsePattern(pattern)].reverse(), greedy);
  return end < 0 ? value : chars.slice(end).reverse().join('');
}

/** Go's `ReplaceAllString` reads `$1` and `${x}` as groups, of which there are none: they vanish. */
const withoutGroups = (replacement: string): string =>
  replacement.replace(/\$(?:\$|\{\w+\}|\w+)/g, (group) => (group === '$$' ? '$' : ''));

/** The first match replaced, or all that do not overlap. */
export function replace(value: string, pattern: string, replacement: string, all: boolean): string {
  checkEffort(value.length, value.length, pattern.length);
  const chars = [...value];
  const parsed = parsePattern(pattern);
  const inserted = all ? withoutGroups(replacement) : replacement;
  let result = '';
  let at = 0;
  let lastEnd = -1;
  while (at <= chars.length) {
    const end = matchEnd(chars, at, parsed, true);
    // As in Go, an empty match just behind another one does not count.
    const matches = end > at || (end === at && end !== lastEnd);
    if (matches) result += inserted;
    if (end > at) at = lastEnd = end;
    else result += chars[at++] ?? '';
    if (matches && !all) break;
  }
  return result + chars.slice(at).join('');
}
