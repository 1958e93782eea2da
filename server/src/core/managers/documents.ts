import { parse as toml } from 'smol-toml';
import { parse as yaml } from 'yaml';

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
/** An empty document is an empty table. Aliases are limited: a hostile file must not grow in memory. */
export const parseYaml = (text: string): Table | undefined =>
  tableOf(() => yaml(withoutBom(text), { maxAliasCount: 50, logLevel: 'silent' }) ?? {});

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
