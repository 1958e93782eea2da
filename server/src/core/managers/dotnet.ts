import type { ContextSnapshot } from '../workspace.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { collector, filesIn, isFolder, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { collectTarget, isProject, isSolution } from './dotnet/projects.ts';
import { inHome, movedBy, place } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager } from './manager.ts';
import { contextPath, dirname, normalize, resolve } from './paths.ts';

const options = syntax(
  `-c --configuration -o --output -r --runtime -f --framework -v --verbosity -s --source --packages --configfile --lock-file-path -a --arch --os
  --version-suffix --project -p --property --artifacts-path --tool-path --version --add-source --filter -l --logger --manifest`,
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const args = argsOf(call);
  const second = args.operands[1]?.value ?? '';
  const third = args.operands[2]?.value ?? '';
  switch (args.subcommand) {
    case 'restore':
      return 'install';
    case 'build':
    case 'publish':
    case 'pack':
    case 'test':
    case 'run':
    case 'msbuild':
      return args.has('--no-restore', '--no-build') ? 'consume' : 'build';
    case 'tool':
      return second === 'restore' ? 'install' : second === 'install' || second === 'update' ? 'self' : undefined;
    case 'workload':
      return /^(install|restore|update)$/.test(second) ? 'self' : undefined;
    case 'nuget':
      return second === 'locals' && args.has('--clear', '-c') && /^(all|global-packages)$/.test(third)
        ? 'clean'
        : undefined;
    default:
      return undefined;
  }
}

/** Source: learn.microsoft.com, "Managing the global packages folder". */
function caches(call: Call): CacheLocation[] {
  const kind = { class: 'B', sharing: 'shared' } as const;
  const option = argsOf(call).find('--packages');
  if (option) return [place(call, option.value, kind)];
  return [movedBy(call, [['NUGET_PACKAGES', '']], kind) ?? inHome(call, '.nuget/packages', kind)];
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  if (args.subcommand === 'tool') {
    if (!collect.optional(resolve(directory, '.config/dotnet-tools.json')))
      collect.required(resolve(directory, 'dotnet-tools.json'), 'dotnet');
    return collect.result();
  }
  const [named] = args.operands.slice(1);
  if (named && named.value === undefined) collect.obstacle(`What dotnet restores as ${named.text} is not known.`);
  const seen = new Set<string>();
  const target = named?.value === undefined ? directory : contextPath(call.cwd, directory, normalize(named.value));
  const file = target === undefined ? undefined : isFolder(context, target) ? onlyTarget(context, target) : target;
  if (file !== undefined) collectTarget(collect, file, 'dotnet', seen);
  else if (!named || named.value !== undefined)
    collect.obstacle(`Which project dotnet restores in ${target || 'this folder'} is not known.`);
  const config = args.find('--configfile')?.value;
  if (config !== undefined) collect.required(resolve(directory, config), 'dotnet');
  if (action(call) !== 'install') {
    collect.installsProject();
    collect.obstacle(`\`dotnet ${args.subcommand}\` builds the sources of the project.`);
  }
  return collect.result();
}

/** The solution or project of a folder, where there is only one. */
function onlyTarget(context: ContextSnapshot, folder: string): string | undefined {
  const found = filesIn(context, folder).filter(
    (path) => dirname(path) === folder && (isSolution(path) || isProject(path)),
  );
  return found.length === 1 ? found[0] : undefined;
}

export const dotnet: Manager = {
  id: 'dotnet',
  title: 'dotnet',
  programs: ['dotnet'],
  action,
  caches,
  defeaters: (call) => (action(call) === 'clean' ? [commandDefeater(call)] : []),
  kept: ['~/.nuget', '/root/.nuget'],
  directory: (call) => {
    const named = argsOf(call).operands[1]?.value;
    return action(call) === 'install' && named?.startsWith('/')
      ? /\.\w+$/.test(named)
        ? dirname(named)
        : named
      : call.shellCwd;
  },
  lock(call, { directory, context }) {
    if (action(call) !== 'install') return undefined;
    const path = resolve(directory, 'packages.lock.json');
    return { file: context.get(path) ? path : undefined, form: 'dotnet restore --locked-mode' };
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['global.json', '*.*proj', '*.sln', '*.slnx', '*.slnf', '*.props', '*.targets', '[Nn]u[Gg]et.[Cc]onfig'],
  writes: ['obj'],
};
