import type { ContextSnapshot } from '../workspace.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { collector, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { at, isTable, stringsAt, tableAt } from './documents.ts';
import { inHome, movedBy, movedTo } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager } from './manager.ts';
import { resolve } from './paths.ts';
import { collectPathDependency, installsItself, requireToml, urlPaths } from './python/pyproject.ts';

const options = syntax('-p --project -G --group --without -L --lockfile -c --config --venv -I');
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const { subcommand, operands } = argsOf(call);
  if (/^(install|sync|update|add|lock)$/.test(subcommand)) return 'install';
  if (subcommand === 'build') return 'build';
  return subcommand === 'cache' && /^(clear|remove)$/.test(operands[1]?.value ?? '') ? 'clean' : undefined;
}

/** Source: pdm-project.org, configuration `cache_dir`. */
function caches(call: Call): CacheLocation[] {
  const kind = { class: 'A', sharing: 'shared' } as const;
  return [
    movedBy(
      call,
      [
        ['PDM_CACHE_DIR', ''],
        ['XDG_CACHE_HOME', '/pdm'],
      ],
      kind,
    ) ?? inHome(call, '.cache/pdm', kind),
  ];
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  const path = resolve(directory, 'pyproject.toml');
  const pyproject = requireToml(collect, path, 'pdm');
  for (const name of [args.find('-L', '--lockfile')?.value ?? 'pdm.lock', 'pdm.toml', '.pdm.toml'])
    collect.optional(resolve(directory, name));
  if (!pyproject) return collect.result();
  const groups = [
    tableAt(pyproject, 'project', 'optional-dependencies'),
    tableAt(pyproject, 'tool', 'pdm', 'dev-dependencies'),
    tableAt(pyproject, 'dependency-groups'),
  ];
  const requirements = [
    ...stringsAt(pyproject, 'project', 'dependencies'),
    ...groups.flatMap((group) => Object.keys(group).flatMap((name) => stringsAt(group, name))),
  ];
  for (const each of urlPaths(requirements))
    collectPathDependency(collect, directory, each.replace(/^\/?\$\{PROJECT_ROOT\}\/?/, './'), path);
  const isPackage = at(pyproject, 'tool', 'pdm', 'distribution') !== false && isTable(at(pyproject, 'project'));
  if (isPackage && !args.has('--no-self', '--prod-only')) installsItself(collect, path);
  if (!/^(install|sync)$/.test(args.subcommand))
    collect.obstacle(`\`pdm ${args.subcommand}\` rewrites pdm.lock, and a COPY after it would undo that.`);
  return collect.result();
}

export const pdm: Manager = {
  id: 'pdm',
  title: 'pdm',
  programs: ['pdm'],
  action,
  caches,
  defeaters: (call) => (action(call) === 'clean' ? [commandDefeater(call)] : []),
  kept: ['~/.cache/pdm'],
  directory: (call) => movedTo(call, argsOf(call).find('-p', '--project')),
  isLocked: (call) =>
    argsOf(call).subcommand === 'sync' || argsOf(call).has('--frozen-lockfile', '--no-lock', '--check'),
  lock(call, { directory, context }) {
    const path = resolve(directory, 'pdm.lock');
    return action(call) === 'install' ? { file: context.get(path) ? path : undefined, form: 'pdm sync' } : undefined;
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['pyproject.toml'],
  writes: ['.venv', '__pypackages__'],
};
