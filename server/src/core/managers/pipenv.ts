import type { ContextSnapshot } from '../workspace.ts';
import { variableOf } from './account.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { collector, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { tableAt } from './documents.ts';
import { inHome, movedBy } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager } from './manager.ts';
import { resolve } from './paths.ts';
import { collectPathDependency, pathsIn, requireToml } from './python/pyproject.ts';
import { collectRequirements } from './python/requirements.ts';

const options = syntax(
  '-r --requirements -i --index --python --pypi-mirror --categories --extra-pip-args -e --editable',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const args = argsOf(call);
  if (args.has('--clear') && args.subcommand === '') return 'clean';
  return /^(install|sync|update|upgrade|lock)$/.test(args.subcommand) ? 'install' : undefined;
}

/** Source: pipenv.pypa.io, "Configuration": PIPENV_CACHE_DIR; the installs themselves are pip's. */
function caches(call: Call): CacheLocation[] {
  const kind = { class: 'A', sharing: 'shared' } as const;
  return [
    movedBy(
      call,
      [
        ['PIPENV_CACHE_DIR', ''],
        ['XDG_CACHE_HOME', '/pipenv'],
      ],
      kind,
    ) ?? inHome(call, '.cache/pipenv', kind),
    movedBy(
      call,
      [
        ['PIP_CACHE_DIR', ''],
        ['XDG_CACHE_HOME', '/pip'],
      ],
      kind,
    ) ?? inHome(call, '.cache/pip', kind),
  ];
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  const path = resolve(directory, variableOf(call, 'PIPENV_PIPFILE') ?? 'Pipfile');
  const requirements = args.find('-r', '--requirements')?.value;
  const run = { collect, call, directory, seen: new Set<string>() };
  // Without a Pipfile it takes over a requirements.txt.
  if (requirements ?? (!context.get(path) && context.get(resolve(directory, 'requirements.txt'))))
    collectRequirements(run, requirements ?? 'requirements.txt');
  else {
    const pipfile = requireToml(collect, path, 'pipenv');
    if (!collect.optional(`${path}.lock`) && args.has('--deploy'))
      collect.required(`${path}.lock`, 'pipenv install --deploy');
    for (const section of ['packages', 'dev-packages'])
      for (const each of pathsIn(tableAt(pipfile, section))) collectPathDependency(collect, directory, each, path);
  }
  if (args.operands.length > 1 && context.get(path))
    collect.obstacle(
      `\`pipenv ${args.subcommand}\` with packages rewrites ${path}, and a COPY after it would undo that.`,
    );
  return collect.result();
}

export const pipenv: Manager = {
  id: 'pipenv',
  title: 'pipenv',
  programs: ['pipenv'],
  action,
  caches,
  defeaters: (call) => (action(call) === 'clean' ? [commandDefeater(call)] : []),
  kept: ['~/.cache/pipenv', '~/.cache/pip'],
  isLocked: (call) => argsOf(call).subcommand === 'sync' || argsOf(call).has('--deploy', '--ignore-pipfile'),
  lock(call, { directory, context }) {
    const path = resolve(directory, 'Pipfile.lock');
    return action(call) === 'install' ? { file: context.get(path) ? path : undefined, form: 'pipenv sync' } : undefined;
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [variableOf(call, 'PIPENV_PIPFILE') ?? ''], () =>
      inputs(call, directory, context),
    ),
  manifests: ['Pipfile', '*.txt'],
  writes: ['.venv'],
};
