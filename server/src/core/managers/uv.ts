import type { ContextSnapshot } from '../workspace.ts';
import { settingOf, variableOf } from './account.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { type Collector, collector, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { at, stringsAt, type Table, tableAt } from './documents.ts';
import { variableDefeater } from './environment.ts';
import { foldersAbove } from './folders.ts';
import { inHome, movedBy, movedTo, place } from './locations.ts';
import type { Action, CacheLocation, Call, Companion, Defeater, InstallInputs, Manager } from './manager.ts';
import { memberFolders } from './members.ts';
import { resolve } from './paths.ts';
import { pip } from './pip.ts';
import {
  collectPathDependency,
  dynamicFields,
  installsItself,
  pathsIn,
  requireToml,
  urlPaths,
} from './python/pyproject.ts';

const options = syntax(
  `--cache-dir --directory --project --python -p --config-file --color --link-mode --extra --group --no-group --only-group --no-extra --package
  --no-install-package --index --default-index -i --index-url --extra-index-url -f --find-links --refresh-package --python-preference
  --index-strategy --keyring-provider --resolution --prerelease --exclude-newer --no-binary-package --no-build-package -r --requirements
  --requirement -c --constraint --constraints --override --overrides -e --editable -t --target --prefix --with --with-editable
  --with-requirements --env-file --script --python-platform --torch-backend`,
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

/** `uv pip install …` as pip would be called. */
function asPip(call: Call): Call | undefined {
  const at = call.args.findIndex(({ value }) => value === 'pip');
  const subcommand = call.args[at + 1]?.value;
  if (at < 0 || argsOf(call).subcommand !== 'pip') return undefined;
  const args = call.args.slice(at + 1);
  return subcommand === 'sync'
    ? { ...call, program: 'pip-sync', args: args.slice(1) }
    : { ...call, program: 'pip', args };
}

function action(call: Call): Action | undefined {
  if (call.program === 'uvx') return 'self';
  const { subcommand, operands } = argsOf(call);
  const second = operands[1]?.value ?? '';
  const asked = asPip(call);
  if (asked) return /^(install|sync)$/.test(second) ? pip.action(asked) : undefined;
  if (/^(sync|add|remove|lock)$/.test(subcommand)) return 'install';
  if (subcommand === 'run' || subcommand === 'build') return 'build';
  if (subcommand === 'tool') return /^(install|upgrade|run)$/.test(second) ? 'self' : undefined;
  // `uv cache prune` keeps what can still be used.
  return subcommand === 'cache' && second === 'clean' ? 'clean' : undefined;
}

/** Source: docs.astral.sh/uv/concepts/cache/#cache-directory. */
function caches(call: Call): CacheLocation[] {
  const kind = { class: linkMode(call) === 'symlink' ? 'B' : 'A', sharing: 'shared' } as const;
  const option = argsOf(call).find('--cache-dir');
  if (option) return [place(call, option.value, kind)];
  return [
    movedBy(
      call,
      [
        ['UV_CACHE_DIR', ''],
        ['XDG_CACHE_HOME', '/uv'],
      ],
      kind,
    ) ?? inHome(call, '.cache/uv', kind),
  ];
}

const linkMode = (call: Call): string | undefined =>
  argsOf(call).find('--link-mode')?.value ?? variableOf(call, 'UV_LINK_MODE');

/** Source: docs.astral.sh/uv/guides/integration/docker/#caching. */
function companions(call: Call): Companion[] {
  const setting = settingOf(call, 'UV_LINK_MODE');
  const isSet = !setting.known || setting.value || argsOf(call).find('--link-mode');
  if (isSet || action(call) === 'clean') return [];
  return [
    {
      kind: 'variable',
      name: 'UV_LINK_MODE',
      value: 'copy',
      why: 'A cache mount is a file system of its own, from which uv cannot link files.',
    },
  ];
}

function defeaters(call: Call): Defeater[] {
  if (action(call) === 'clean') return [commandDefeater(call)];
  const flags = argsOf(call)
    .all('--no-cache', '--no-cache-dir', '-n')
    .map(({ span, word }): Defeater => ({ span, what: word.text, kind: 'words' }));
  return [...flags, ...variableDefeater(call, 'UV_NO_CACHE', (value) => /^(1|true|yes|on|y|t)$/i.test(value))];
}

/** The root of the workspace that a folder belongs to, as uv looks for it. */
function rootOf(call: Call, directory: string, context: ContextSnapshot): string {
  return [...foldersAbove(call, directory)].find((folder) => isMember(context, folder, directory)) ?? directory;
}

function isMember(context: ContextSnapshot, root: string, directory: string): boolean {
  const table = readable(context, root);
  return (
    table !== undefined &&
    memberFolders(context, root, membersOf(table), excludedOf(table), 'pyproject.toml').includes(directory)
  );
}

function readable(context: ContextSnapshot, directory: string): Table | undefined {
  const path = resolve(directory, 'pyproject.toml');
  return context.get(path) ? requireToml(collector(context), path, 'uv') : undefined;
}

const membersOf = (table: Table): string[] => stringsAt(table, 'tool', 'uv', 'workspace', 'members');
const excludedOf = (table: Table): string[] => stringsAt(table, 'tool', 'uv', 'workspace', 'exclude');

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const asked = asPip(call);
  if (asked) return pip.inputs?.(asked, directory, context) ?? { files: [], obstacles: [] };
  const args = argsOf(call);
  const collect = collector(context);
  if (action(call) === 'self') return collect.result();
  const root = rootOf(call, directory, context);
  for (const name of ['uv.lock', 'uv.toml', '.python-version']) collect.optional(resolve(root, name));
  if (isFrozen(call, '--locked', 'UV_LOCKED') || isFrozen(call, '--frozen', 'UV_FROZEN'))
    collect.required(resolve(root, 'uv.lock'), 'uv');
  const path = resolve(root, 'pyproject.toml');
  const pyproject = requireToml(collect, path, 'uv');
  if (!pyproject) return collect.result();
  const members = memberFolders(context, root, membersOf(pyproject), excludedOf(pyproject), 'pyproject.toml');
  collectPackage(collect, call, args, root, pyproject);
  for (const member of members) {
    const table = requireToml(collect, resolve(member, 'pyproject.toml'), path);
    if (table) collectPackage(collect, call, args, member, table, members);
  }
  if (!/^(sync)$/.test(args.subcommand))
    collect.obstacle(
      `\`uv ${args.subcommand}\` rewrites ${resolve(root, 'uv.lock')}, and a COPY after it would undo that.`,
    );
  return collect.result();
}

const isFrozen = (call: Call, flag: string, variable: string): boolean =>
  argsOf(call).has(flag) || /^(1|true|yes|on)$/i.test(variableOf(call, variable) ?? '');

/** Whether a project is built and installed: it has a build system, or says so itself. Source: docs.astral.sh/uv/concepts/projects/config/#build-systems. */
function isPackage(table: Table): boolean {
  const said = at(table, 'tool', 'uv', 'package');
  return typeof said === 'boolean' ? said : at(table, 'build-system') !== undefined;
}

function collectPackage(
  collect: Collector,
  call: Call,
  args: Arguments,
  directory: string,
  table: Table,
  members: readonly string[] = [],
): void {
  const path = resolve(directory, 'pyproject.toml');
  const isRoot = members.length === 0;
  const skipped =
    args.has('--no-install-workspace', '--no-install-local') ||
    (isRoot && args.has('--no-install-project')) ||
    args.has('--only-dev', '--only-group');
  if (isPackage(table) && !skipped) installsItself(collect, path);
  // To compare the lock with what the build backend computes, uv must build the metadata.
  else if (isPackage(table) && dynamicFields(table) && !isFrozen(call, '--frozen', 'UV_FROZEN'))
    collect.obstacle(`${path} has dynamic fields, so uv builds the project to learn them, which needs its sources.`);
  if (args.has('--no-install-local')) return;
  const sources = pathsIn(tableAt(table, 'tool', 'uv', 'sources'));
  for (const each of [...sources, ...urlPaths(stringsAt(table, 'project', 'dependencies'))])
    if (!members.includes(resolve(directory, each))) collectPathDependency(collect, directory, each, path);
}

export const uv: Manager = {
  id: 'uv',
  title: 'uv',
  programs: ['uv', 'uvx'],
  action,
  caches,
  defeaters,
  companions,
  kept: ['~/.cache/uv', '/root/.cache/uv'],
  directory(call) {
    const option = argsOf(call).find('--directory', '--project');
    const asked = asPip(call);
    return asked && !option ? pip.directory?.(asked) : movedTo(call, option);
  },
  isLocked(call) {
    const asked = asPip(call);
    return asked !== undefined || isFrozen(call, '--locked', 'UV_LOCKED') || isFrozen(call, '--frozen', 'UV_FROZEN');
  },
  lock(call, { directory, context }) {
    if (asPip(call) || argsOf(call).subcommand !== 'sync') return undefined;
    const path = resolve(rootOf(call, directory, context), 'uv.lock');
    return { file: context.get(path) ? path : undefined, form: 'uv sync --locked' };
  },
  inputs: (call, directory, context) =>
    remembered(
      call,
      directory,
      context,
      [
        variableOf(call, 'UV_FROZEN') ?? '',
        variableOf(call, 'UV_LOCKED') ?? '',
        variableOf(call, 'PIP_CONSTRAINT') ?? '',
      ],
      () => inputs(call, directory, context),
    ),
  manifests: ['pyproject.toml', '*.txt'],
  writes: ['.venv'],
};
