import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.join(__dirname, '..', '..');

const ignored = new Set(
  readFileSync(path.join(root, '.gitignore'), 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('/'))
    .map((line) => line.slice(0, -1))
    .concat('.git'),
);

/** All files of the checkout that git would keep, relative to its root, with `/`. */
export function filesBelow(folder = ''): string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder ? `${folder}/${entry.name}` : entry.name;
    if (ignored.has(entry.name)) return [];
    return entry.isDirectory() ? filesBelow(name) : entry.isFile() ? [name] : [];
  });
}

export const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

export interface Import {
  readonly file: string;
  /** As written: `./x.ts`, `node:fs`, `yaml`. */
  readonly specifier: string;
  /** Of a relative import, the imported file from the root; the specifier otherwise. */
  readonly target: string;
}

const statement =
  /^\s*(?:import|export)\b[^'";]*?\bfrom\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]/gm;

/** Every import of a TypeScript or JavaScript file, types and re-exports included. */
export function importsOf(file: string, text = read(file)): Import[] {
  return [...text.matchAll(statement)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    const target = specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : specifier;
    return { file, specifier, target };
  });
}
