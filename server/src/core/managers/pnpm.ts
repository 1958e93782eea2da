import type { ContextSnapshot } from '../workspace.ts';
import { variableOf } from './account.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { type Collector, collector, filesIn, remembered } from './collect.ts';
import { configuredFor } from './configured.ts';
import { commandDefeater } from './defeaters.ts';
import { at, isTable, parseYaml, stringAt, stringsAt, type Table, tableAt } from './documents.ts';
import { foldersAbove } from './folders.ts';
import { collectLocals } from './javascript/local.ts';
import { npmrcSetting } from './javascript/npmrc.ts';
import { type Package, packageAt, workspaceFolders } from './javascript/packageJson.ts';
import { collectAddition, collectProject, type Flavour } from './javascript/project.ts';
import { inHome, movedBy, movedTo, place } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager, Project } from './manager.ts';
import { environmentSaysIgnore, ignoresScripts } from './npm.ts';
import { resolve } from './paths.ts';

const options = syntax(
  `-C --dir --filter -F --filter-prod --store-dir --cache-dir --state-dir --virtual-store-dir --reporter --loglevel --registry --network-concurrency
  --child-concurrency --workspace-concurrency --lockfile-dir --modules-dir --node-linker --package-import-method --global-dir --fetch-timeout
  --fetch-retries --cpu --os --libc --config --use-node-version --allow-build`,
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const args = argsOf(call);
  const { subcommand, operands } = args;
  if (/^(install|i|ci|clean-install|update|up|upgrade)$/.test(subcommand))
    return args.has('-g', '--global') ? 'self' : 'install';
  if (subcommand === 'add') return 'self';
  // What it downloads is a program that works on the project (`pnpm dlx turbo prune`).
  if (subcommand === 'dlx') return 'build';
  // It copies the built project, and takes its dependencies from the store anew (pnpm.io/cli/deploy).
  if (subcommand === 'deploy') return 'build';
  if (subcommand === 'fetch') return 'fetch';
  return subcommand === 'store' && operands[1]?.value === 'prune' ? 'clean' : undefined;
}

const workspaceFile = (context: ContextSnapshot, directory: string): Table | undefined => {
  const path = resolve(directory, 'pnpm-workspace.yaml');
  return context.get(path) ? (parseYaml(context.text(path) ?? '') ?? {}) : undefined;
};

/** Of the root and of every workspace (pnpm's core/src/install/index.ts). */
const scripts = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare'];

/** Source: pnpm.io/settings#storedir. The official image sets PNPM_HOME=/pnpm. */
function caches(call: Call, project?: Project): CacheLocation[] {
  const kind = { class: 'A', sharing: 'shared' } as const;
  const option = argsOf(call).find('--store-dir', '--config.store-dir');
  if (option) return [place(call, option.value, kind)];
  const moved = movedBy(
    call,
    [
      ['npm_config_store_dir', ''],
      ['NPM_CONFIG_STORE_DIR', ''],
      ['pnpm_config_store_dir', ''],
      ['PNPM_HOME', '/store'],
      ['XDG_DATA_HOME', '/pnpm/store'],
    ],
    kind,
  );
  const written = settingOf(project, call, 'storeDir', 'store-dir');
  if (leansOnStore(call, project)) return [];
  const set = written ?? configuredFor(call, /^p?npm$/, 'store_dir');
  if (set) return [place(call, set.includes('$') ? undefined : set, kind)];
  return [moved ?? inHome(call, '.local/share/pnpm/store', kind)];
}

/** A setting of the project's own files. */
function settingOf(project: Project | undefined, call: Call, name: string, npmrcName: string): string | undefined {
  if (!project) return undefined;
  const { context } = project;
  const root = rootOf(call, project.directory, context);
  const written = at(workspaceFile(context, root), name);
  return written === undefined ? npmrcSetting(context, root, npmrcName) : String(written);
}

/** Whether what is installed cannot do without a store on the same file system: hard links alone, or links into the store. */
function leansOnStore(call: Call, project: Project | undefined): boolean {
  const method =
    argsOf(call).find('--package-import-method')?.value ??
    variableOf(call, 'npm_config_package_import_method') ??
    settingOf(project, call, 'packageImportMethod', 'package-import-method');
  return (
    method === 'hardlink' ||
    method === 'clone' ||
    settingOf(project, call, 'enableGlobalVirtualStore', 'enable-global-virtual-store') === 'true'
  );
}

/** The nearest folder above that has a pnpm-workspace.yaml, as pnpm looks for it. */
function rootOf(call: Call, directory: string, context: ContextSnapshot): string {
  if (argsOf(call).has('--ignore-workspace')) return directory;
  return [directory, ...foldersAbove(call, directory)].find((folder) => workspaceFile(context, folder)) ?? directory;
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  if (action(call) === 'self') return collect.result();
  if (args.operands.length > 1 && !collectAddition(collect, call, directory)) return collect.result();
  if (args.subcommand === 'fetch') collectFetch(collect, call, directory);
  else collectPnpm(collect, call, args, directory, new Set());
  return collect.result();
}

/** Sources: pnpm.io/cli/fetch. The manifest counts only where it sets pnpm's own settings or version. */
function collectFetch(collect: Collector, call: Call, directory: string): void {
  const root = rootOf(call, directory, collect.context);
  collect.required(resolve(root, 'pnpm-lock.yaml'), 'pnpm fetch');
  const manifest = packageAt(collect.context, root);
  if (
    manifest &&
    (manifest.json.pnpm !== undefined ||
      manifest.json.packageManager !== undefined ||
      manifest.json.devEngines !== undefined)
  )
    collect.optional(manifest.path);
  collectSettings(collect, root, manifest);
}

/** Settings, hooks and patches of a workspace's root. */
function collectSettings(collect: Collector, root: string, manifest: Package | undefined): void {
  const { context } = collect;
  collect.optional(resolve(root, 'pnpm-workspace.yaml'));
  collect.optional(resolve(root, '.npmrc'));
  const settings = workspaceFile(context, root);
  const patches = [
    ...Object.values(tableAt(settings, 'patchedDependencies')),
    ...Object.values(tableAt(manifest?.json, 'pnpm', 'patchedDependencies')),
  ];
  for (const patch of patches) {
    const path = isTable(patch) ? stringAt(patch, 'path') : patch;
    if (typeof path === 'string') collect.required(resolve(root, path), 'pnpm');
  }
  // `pnpm patch-commit` puts the first one there: whoever copies the folder before the install waits for it.
  if (patches.length === 0) for (const file of filesIn(context, resolve(root, 'patches'))) collect.optional(file);
  const hooks = [...stringsAt(settings, 'pnpmfile'), npmrcSetting(context, root, 'pnpmfile') ?? ''].filter(Boolean);
  for (const hook of [...hooks, '.pnpmfile.cjs', '.pnpmfile.mjs'])
    collectHooks(collect, root, hook, hooks.includes(hook));
}

/** Hooks are programs: alone they are fine, with files of the project they need those too. */
function collectHooks(collect: Collector, root: string, name: string, named: boolean): void {
  const path = resolve(root, name);
  if (!(named ? collect.required(path, 'pnpm') : collect.optional(path))) return;
  const text = collect.text(path);
  const reads =
    text !== undefined &&
    /(require\s*\(\s*['"`]\.|from\s+['"`]\.|import\s*\(|readFile|readdir|existsSync|__dirname|process\.cwd|import\.meta)/.test(
      text,
    );
  if (reads) collect.obstacle(`${path} reads other files of the project.`);
}

function collectPnpm(collect: Collector, call: Call, args: Arguments, directory: string, seen: Set<string>): void {
  const { context } = collect;
  const root = rootOf(call, directory, context);
  const manifest = packageAt(context, root);
  const settings = workspaceFile(context, root);
  collectSettings(collect, root, manifest);
  collect.optional(resolve(root, 'pnpm-lock.yaml'));
  const globs = settings ? ['.', ...stringsAt(settings, 'packages')] : [];
  collectMemberFiles(collect, workspaceFolders(context, root, globs));
  if (
    at(settings, 'injectWorkspacePackages') === true ||
    npmrcSetting(context, root, 'inject-workspace-packages') === 'true'
  )
    collect.obstacle(
      'pnpm copies the workspace packages into node_modules here (injectWorkspacePackages), so it needs their sources.',
    );
  const runsScripts = !ignoresScripts(call, args, context, root) && at(settings, 'ignoreScripts') !== true;
  const flavour: Flavour = {
    title: 'pnpm',
    rootScripts: ['pnpm:devPreinstall', ...scripts],
    workspaceScripts: scripts,
    runsScripts,
    runsDependencies: runsScripts,
    workspaces: () => globs,
  };
  const members = collectProject(collect, root, flavour, {
    seen,
    install(program, words, folder) {
      if (program === 'pnpm')
        collectPnpm(collect, { ...call, cwd: undefined }, parseArgs(words, options), folder, seen);
      else collect.obstacle(`A script of ${root || 'the project'} runs ${program} install in ${folder}.`);
    },
  });
  const overrides: Package = {
    directory: root,
    path: resolve(root, 'pnpm-workspace.yaml'),
    json: { overrides: settings?.overrides },
  };
  collectLocals(collect, overrides, root, new Set(members?.workspaces.map((each) => each.directory)));
  for (const each of [members?.root, ...(members?.workspaces ?? [])]) if (each) collectInjected(collect, each);
}

/** Workspaces may have settings, and with `sharedWorkspaceLockfile: false` lock files, of their own. */
function collectMemberFiles(collect: Collector, folders: readonly string[]): void {
  for (const folder of folders)
    for (const name of ['.npmrc', 'pnpm-lock.yaml']) collect.optional(resolve(folder, name));
}

function collectInjected(collect: Collector, of: Package): void {
  const injected = Object.entries(tableAt(of.json, 'dependenciesMeta')).filter(
    ([, meta]) => at(meta, 'injected') === true,
  );
  for (const [name] of injected)
    collect.obstacle(`${of.path} has ${name} injected: pnpm copies its sources into node_modules.`);
}

/** On CI servers pnpm is locked by default; a build in a container is none unless CI is set. */
function isLocked(call: Call): boolean {
  const args = argsOf(call);
  const option = args.find('--frozen-lockfile', '--no-frozen-lockfile');
  if (option) return option.name === '--frozen-lockfile' && args.has('--frozen-lockfile');
  const ci = variableOf(call, 'CI');
  return (
    args.subcommand === 'fetch' ||
    args.subcommand === 'ci' ||
    args.subcommand === 'clean-install' ||
    (ci !== undefined && ci !== 'false')
  );
}

export const pnpm: Manager = {
  id: 'pnpm',
  title: 'pnpm',
  programs: ['pnpm'],
  action,
  caches,
  defeaters: (call) => (action(call) === 'clean' ? [commandDefeater(call)] : []),
  kept: ['~/.pnpm-store', '~/.local/share/pnpm/store', '/pnpm/store', '/root/.local/share/pnpm/store'],
  directory: (call) => movedTo(call, argsOf(call).find('-C', '--dir')),
  isLocked,
  lock(call, { directory, context }) {
    if (action(call) !== 'install' && action(call) !== 'fetch') return undefined;
    const path = resolve(rootOf(call, directory, context), 'pnpm-lock.yaml');
    return { file: context.get(path) ? path : undefined, form: 'pnpm install --frozen-lockfile' };
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [String(environmentSaysIgnore(call))], () => inputs(call, directory, context)),
  manifests: ['package.json', 'pnpm-workspace.yaml', '.npmrc', '.pnpmfile.cjs', '.pnpmfile.mjs', '*.prisma'],
  writes: ['node_modules'],
};
