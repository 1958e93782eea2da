import type { Collector } from '../collect.ts';
import type { Call } from '../manager.ts';
import { contextPath, dirname, normalize } from '../paths.ts';

/** Where a run of pip stands: its words and the lines of its files mean paths of the image. */
export interface PipRun {
  readonly collect: Collector;
  readonly call: Call;
  readonly directory: string;
  readonly seen: Set<string>;
}

/** A path that a word or a line means, in the context; an obstacle where it is outside. */
function located({ collect, call, directory }: PipRun, path: string, base: string | undefined): string | undefined {
  const found =
    base === undefined
      ? contextPath(call.cwd, directory, path)
      : normalize(path.startsWith('/') ? path : `${base}/${path}`.replace(/^\//, ''));
  if (found === undefined || found.startsWith('/'))
    collect.obstacle(`pip reads ${path}, and where that comes from is not known.`);
  return found?.startsWith('/') ? undefined : found;
}

const isUrl = (text: string): boolean => /^(?!file:)([a-z][a-z0-9+.-]*:\/\/|git\+|hg\+|svn\+|bzr\+)/i.test(text);

/** A requirements or constraints file with all files it includes. Source: pip.pypa.io, "Requirements File Format". */
export function collectRequirements(run: PipRun, path: string, base?: string): void {
  const { collect, seen } = run;
  if (isUrl(path)) return;
  if (/[$<]|^\/dev\//.test(path)) {
    collect.obstacle(`What pip reads as ${path} is not known.`);
    return;
  }
  const file = located(run, path.replace(/^file:(\/\/)?/, ''), base);
  if (file === undefined || seen.has(file)) return;
  seen.add(file);
  if (!collect.required(file, 'pip')) return;
  const text = collect.text(file);
  for (const line of text === undefined ? [] : logicalLines(text)) collectLine(run, line, file);
}

/** Lines joined at a backslash, comments and blank lines taken out. */
const logicalLines = (text: string): string[] =>
  text
    .replace(/^\uFEFF/, '')
    .replace(/\\\r?\n/g, '')
    .split(/\r?\n/)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter(Boolean);

const option = /^(-r|--requirement|-c|--constraint|-e|--editable|-f|--find-links)(?:\s*=\s*|\s+|(?<=^-[rcef]))(.+)$/;

function collectLine(run: PipRun, line: string, file: string): void {
  const [, name, value = ''] = option.exec(line) ?? [];
  if (name === '-r' || name === '--requirement' || name === '-c' || name === '--constraint')
    collectRequirements(run, value.trim(), dirname(file));
  else if (name === '-e' || name === '--editable') collectSource(run, value, file);
  else if (name) collectLinks(run, value.trim(), dirname(file));
  else if (!line.startsWith('-')) collectSource(run, line, file);
}

/** Folders of wheels. */
export function collectLinks(run: PipRun, path: string, base?: string): void {
  if (isUrl(path)) return;
  const folder = located(run, path.replace(/^file:(\/\/)?/, ''), base);
  if (folder !== undefined) run.collect.folder(folder, 'pip');
}

/** A requirement: a name with a version, a URL, or a path. Paths count from where pip runs, in files as well. */
export function collectSource(run: PipRun, written: string, from: string): void {
  const { collect, call, directory } = run;
  const requirement = written
    .replace(/^["']|["']$/g, '')
    .replace(/\s*;.*$/, '')
    .replace(/\s+--.*$/, '');
  const named = /^[\w.-]+\s*(?:\[[^\]]*\])?\s*@\s*(\S+)/.exec(requirement)?.[1];
  const source = (named ?? requirement).replace(/\[[\w,.\s-]*\]$/, '');
  if (isUrl(source) || !isPath(source)) return;
  const path = contextPath(call.cwd, directory, source.replace(/^file:(\/\/)?/, ''));
  if (/\$/.test(source) || path === undefined)
    collect.obstacle(`${from} names ${source}, and where that comes from is not known.`);
  else if (path === directory) {
    collect.installsProject();
    collect.obstacle(`${from === 'pip' ? 'pip' : from} installs the project itself, which needs its sources.`);
  } else if (/\.(whl|zip|tar(\.\w+)?|tgz|tbz)$/.test(path)) collect.required(path, from);
  else if (collect.folder(path, from))
    collect.obstacle(`${from} builds the package in ${path}, and its build may read files outside of it.`);
}

const isPath = (source: string): boolean =>
  /^\.{1,2}(\/|$)|^\/|^file:/.test(source) ||
  (/\//.test(source) && !/\s/.test(source)) ||
  /\.(whl|tar\.gz|zip|tgz)$/.test(source);
