import { baseName } from '../../syntax/path.ts';
import { type Collector, isFolder } from '../collect.ts';
import { stringAt } from '../documents.ts';
import { escapes, resolve } from '../paths.ts';
import { binFiles, type Package, specifiers } from './packageJson.ts';

/** How a package manager treats the places that a specifier can name. */
export type LocalKind = 'file' | 'link' | 'portal' | 'patch' | 'exec';

export interface Local {
  readonly kind: LocalKind;
  /** As written, relative to the package (or, with `~/` in a patch, to the project's root). */
  readonly path: string;
}

/** The files that a specifier names; none for a version, a git repository or a URL. */
export function localsOf(specifier: string): Local[] {
  const [, protocol, rest = ''] = /^(file|link|portal|exec|patch):(.*)$/s.exec(specifier) ?? [];
  if (protocol === 'patch') return patchFiles(rest).map((path) => ({ kind: 'patch', path }));
  if (protocol) return [{ kind: protocol as LocalKind, path: rest.replace(/^\/\/(?!\/)/, '').replace(/[#?].*$/, '') }];
  const isPath = /^\.{1,2}(\/|$)/.test(specifier) || /^(~\/|\/)/.test(specifier);
  const isTarball = /^[^:]+\.(tgz|tar\.gz|tar)$/.test(specifier);
  return isPath || isTarball ? [{ kind: 'file', path: specifier }] : [];
}

/** `patch:typescript@npm:5#~/.yarn/patches/a.patch&optional!./b.patch::version=5`; the built-in patches are no files. */
function patchFiles(source: string): string[] {
  const files = /#(.*)$/s.exec(source)?.[1]?.replace(/::.*$/s, '') ?? '';
  return decoded(files)
    .split('&')
    .map((file) => file.replace(/^[a-z]+!/, ''))
    .filter((file) => file !== '' && !/^~?builtin</.test(file));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Adds what the local dependencies of a package read: tarballs, patches, folders that are packed or linked. `workspaces` are folders that the install knows anyway.
 * Gives the folders that are packages of their own, so that their dependencies and scripts can be followed.
 */
export function collectLocals(
  collect: Collector,
  of: Package,
  root: string,
  workspaces: ReadonlySet<string>,
): string[] {
  return specifiers(of).flatMap((specifier) =>
    localsOf(specifier).flatMap((local) => collectLocal(collect, of, root, local, workspaces)),
  );
}

function collectLocal(
  collect: Collector,
  of: Package,
  root: string,
  { kind, path: written }: Local,
  workspaces: ReadonlySet<string>,
): string[] {
  const path =
    kind === 'patch' && written.startsWith('~/') ? resolve(root, written.slice(2)) : resolve(of.directory, written);
  if (escapes(path) || (kind !== 'patch' && written.startsWith('~/'))) {
    collect.obstacle(`${of.path} names ${written}, which lies outside the build context.`);
    return [];
  }
  if (workspaces.has(path)) return [];
  if (kind === 'exec') {
    collect.obstacle(`${of.path} runs ${written} to make a dependency, which may read other files of the project.`);
    return [];
  }
  if (kind === 'patch' || !isFolder(collect.context, path)) {
    if (kind !== 'link') collect.required(path, of.path);
    return [];
  }
  // The link itself is made whether or not its target is there.
  if (kind === 'link') return collect.optional(resolve(path, 'package.json')) ? [path] : [];
  if (path === root || path === '') {
    collect.obstacle(`${of.path} has the project itself as a dependency (${written}), which needs all of it.`);
    return [];
  }
  if (kind === 'portal') return collect.required(resolve(path, 'package.json'), of.path) ? [path] : [];
  collect.folder(path, of.path, (file) => file.split('/').includes('node_modules'));
  return [path];
}

/**
 * The programs of a workspace or linked package: the install links those that exist, and makes them executable. A link is missing where the file
 * comes later, and the mode is lost where a COPY brings the file again.
 */
export function collectBins(collect: Collector, of: Package): void {
  for (const file of binFiles(of)) {
    const path = resolve(of.directory, file);
    if (!collect.optional(path)) continue;
    const entry = collect.context.get(path);
    if (entry?.type === 'file' && (entry.mode & 0o111) === 0)
      collect.obstacle(
        `${path} is a program of ${stringAt(of.json, 'name') ?? baseName(of.directory)} that the install makes executable; a COPY after the install would undo that. Make it executable in the repository.`,
      );
  }
  const folder = stringAt(of.json, 'directories', 'bin');
  if (folder !== undefined)
    collect.obstacle(`${of.path} has a folder of programs (${folder}), which the install links one by one.`);
}
