import type { ContextSnapshot } from '../workspace.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { collector, isFolder, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { inHome, movedBy } from './locations.ts';
import type { Action, Call, InstallInputs, Manager } from './manager.ts';
import { contextPath, resolve } from './paths.ts';

const options = syntax(
  '-pr --profile -pr:h -pr:b --profile:host --profile:build -s --settings -o --options -c --conf -of --output-folder -if --install-folder -r --remote -b --build -l --lockfile -g --generator --name --version',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const { subcommand, operands } = argsOf(call);
  if (subcommand === 'install') return 'install';
  if (subcommand === 'build' || subcommand === 'create') return 'build';
  return (subcommand === 'cache' && operands[1]?.value === 'clean') || subcommand === 'remove' ? 'clean' : undefined;
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  const named = args.operands[1]?.value ?? '.';
  const target = contextPath(call.cwd, directory, named);
  if (target === undefined) collect.obstacle(`conan reads ${named}, and where that comes from is not known.`);
  else if (isFolder(context, target)) {
    if (!collect.optional(resolve(target, 'conanfile.py'))) collect.required(resolve(target, 'conanfile.txt'), 'conan');
    else collect.obstacle(`${resolve(target, 'conanfile.py')} is a program that may read other files of the project.`);
    collect.optional(resolve(target, 'conan.lock'));
  } else if (collect.required(target, 'conan') && target.endsWith('.py'))
    collect.obstacle(`${target} is a program that may read other files of the project.`);
  for (const { value } of args.all(
    '-pr',
    '--profile',
    '-pr:h',
    '-pr:b',
    '--profile:host',
    '--profile:build',
    '-l',
    '--lockfile',
  ))
    if (value !== undefined && (value.includes('/') || context.get(resolve(directory, value)))) {
      const path = contextPath(call.cwd, directory, value);
      if (path === undefined) collect.obstacle(`conan reads ${value}, and where that comes from is not known.`);
      else collect.required(path, 'conan');
    }
  if (action(call) === 'build') {
    collect.installsProject();
    collect.obstacle(`\`conan ${args.subcommand}\` builds the sources of the project.`);
  }
  return collect.result();
}

export const conan: Manager = {
  id: 'conan',
  title: 'conan',
  programs: ['conan'],
  action,
  // Packages only: the home has profiles and remotes too. Source: docs.conan.io, "Environment variables", CONAN_HOME.
  caches: (call) => {
    const kind = { class: 'B', sharing: 'locked' } as const;
    return [movedBy(call, [['CONAN_HOME', '/p']], kind) ?? inHome(call, '.conan2/p', kind)];
  },
  defeaters: (call) => (action(call) === 'clean' ? [commandDefeater(call)] : []),
  kept: ['~/.conan2', '~/.conan'],
  isLocked: (call) => argsOf(call).find('-l', '--lockfile') !== undefined,
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['conanfile.txt', 'conanfile.py'],
};
