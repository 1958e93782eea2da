import { minimatch } from 'minimatch';
import { baseName } from '../../syntax/path.ts';
import type { ContextSnapshot } from '../../workspace.ts';
import type { Collector } from '../collect.ts';
import { isTable, parseJson, stringAt, stringsAt, type Table, tableAt } from '../documents.ts';
import { isReasonableGlob } from '../members.ts';
import { dirname, isWithin, resolve } from '../paths.ts';

/** A package.json of the build context. */
export interface Package {
  /** Context-relative folder. */
  readonly directory: string;
  readonly path: string;
  readonly json: Table;
}

/** As JavaScript's package managers share it; what is not an object has nothing to read. */
export function packageAt(context: ContextSnapshot, directory: string): Package | undefined {
  const path = resolve(directory, 'package.json');
  const text = context.get(path) ? context.text(path) : undefined;
  const json = text === undefined ? undefined : parseJson(text);
  return json && { directory, path, json };
}

/** Adds a package.json and reads it; an obstacle says why it cannot be read. */
export function requirePackage(collect: Collector, directory: string, named: string): Package | undefined {
  const path = resolve(directory, 'package.json');
  if (!collect.required(path, named)) return undefined;
  const text = collect.text(path);
  if (text === undefined) return undefined;
  const json = parseJson(text);
  if (!json) collect.obstacle(`${path} is not valid JSON, so what the install reads is not known.`);
  return json && { directory, path, json };
}

/** The globs of `workspaces`: a list, or yarn's `{ "packages": [] }`. */
export const workspaceGlobs = ({ json }: Package): string[] =>
  stringsAt(json, 'workspaces').length > 0 ? stringsAt(json, 'workspaces') : stringsAt(json, 'workspaces', 'packages');

interface Pattern {
  readonly glob: string;
  readonly negated: boolean;
}

const patternOf = (written: string): Pattern => {
  const marks = /^!*/.exec(written)?.[0].length ?? 0;
  return {
    glob: written
      .slice(marks)
      .replace(/^\.?\/+/, '')
      .replace(/\/+$/, ''),
    negated: marks % 2 === 1,
  };
};

/** Whether a folder, relative to the root, is a workspace: the last pattern that matches decides. */
function isMatched(folder: string, patterns: readonly Pattern[]): boolean {
  const decisive = patterns.findLast(({ glob }) => (glob === '.' ? folder === '' : minimatch(folder, glob)));
  return decisive !== undefined && !decisive.negated;
}

/** Folders of the workspaces: those the globs match that have a package.json in the context; node_modules left out, the root too. */
export function workspaceFolders(context: ContextSnapshot, root: string, globs: readonly string[]): string[] {
  const patterns = globs.map(patternOf).filter(({ glob }) => isReasonableGlob(glob));
  if (patterns.length === 0) return [];
  return context.entries
    .filter(({ path }) => baseName(path) === 'package.json' && isWithin(path, root))
    .map(({ path }) => dirname(path))
    .filter((folder) => folder !== root && !folder.split('/').includes('node_modules'))
    .filter((folder) => isMatched(root === '' ? folder : folder.slice(root.length + 1), patterns));
}

const dependencyFields = ['dependencies', 'devDependencies', 'optionalDependencies'];

/** Every place that gives a package a source: name (or selector) and specifier, nested overrides included. */
export function specifiers({ json }: Package): string[] {
  const tables = [
    ...dependencyFields.map((field) => tableAt(json, field)),
    tableAt(json, 'resolutions'),
    tableAt(json, 'overrides'),
    tableAt(json, 'pnpm', 'overrides'),
  ];
  return tables.flatMap((table) => stringsWithin(table, 0));
}

const deepestOverride = 8;

const stringsWithin = (value: unknown, depth: number): string[] => {
  if (typeof value === 'string') return [value];
  if (!isTable(value) || depth > deepestOverride) return [];
  return Object.values(value).flatMap((item) => stringsWithin(item, depth + 1));
};

/** Whether a package is a direct dependency. */
export const dependsOn = ({ json }: Package, name: string): boolean =>
  dependencyFields.some((field) => stringAt(json, field, name) !== undefined);

/** Files that `bin` and `directories.bin` name, relative to the package. */
export function binFiles({ json }: Package): string[] {
  const { bin } = json;
  if (typeof bin === 'string') return [bin];
  return isTable(bin) ? Object.values(bin).filter((file) => typeof file === 'string') : [];
}

export const scriptOf = ({ json }: Package, name: string): string | undefined => stringAt(json, 'scripts', name);
