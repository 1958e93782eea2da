import type { ContextSnapshot } from '../workspace.ts';
import { settingOf, variableOf } from './account.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { type Collector, collector, filesIn, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { at, stringAt, stringsAt } from './documents.ts';
import { npmrcSetting } from './javascript/npmrc.ts';
import { workspaceGlobs } from './javascript/packageJson.ts';
import { collectAddition, collectProject, type Flavour, workspaceRoot } from './javascript/project.ts';
import { type YarnKind, yarnKindOf, yarnKindOfCall, yarnMajor, yarnrc } from './javascript/yarnKind.ts';
import { inHome, movedBy, movedTo, place } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager, Project } from './manager.ts';
import { environmentSaysIgnore, ignoresScripts } from './npm.ts';
import { resolve } from './paths.ts';

const options = syntax(
  `--cwd --cache-folder --global-folder --modules-folder --mutex --network-timeout --network-concurrency --registry --mode --preferred-cache-folder --use-yarnrc
  --child-concurrency --include --exclude --from -W`,
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const { subcommand, operands } = argsOf(call);
  const second = operands[1]?.value ?? '';
  // `yarn` alone is an install; `yarn --version` is not.
  if (subcommand === '')
    return operands.length === 0 && !/^(-v|-h|--version|--help)$/.test(call.args[0]?.text ?? '')
      ? 'install'
      : undefined;
  if (subcommand === 'install') return 'install';
  if (subcommand === 'workspaces') return second === 'focus' ? 'install' : undefined;
  if (subcommand === 'global') return second === 'add' ? 'self' : undefined;
  if (subcommand === 'add') return 'install';
  if (subcommand === 'up' || subcommand === 'upgrade') return 'install';
  // What it downloads is a program that works on the project.
  if (subcommand === 'dlx') return 'build';
  return subcommand === 'cache' && /^(clean|clear)$/.test(second) ? 'clean' : undefined;
}

const kindOf = (call: Call, project: Project | undefined): YarnKind | undefined =>
  (project && yarnKindOf(project.context, rootOf(call, project))) ?? yarnKindOfCall(call);

const rootOf = (call: Call, { directory, context }: Project): string => workspaceRoot(call, directory, context);

/** Sources: classic.yarnpkg.com/docs/cli/cache, yarnpkg.com/configuration/yarnrc (`cacheFolder`, `enableGlobalCache`, `globalFolder`). */
function caches(call: Call, project?: Project): CacheLocation[] {
  const kind = kindOf(call, project);
  if (kind === 'berry') return [berryCache(call, project)];
  if (kind === 'classic') return [classicCache(call)];
  return [
    {
      path: undefined,
      reason:
        'Whether this is yarn 1 or a later one, which keep their caches in different places, is not known without package.json and yarn.lock.',
      class: 'A',
      sharing: 'locked',
    },
  ];
}

function classicCache(call: Call): CacheLocation {
  const kind = { class: 'A', sharing: 'locked' } as const;
  const option = argsOf(call).find('--cache-folder');
  if (option) return place(call, option.value, kind);
  const moved = movedBy(
    call,
    [
      ['YARN_CACHE_FOLDER', ''],
      ['npm_config_cache_folder', ''],
      ['XDG_CACHE_HOME', '/yarn'],
    ],
    kind,
  );
  if (moved) return moved;
  const home = inHome(call, '.cache/yarn', kind);
  // As root yarn 1 keeps its cache where all users see it (src/util/user-dirs.js).
  return home.path === '/root/.cache/yarn' ? { ...home, path: '/usr/local/share/.cache/yarn' } : home;
}

function berryCache(call: Call, project: Project | undefined): CacheLocation {
  const root = project && rootOf(call, project);
  const rc = project && root !== undefined ? yarnrc(project.context, root) : undefined;
  const linker = variableOf(call, 'YARN_NODE_LINKER') ?? stringAt(rc, 'nodeLinker') ?? 'pnp';
  const kind = { class: linker === 'pnp' ? 'B' : 'A', sharing: 'locked' } as const;
  const isGlobal = globalCache(call, project, root);
  if (isGlobal === undefined)
    return {
      path: undefined,
      reason: 'Which yarn this is, and so where it keeps its cache, is not known without the project.',
      ...kind,
    };
  if (isGlobal) {
    const folder = stringAt(rc, 'globalFolder');
    return (
      movedBy(call, [['YARN_GLOBAL_FOLDER', '/cache']], kind) ??
      (folder
        ? place(call, folder.includes('$') ? undefined : `${folder}/cache`, kind)
        : inHome(call, '.yarn/berry/cache', kind))
    );
  }
  const folder = variableOf(call, 'YARN_CACHE_FOLDER') ?? stringAt(rc, 'cacheFolder') ?? '.yarn/cache';
  return place(call, folder.includes('$') ? undefined : folder, kind);
}

/** `enableGlobalCache`: true by default since yarn 4. */
function globalCache(call: Call, project: Project | undefined, root: string | undefined): boolean | undefined {
  const variable = settingOf(call, 'YARN_ENABLE_GLOBAL_CACHE');
  if (!variable.known) return undefined;
  if (variable.value) return /^(1|true)$/.test(variable.value);
  if (!project || root === undefined) return undefined;
  const written = at(yarnrc(project.context, root), 'enableGlobalCache');
  if (typeof written === 'boolean') return written;
  const major = yarnMajor(project.context, root);
  return major === undefined ? undefined : major >= 4;
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  if (action(call) !== 'install') return collect.result();
  if (args.subcommand === 'add' && !collectAddition(collect, call, directory)) return collect.result();
  collectYarn(collect, call, args, directory, new Set());
  return collect.result();
}

function collectYarn(collect: Collector, call: Call, args: Arguments, directory: string, seen: Set<string>): void {
  const { context } = collect;
  const root = workspaceRoot(call, directory, context);
  const kind = yarnKindOf(context, root) ?? yarnKindOfCall(call);
  for (const name of ['yarn.lock', '.yarnrc', '.yarnrc.yml', '.npmrc']) collect.optional(resolve(root, name));
  collectRelease(collect, root);
  if (kind !== 'classic') collectBerry(collect, root);
  const ignores = ignoresScripts(call, args, context, root);
  const own = ['preinstall', 'install', 'postinstall'];
  const flavour: Flavour = {
    title: 'yarn',
    // Yarn 1 prepares the root only, and not for production (its wrapLifecycle); later ones never do.
    rootScripts: kind === 'berry' || isProduction(call, args) ? own : [...own, 'prepublish', 'prepare'],
    workspaceScripts: own,
    // Yarn 2 and later run the workspaces' own scripts even with `enableScripts: false`; `--mode=skip-build` runs none.
    runsScripts: kind === 'berry' ? args.find('--mode')?.value !== 'skip-build' : !ignores,
    runsDependencies: kind === 'berry' ? at(yarnrc(context, root), 'enableScripts') !== false : !ignores,
    workspaces: workspaceGlobs,
  };
  collectProject(collect, root, flavour, {
    seen,
    install(program, words, folder) {
      if (program === 'yarn')
        collectYarn(collect, { ...call, cwd: undefined }, parseArgs(words, options), folder, seen);
      else collect.obstacle(`A script of ${root || 'the project'} runs ${program} install in ${folder}.`);
    },
  });
}

function isProduction(call: Call, args: Arguments): boolean {
  const option = args.find('--production', '--prod');
  return option ? args.has('--production', '--prod') : variableOf(call, 'NODE_ENV') === 'production';
}

/** The release and the mirror of packages that a project brings along. */
function collectRelease(collect: Collector, root: string): void {
  const classic = collect.context.get(resolve(root, '.yarnrc')) ? (collect.text(resolve(root, '.yarnrc')) ?? '') : '';
  const berry = yarnrc(collect.context, root);
  for (const path of [/^yarn-path\s+"?([^"\n]+?)"?\s*$/m.exec(classic)?.[1], stringAt(berry, 'yarnPath')])
    if (path !== undefined) collect.required(resolve(root, path), 'yarn');
  const mirror =
    /^yarn-offline-mirror\s+"?([^"\n]+?)"?\s*$/m.exec(classic)?.[1] ??
    npmrcSetting(collect.context, root, 'yarn-offline-mirror');
  if (mirror) collect.folder(resolve(root, mirror), 'yarn');
}

/** Folders that yarn 2 and later read of a project. Source: yarnpkg.com, "Which files should be gitignored?". */
const berryFolders = [
  '.yarn/releases',
  '.yarn/plugins',
  '.yarn/patches',
  '.yarn/versions',
  '.yarn/cache',
  '.yarn/sdks',
];

function collectBerry(collect: Collector, root: string): void {
  const { context } = collect;
  for (const folder of berryFolders) {
    const path = resolve(root, folder);
    if (filesIn(context, path).length > 0) collect.folder(path, 'yarn');
  }
  for (const name of ['.pnp.cjs', '.pnp.js', '.pnp.loader.mjs']) collect.optional(resolve(root, name));
  for (const name of ['.yarn/unplugged', '.yarn/install-state.gz', '.yarn/build-state.yml'])
    if (context.get(resolve(root, name)))
      collect.obstacle(
        `${resolve(root, name)} is in the build context, and a COPY after the install would put it over what the install made. Ignore it.`,
      );
  const rc = yarnrc(context, root);
  // Since yarn 4 the environment of the install comes from here.
  collect.optional(resolve(root, '.env.yarn'));
  for (const file of stringsAt(rc, 'injectEnvironmentFiles')) collect.optional(resolve(root, file.replace(/\?$/, '')));
  const plugins = at(rc, 'plugins');
  for (const plugin of Array.isArray(plugins) ? plugins : []) {
    const path = typeof plugin === 'string' ? plugin : stringAt(plugin, 'path');
    if (path !== undefined) collect.required(resolve(root, path), 'yarn');
  }
  if (at(rc, 'enableConstraintsChecks') === true)
    collect.obstacle(
      `${resolve(root, '.yarnrc.yml')} makes the install check the constraints, which may read other files of the project.`,
    );
}

function isLocked(call: Call): boolean {
  const args = argsOf(call);
  if (args.has('--immutable', '--frozen-lockfile')) return true;
  const immutable = variableOf(call, 'YARN_ENABLE_IMMUTABLE_INSTALLS');
  return immutable !== undefined && /^(1|true)$/.test(immutable);
}

export const yarn: Manager = {
  id: 'yarn',
  title: 'yarn',
  programs: ['yarn', 'yarnpkg'],
  action,
  caches,
  defeaters: (call) => (action(call) === 'clean' ? [commandDefeater(call)] : []),
  kept: ['/usr/local/share/.cache', '~/.cache/yarn', '~/.yarn/berry', '~/.yarn'],
  directory: (call) => movedTo(call, argsOf(call).find('--cwd')),
  isLocked,
  lock(call, project) {
    if (action(call) !== 'install') return undefined;
    const path = resolve(rootOf(call, project), 'yarn.lock');
    const file = project.context.get(path) ? path : undefined;
    const kind = kindOf(call, project);
    return { file, form: kind && (kind === 'berry' ? 'yarn install --immutable' : 'yarn install --frozen-lockfile') };
  },
  inputs: (call, directory, context) =>
    remembered(
      call,
      directory,
      context,
      [variableOf(call, 'NODE_ENV') ?? '', String(environmentSaysIgnore(call))],
      () => inputs(call, directory, context),
    ),
  manifests: ['package.json', 'yarn.lock', '.yarnrc', '.yarnrc.yml', '.npmrc', '*.prisma'],
  writes: ['node_modules'],
};
