import type { ContextSnapshot } from '../../workspace.ts';
import type { Collector } from '../collect.ts';
import { foldersAbove } from '../folders.ts';
import type { Call } from '../manager.ts';
import { resolve } from '../paths.ts';
import { collectBins, collectLocals } from './local.ts';
import {
  dependsOn,
  type Package,
  packageAt,
  requirePackage,
  scriptOf,
  specifiers,
  workspaceFolders,
  workspaceGlobs,
} from './packageJson.ts';
import { collectPrismaClient } from './prisma.ts';
import { collectScripts, type ScriptRun } from './scripts.ts';

/** How one JavaScript package manager installs a project. */
export interface Flavour {
  readonly title: string;
  /** Scripts it runs in the root, and in each workspace or linked folder. */
  readonly rootScripts: readonly string[];
  readonly workspaceScripts: readonly string[];
  /** Whether it runs scripts at all here (`--ignore-scripts`). */
  readonly runsScripts: boolean;
  /** Whether dependencies may run their own install scripts (@prisma/client's). */
  readonly runsDependencies: boolean;
  /** Globs of the workspaces of this root. */
  workspaces(root: Package): readonly string[];
}

export const lifecycle = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'];

/** The root of the workspace that a folder belongs to; the folder itself where it belongs to none. */
export function workspaceRoot(call: Call, directory: string, context: ContextSnapshot): string {
  for (const folder of foldersAbove(call, directory)) {
    const root = packageAt(context, folder);
    if (root && workspaceFolders(context, folder, workspaceGlobs(root)).includes(directory)) return folder;
  }
  return directory;
}

export interface Members {
  readonly root: Package;
  /** Workspaces whose package.json could be read. */
  readonly workspaces: readonly Package[];
}

/** Adds the manifests of a root and all its workspaces, what they link to, and what their scripts read. */
export function collectProject(
  collect: Collector,
  directory: string,
  flavour: Flavour,
  run: Pick<ScriptRun, 'install' | 'seen'>,
): Members | undefined {
  const root = requirePackage(collect, directory, flavour.title);
  if (!root) return undefined;
  run.seen.add(directory);
  const folders = workspaceFolders(collect.context, directory, flavour.workspaces(root));
  const workspaces = folders.flatMap((folder) => requirePackage(collect, folder, root.path) ?? []);
  if (folders.length === 0 && specifiers(root).some((each) => each.startsWith('workspace:')))
    collect.obstacle(`${root.path} depends on packages of its workspace, which is not in the build context.`);
  const known = new Set([...folders, ...(folders.length > 0 ? [directory] : [])]);
  const linked = followLinks(collect, [root, ...workspaces], directory, known);
  for (const each of [...workspaces, ...linked]) collectBins(collect, each);
  if (flavour.runsScripts) {
    const scripts: ScriptRun = { collect, ...run };
    collectScripts(scripts, root, flavour.rootScripts);
    for (const each of [...workspaces, ...linked]) collectScripts(scripts, each, flavour.workspaceScripts);
    for (const each of [root, ...workspaces, ...linked]) collectGyp(collect, each);
  }
  if (flavour.runsDependencies) for (const each of [root, ...workspaces]) collectDependencyScripts(collect, each, root);
  return { root, workspaces };
}

/** Linked packages may link to others. */
function followLinks(collect: Collector, packages: readonly Package[], root: string, known: Set<string>): Package[] {
  const found: Package[] = [];
  for (let open = packages; open.length > 0; ) {
    const folders = open
      .flatMap((each) => collectLocals(collect, each, root, known))
      .filter((folder) => !known.has(folder));
    for (const folder of folders) known.add(folder);
    open = [...new Set(folders)].flatMap((folder) => packageAt(collect.context, folder) ?? []);
    found.push(...open);
  }
  return found;
}

const puppeteerFiles = [
  '.puppeteerrc.cjs',
  '.puppeteerrc.js',
  '.puppeteerrc.json',
  '.puppeteerrc',
  'puppeteer.config.js',
  'puppeteer.config.cjs',
];

/** What the install scripts of well-known dependencies look for in the project. */
function collectDependencyScripts(collect: Collector, of: Package, root: Package): void {
  collectPrismaClient(collect, of, root);
  if (dependsOn(of, 'puppeteer'))
    for (const name of puppeteerFiles)
      for (const folder of new Set([of.directory, root.directory])) collect.optional(resolve(folder, name));
  if (dependsOn(of, 'msw') && of.json.msw !== undefined)
    collect.obstacle(
      `msw writes its worker into the folder that ${of.path} names, and a COPY after the install would put the old one back.`,
    );
}

/** Without an install script of its own, a package with a binding.gyp is compiled. */
function collectGyp(collect: Collector, of: Package): void {
  const gyp = resolve(of.directory, 'binding.gyp');
  const builds =
    scriptOf(of, 'install') === undefined && scriptOf(of, 'preinstall') === undefined && of.json.gypfile !== false;
  if (builds && collect.context.get(gyp)) collect.obstacle(`${gyp} makes the install compile the sources it names.`);
}

/**
 * Packages of the command line come on top of the project's, and the manifest gets them: where there is a project a later COPY would undo that. False where there is
 * none, so that nothing of it is read.
 */
export function collectAddition(collect: Collector, { program, args }: Call, directory: string): boolean {
  const path = resolve(directory, 'package.json');
  if (!collect.context.get(path)) return false;
  const words = [program, ...args.map(({ text }) => text)].join(' ');
  collect.obstacle(`\`${words}\` rewrites ${path}, and a COPY after it would undo that.`);
  return true;
}
