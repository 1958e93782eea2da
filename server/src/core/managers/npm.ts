import type { ShellWord } from '../syntax/shell.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { settingOf } from './account.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { type Collector, collector, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { stringAt } from './documents.ts';
import { npmrcSetting } from './javascript/npmrc.ts';
import { packageAt, workspaceGlobs } from './javascript/packageJson.ts';
import { collectAddition, collectProject, type Flavour, lifecycle, workspaceRoot } from './javascript/project.ts';
import { inHome, movedBy, movedTo, place } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager, Postponement, Project } from './manager.ts';
import { resolve } from './paths.ts';

const options = syntax(
  `--prefix -C --cache --registry --workspace -w --omit --include --loglevel --userconfig --globalconfig --tag --fetch-timeout
  --fetch-retries --fetch-retry-mintimeout --fetch-retry-maxtimeout --maxsockets --network-timeout --location --install-strategy --cpu --os
  --libc --before --otp --access --script-shell --node-options --only --jobs --timeout`,
);

/** npm's own aliases and the misspellings it accepts (lib/utils/cmd-list.js). */
const installs = new Set('install i in ins inst insta instal isnt isnta isntal isntall add it install-test'.split(' '));
const locked = new Set(
  'ci clean-install ic install-clean isntall-clean cit clean-install-test install-ci-test sit'.split(' '),
);
const updates = new Set(['update', 'up', 'upgrade', 'udpate']);

const argsOf = (call: Call): Arguments => parseArgs(call.args, options);
const isGlobal = (args: Arguments): boolean =>
  args.has('-g', '--global') || args.find('--location')?.value === 'global';

/** Folders and archives, which may be files of the project; not names, `git@…` and URLs. */
const isPath = ({ value, text }: ShellWord): boolean =>
  value === undefined || (/^(\.|\/|~\/|file:)|\.(tgz|tar\.gz)$/.test(text) && !/^https?:/.test(text));

function action(call: Call): Action | undefined {
  const args = argsOf(call);
  if (locked.has(args.subcommand)) return 'install';
  if (installs.has(args.subcommand) || updates.has(args.subcommand))
    return isGlobal(args) && !args.operands.slice(1).some(isPath) ? 'self' : 'install';
  return args.subcommand === 'cache' && /^(clean|clear|rm)$/.test(args.operands[1]?.value ?? '') ? 'clean' : undefined;
}

/** Source: docs.npmjs.com, config `cache`: `~/.npm`; options before the environment before .npmrc. */
function caches(call: Call, project?: Project): CacheLocation[] {
  const kind = { class: 'A', sharing: 'shared' } as const;
  const option = argsOf(call).find('--cache');
  if (option) return [place(call, option.value, kind)];
  const moved = movedBy(
    call,
    [
      ['npm_config_cache', ''],
      ['NPM_CONFIG_CACHE', ''],
    ],
    kind,
  );
  if (moved) return [moved];
  const written = project && npmrcSetting(project.context, project.directory, 'cache');
  if (written && !written.includes('$')) return [place(call, written, kind)];
  return [written ? place(call, undefined, kind) : inHome(call, '.npm', kind)];
}

const isTrue = (value: string | undefined): boolean => value !== undefined && /^(true|1)$/i.test(value);

export function environmentSaysIgnore(call: Call): boolean | undefined {
  const settings = [settingOf(call, 'npm_config_ignore_scripts'), settingOf(call, 'NPM_CONFIG_IGNORE_SCRIPTS')];
  const set = settings.find((each) => each.known && each.value);
  return set?.known ? isTrue(set.value) : undefined;
}

/** `--ignore-scripts`, the environment, or the project's .npmrc, in this order. */
export function ignoresScripts(call: Call, args: Arguments, context: ContextSnapshot, directory: string): boolean {
  if (args.find('--ignore-scripts')) return args.has('--ignore-scripts');
  return environmentSaysIgnore(call) ?? isTrue(npmrcSetting(context, directory, 'ignore-scripts'));
}

/** Packages named on the command line that are files or folders of the project. */
function collectOperands(collect: Collector, directory: string, args: Arguments): void {
  for (const { value, text } of args.operands.slice(1)) {
    if (value === undefined) collect.obstacle(`What npm installs as ${text} is not known.`);
    else if (/^\.{0,2}\/?$/.test(value)) collect.installsProject();
    else if (/\.(tgz|tar\.gz)$/.test(value) && !value.includes(':')) collect.required(resolve(directory, value), 'npm');
    else if (/^(\.{1,2}\/|file:)/.test(value)) collect.folder(resolve(directory, value.replace(/^file:/, '')), 'npm');
  }
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  // `npm ci install`: it takes no packages and passes over what is behind it (lib/commands/ci.js).
  const named = locked.has(args.subcommand) ? 0 : args.operands.length - 1;
  if (named > 0) collectOperands(collect, directory, args);
  if (isGlobal(args)) return collect.result();
  if (named > 0 && !collectAddition(collect, call, directory)) return collect.result();
  collectNpm(collect, call, args, directory, new Set());
  return collect.result();
}

/** Source: what `npm ci` and `npm install` run (lib/commands/ci.js and @npmcli/arborist's rebuild.js). */
function collectNpm(collect: Collector, call: Call, args: Arguments, directory: string, seen: Set<string>): void {
  const root = workspaceRoot(call, directory, collect.context);
  const ci = locked.has(args.subcommand);
  collect.optional(resolve(root, '.npmrc'));
  if (
    !collect.optional(resolve(root, 'npm-shrinkwrap.json')) &&
    !collect.optional(resolve(root, 'package-lock.json')) &&
    ci
  )
    collect.required(resolve(root, 'package-lock.json'), 'npm ci');
  // Without a lock of its own npm takes versions from yarn's, and it keeps that one current.
  if (!ci) collect.optional(resolve(root, 'yarn.lock'));
  const runsScripts = !ignoresScripts(call, args, collect.context, root);
  const flavour: Flavour = {
    title: 'npm',
    rootScripts: [...lifecycle, 'predependencies', 'dependencies', 'postdependencies'],
    workspaceScripts: ['preinstall', 'install', 'postinstall', 'prepare'],
    runsScripts,
    runsDependencies: runsScripts,
    workspaces: workspaceGlobs,
  };
  collectProject(collect, root, flavour, {
    seen,
    install(program, words, folder) {
      if (program === 'npm') collectNpm(collect, { ...call, cwd: undefined }, parseArgs(words, options), folder, seen);
      else collect.obstacle(`A script of ${root || 'the project'} runs ${program} install in ${folder}.`);
    },
  });
}

/**
 * `npm rebuild` runs the scripts of dependencies and workspaces, not the project's own. Source: @npmcli/arborist's rebuild.js, lib/commands/ci.js.
 */
function postpone(call: Call, { directory, context }: Project): Postponement | undefined {
  const args = argsOf(call);
  const manifest = packageAt(context, directory);
  const has = (script: string): boolean => stringAt(manifest?.json, 'scripts', script) !== undefined;
  const isPlain =
    args.operands.length === 1 &&
    !isGlobal(args) &&
    !args.find('--workspace', '-w', '--workspaces', '--ignore-scripts');
  if (!manifest || !isPlain || !/^(i|install|ci)$/.test(args.subcommand)) return undefined;
  if (workspaceRoot(call, directory, context) !== directory) return undefined;
  if (['preinstall', 'prepublish', 'predependencies', 'dependencies', 'postdependencies'].some(has)) return undefined;
  const own = ['install', 'postinstall', 'prepare'].filter(has);
  return { flags: ['--ignore-scripts'], after: ['rebuild', ...own.map((script) => `run ${script}`)] };
}

export const npm: Manager = {
  id: 'npm',
  title: 'npm',
  programs: ['npm'],
  action,
  caches,
  // npm's cache can be moved and emptied, not switched off.
  defeaters: (call) => (action(call) === 'clean' ? [commandDefeater(call)] : []),
  kept: ['~/.npm', '/root/.npm'],
  directory(call) {
    const args = argsOf(call);
    return isGlobal(args) ? call.shellCwd : movedTo(call, args.find('--prefix', '-C'));
  },
  isLocked: (call) => locked.has(argsOf(call).subcommand),
  lock(call, { directory, context }) {
    if (action(call) !== 'install') return undefined;
    const root = workspaceRoot(call, directory, context);
    const file = ['npm-shrinkwrap.json', 'package-lock.json']
      .map((name) => resolve(root, name))
      .find((path) => context.get(path));
    return { file, form: 'npm ci' };
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [String(environmentSaysIgnore(call))], () => inputs(call, directory, context)),
  postpone,
  manifests: ['package.json', '.npmrc', '*.prisma'],
  writes: ['node_modules'],
};
