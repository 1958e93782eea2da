import type { Collector } from '../collect.ts';
import { isTable, parseToml, stringAt, type Table, tableAt } from '../documents.ts';
import { escapes, resolve } from '../paths.ts';

/** Adds a TOML manifest and reads it; an obstacle says why it cannot be read. */
export function requireToml(collect: Collector, path: string, named: string): Table | undefined {
  if (!collect.required(path, named)) return undefined;
  const text = collect.text(path);
  if (text === undefined) return undefined;
  const table = parseToml(text);
  if (!table) collect.obstacle(`${path} is not valid TOML, so what the install reads is not known.`);
  return table;
}

/** A dependency that lies in the project: installed, it is built from its folder; an archive is read as it is. */
export function collectPathDependency(collect: Collector, directory: string, written: string, from: string): void {
  const path = resolve(directory, written);
  if (escapes(path)) collect.obstacle(`${from} names ${written}, which lies outside the build context.`);
  else if (path === directory) installsItself(collect, from);
  else if (/\.(whl|zip|tar\.gz|tgz)$/.test(path)) collect.required(path, from);
  else if (collect.folder(path, from))
    collect.obstacle(`${from} builds the package in ${path}, and its build may read files outside of it.`);
}

export function installsItself(collect: Collector, from: string): void {
  collect.installsProject();
  collect.obstacle(`${from} installs the project itself, which needs its sources.`);
}

/** `path` and `file` of the tables of a table of dependencies; one dependency may have several. */
export const pathsIn = (dependencies: Table): string[] =>
  Object.values(dependencies)
    .flatMap((value) => (Array.isArray(value) ? value : [value]))
    .flatMap((value) => (isTable(value) ? [stringAt(value, 'path'), stringAt(value, 'file')] : []))
    .filter((path) => path !== undefined && !/^https?:/.test(path)) as string[];

/** `name @ file:///…` of the standard metadata. */
export const urlPaths = (requirements: readonly string[]): string[] =>
  requirements.flatMap((requirement) => /@\s*file:(?:\/\/)?([^\s;]+)/.exec(requirement)?.[1] ?? []);

/** Fields that the build backend computes, so that the project must be built to know them. */
export const dynamicFields = (pyproject: Table): boolean => {
  const { dynamic } = tableAt(pyproject, 'project');
  return Array.isArray(dynamic) && dynamic.length > 0;
};
