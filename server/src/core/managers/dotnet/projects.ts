import { baseName } from '../../syntax/path.ts';
import { type Collector, filesIn } from '../collect.ts';
import { at, parseJson, stringsAt } from '../documents.ts';
import { dirname, escapes, parents, resolve } from '../paths.ts';
import { between, withoutBlocks } from '../text.ts';

const projectFile = /\.(cs|fs|vb|es|dc|sql|vcx|wap|shf|rs|njs|docf)proj$/i;
export const isProject = (path: string): boolean => projectFile.test(path);
export const isSolution = (path: string): boolean => /\.(sln|slnx|slnf)$/i.test(path);

const withoutComments = (xml: string): string => withoutBlocks(xml, '<!--', '-->');

const fromWindows = (path: string): string => path.replaceAll('\\', '/');

/** Adds a project or solution and all that a restore of it reads. Source: learn.microsoft.com, "dotnet restore". */
export function collectTarget(collect: Collector, path: string, named: string, seen: Set<string>): void {
  if (seen.has(path)) return;
  seen.add(path);
  if (escapes(path)) {
    collect.obstacle(`${named} names ${path}, which lies outside the build context.`);
    return;
  }
  if (!collect.required(path, named)) return;
  const text = collect.text(path);
  if (text === undefined) return;
  if (isSolution(path))
    for (const project of projectsOf(path, text)) collectTarget(collect, resolve(dirname(path), project), path, seen);
  else collectProject(collect, path, withoutComments(text), seen);
}

/** Projects of a solution, relative to it; folders of a solution are none. */
function projectsOf(path: string, text: string): string[] {
  if (/\.slnf$/i.test(path)) {
    const json = parseJson(text);
    const solution = at(json, 'solution', 'path');
    return typeof solution === 'string'
      ? [fromWindows(solution)]
      : stringsAt(json, 'solution', 'projects').map(fromWindows);
  }
  const pattern = /\.slnx$/i.test(path)
    ? /<Project\s[^>]*Path="([^"]+)"/g
    : /^Project\("[^"]*"\)\s*=\s*"[^"]*",\s*"([^"]+)"/gm;
  return [...text.matchAll(pattern)].map(([, project = '']) => fromWindows(project)).filter(isProject);
}

function collectProject(collect: Collector, path: string, xml: string, seen: Set<string>): void {
  const folder = dirname(path);
  for (const name of ['packages.lock.json', 'packages.config']) collect.optional(resolve(folder, name));
  collect.optional(`${path}.user`);
  collectAbove(collect, folder, seen);
  for (const [, references = ''] of xml.matchAll(/<ProjectReference\s[^>]*Include="([^"]+)"/g))
    for (const reference of references.split(';').filter(Boolean)) {
      const target = located(collect, path, reference);
      if (target !== undefined) collectTarget(collect, target, path, seen);
    }
  if (/\.(es|nj)sproj$/i.test(path))
    collect.obstacle(`${path} is a JavaScript project, whose restore runs its package manager.`);
  collectImports(collect, path, xml, seen);
}

/** Files that MSBuild and NuGet look for in a folder and all above it. */
const inherited =
  /^(directory\.(build\.(props|targets|rsp)|packages\.props|solution\.(props|targets))|nuget\.config|global\.json)$/i;

function collectAbove(collect: Collector, folder: string, seen: Set<string>): void {
  for (const each of [folder, ...parents(folder)]) {
    if (seen.has(`above ${each}`)) return;
    seen.add(`above ${each}`);
    for (const file of filesIn(collect.context, each).filter(
      (path) => dirname(path) === each && inherited.test(baseName(path)),
    )) {
      collect.optional(file);
      const text = collect.text(file);
      if (text === undefined) continue;
      if (/nuget\.config$/i.test(file)) collectSources(collect, file, withoutComments(text));
      else if (!file.endsWith('.json')) collectImports(collect, file, withoutComments(text), seen);
    }
  }
}

/** Imports, and what else makes the evaluation of a project depend on files. */
function collectImports(collect: Collector, path: string, xml: string, seen: Set<string>): void {
  if (/\[(System\.IO\.)?(File|Directory)\]::/.test(xml))
    collect.obstacle(`${path} reads other files while it is evaluated.`);
  if (/Condition="[^"]*\bExists\s*\(/i.test(xml.replace(/<Import\s[^>]*>/g, '')))
    collect.obstacle(`${path} depends on whether other files exist.`);
  for (const [, attributes = ''] of xml.matchAll(/<Import\s([^>]*)>/g)) {
    const project = /Project="([^"]+)"/.exec(attributes)?.[1];
    // What comes from the SDK, and the next Directory.Build.props above, which is copied anyway.
    if (
      project === undefined ||
      /\bSdk="/.test(attributes) ||
      /GetPathOfFileAbove|GetDirectoryNameOfFileAbove|\$\(MSBuild(Extensions|Tools|Bin|SDKs)|\$\(VSToolsPath\)/i.test(
        project,
      )
    )
      continue;
    const target = located(collect, path, project);
    if (target === undefined || seen.has(target)) continue;
    seen.add(target);
    const isConditional = /Condition="[^"]*Exists/i.test(attributes);
    if (isConditional ? collect.optional(target) : collect.required(target, path)) {
      const text = collect.text(target);
      if (text !== undefined) collectImports(collect, target, withoutComments(text), seen);
    }
  }
}

/** A path in a project file; properties other than the file's own folder, and patterns, are not resolved. */
function located(collect: Collector, path: string, written: string): string | undefined {
  const plain = fromWindows(written).replace(/\$\(MSBuild(ThisFile|Project)Directory\)\/?/gi, './');
  if (/[$*?@%]/.test(plain)) {
    collect.obstacle(`${path} names ${written}, which depends on properties or patterns.`);
    return undefined;
  }
  return resolve(dirname(path), plain);
}

/** Package sources that are folders of the project. */
function collectSources(collect: Collector, path: string, xml: string): void {
  const sources = between(xml, '<packageSources>', '</packageSources>') ?? '';
  for (const [, value = ''] of sources.matchAll(/<add\s[^>]*value="([^"]+)"/gi))
    if (!/^https?:/i.test(value) && !/[%$]/.test(value))
      collect.folder(resolve(dirname(path), fromWindows(value)), path);
}
