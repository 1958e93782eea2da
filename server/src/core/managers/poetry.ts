import type { ContextSnapshot } from '../workspace.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { collector, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { at, stringsAt, type Table, tableAt } from './documents.ts';
import { inHome, movedBy, movedTo } from './locations.ts';
import type { Action, CacheLocation, Call, Defeater, InstallInputs, Manager } from './manager.ts';
import { resolve } from './paths.ts';
import { collectPathDependency, installsItself, pathsIn, requireToml, urlPaths } from './python/pyproject.ts';

const options = syntax(
  '-C --directory -P --project --only --with --without -E --extras --source -G --group -o --output -f --format',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const { subcommand, operands } = argsOf(call);
  if (/^(install|sync|update|add|lock)$/.test(subcommand)) return 'install';
  if (subcommand === 'self') return /^(add|update|install)$/.test(operands[1]?.value ?? '') ? 'self' : undefined;
  if (subcommand === 'build') return 'build';
  return subcommand === 'cache' && operands[1]?.value === 'clear' ? 'clean' : undefined;
}

/**
 * The two folders that are nothing but caches: the one above them has the virtual environments too.
 * Source: python-poetry.org/docs/configuration/#cache-dir.
 */
function caches(call: Call): CacheLocation[] {
  const kind = { class: 'A', sharing: 'shared' } as const;
  return ['cache', 'artifacts'].map(
    (name) =>
      movedBy(
        call,
        [
          ['POETRY_CACHE_DIR', `/${name}`],
          ['XDG_CACHE_HOME', `/pypoetry/${name}`],
        ],
        kind,
      ) ?? inHome(call, `.cache/pypoetry/${name}`, kind),
  );
}

function defeaters(call: Call): Defeater[] {
  if (action(call) === 'clean') return [commandDefeater(call)];
  return argsOf(call)
    .all('--no-cache')
    .map(({ span }) => ({ span, what: '--no-cache', kind: 'words' }));
}

/** Dependencies of all groups, by the tool's own tables. */
function dependencyTables(pyproject: Table): Table[] {
  const groups = Object.values(tableAt(pyproject, 'tool', 'poetry', 'group')).map((group) =>
    tableAt(group, 'dependencies'),
  );
  return [
    tableAt(pyproject, 'tool', 'poetry', 'dependencies'),
    tableAt(pyproject, 'tool', 'poetry', 'dev-dependencies'),
    ...groups,
  ];
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  const path = resolve(directory, 'pyproject.toml');
  const pyproject = requireToml(collect, path, 'poetry');
  for (const name of ['poetry.lock', 'poetry.toml']) collect.optional(resolve(directory, name));
  if (!pyproject) return collect.result();
  const installs = /^(install|sync)$/.test(args.subcommand);
  if (!args.has('--no-directory') || !installs)
    for (const each of [
      ...dependencyTables(pyproject).flatMap(pathsIn),
      ...urlPaths(stringsAt(pyproject, 'project', 'dependencies')),
    ])
      collectPathDependency(collect, directory, each, path);
  const isPackage = at(pyproject, 'tool', 'poetry', 'package-mode') !== false;
  if (installs && isPackage && !args.has('--no-root')) installsItself(collect, path);
  if (!installs)
    collect.obstacle(`\`poetry ${args.subcommand}\` rewrites poetry.lock, and a COPY after it would undo that.`);
  return collect.result();
}

export const poetry: Manager = {
  id: 'poetry',
  title: 'poetry',
  programs: ['poetry'],
  action,
  caches,
  defeaters,
  kept: ['~/.cache/pypoetry', '/root/.cache/pypoetry'],
  directory: (call) => movedTo(call, argsOf(call).find('-C', '--directory', '-P', '--project')),
  // Since 1.0 an install with a lock file that does not fit fails.
  isLocked: (call) => /^(install|sync)$/.test(argsOf(call).subcommand),
  lock(call, { directory, context }) {
    const path = resolve(directory, 'poetry.lock');
    return action(call) === 'install'
      ? { file: context.get(path) ? path : undefined, form: 'poetry install' }
      : undefined;
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['pyproject.toml'],
  writes: ['.venv'],
};
