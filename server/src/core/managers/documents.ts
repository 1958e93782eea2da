import { parse as toml } from 'smol-toml';
import { parse as yaml } from 'yaml';
import { memoize } from '../syntax/memo.ts';

/** A parsed manifest: an object, or undefined where the text is none. Manifests of a workspace may be broken at any time. */
export type Table = Readonly<Record<string, unknown>>;

export const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function tableOf(parse: () => unknown): Table | undefined {
  try {
    const value = parse();
    return isTable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const withoutBom = (text: string): string => text.replace(/^\uFEFF/, '');

export const parseJson = (text: string): Table | undefined => tableOf(() => JSON.parse(withoutBom(text)));
export const parseToml = (text: string): Table | undefined => tableOf(() => toml(withoutBom(text)));

/** The parser's time explodes with nesting, aliases and a line's marks, of which manifests have next to none. */
function isTame(text: string): boolean {
  if (text.length > 100_000 || (text.match(/(^|[\s[{,:-])[*&][\w-]/g)?.length ?? 0) > 20) return false;
  let depth = 0;
  let marks = 0;
  let lines = 0;
  for (const character of text) {
    if (character === '\n') {
      lines++;
      marks = 0;
    } else if (/[^\w\s./@^~]/.test(character)) marks++;
    if (character === '[' || character === '{') depth++;
    else if ((character === ']' || character === '}') && depth > 0) depth--;
    if (depth > 20 || marks > 100 || lines > 5_000) return false;
  }
  return true;
}

/** Read again with every keystroke, and several times each: what was read is remembered. */
const readYaml = memoize(200_000, (text) => ({
  table: isTame(text)
    ? tableOf(() => yaml(withoutBom(text), { maxAliasCount: 20, logLevel: 'silent', prettyErrors: false }) ?? {})
    : undefined,
}));

/** An empty document is an empty table. */
export const parseYaml = (text: string): Table | undefined => readYaml(text).table;

/** The value at a path of keys; undefined where one is missing. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  let current = value;
  for (const key of keys) {
    if (!isTable(current) || !Object.hasOwn(current, key)) return undefined;
    current = current[key];
  }
  return current;
}

export const tableAt = (value: unknown, ...keys: readonly string[]): Table => {
  const found = at(value, ...keys);
  return isTable(found) ? found : {};
};

export const stringAt = (value: unknown, ...keys: readonly string[]): string | undefined => {
  const found = at(value, ...keys);
  return typeof found === 'string' ? found : undefined;
};

/** The strings of an array; a single string counts as an array of one. */
export function stringsAt(value: unknown, ...keys: readonly string[]): string[] {
  const found = at(value, ...keys);
  if (typeof found === 'string') return [found];
  return Array.isArray(found) ? found.filter((item) => typeof item === 'string') : [];
}
