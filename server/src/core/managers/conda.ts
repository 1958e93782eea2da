import type { ContextSnapshot } from '../workspace.ts';
import { variableOf } from './account.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { type Collector, collector, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { at, parseYaml, stringsAt } from './documents.ts';
import { movedBy } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager } from './manager.ts';
import { contextPath, dirname } from './paths.ts';
import { collectRequirements, collectSource, type PipRun } from './python/requirements.ts';

const options = syntax(
  '-n --name -p --prefix -f --file -c --channel --solver --revision --platform --subdir -r --root-prefix --repodata-fn --category',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const { subcommand, operands } = argsOf(call);
  if (/^(install|create|update|upgrade)$/.test(subcommand)) return 'install';
  if (subcommand === 'env') return /^(create|update)$/.test(operands[1]?.value ?? '') ? 'install' : undefined;
  return subcommand === 'clean' ? 'clean' : undefined;
}

/** Source: docs.conda.io, `pkgs_dirs`. Where conda itself lies is known of the usual images only. */
function caches(call: Call): CacheLocation[] {
  const kind = { class: 'A', sharing: 'locked' } as const;
  const root = call.program === 'micromamba' ? 'MAMBA_ROOT_PREFIX' : 'CONDA_DIR';
  return [
    movedBy(
      call,
      [
        ['CONDA_PKGS_DIRS', ''],
        [root, '/pkgs'],
        ['CONDA_ROOT', '/pkgs'],
      ],
      kind,
    ) ?? {
      path: undefined,
      reason: `Where ${call.program} lies in this image is not known; the packages are in its folder pkgs.`,
      ...kind,
    },
  ];
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  const isEnv = args.subcommand === 'env';
  const files = args.all('-f', '--file').map(({ value, word }) => value ?? word.text);
  const named = isEnv && files.length === 0 && args.operands.length <= 2 ? ['environment.yml'] : [];
  for (const file of [...files, ...named]) collectFile(collect, call, directory, file);
  return collect.result();
}

/** An environment, a list of packages, or a lock file. */
function collectFile(collect: Collector, call: Call, directory: string, file: string): void {
  if (/^https?:/.test(file)) return;
  const path = contextPath(call.cwd, directory, file);
  if (path === undefined || file.includes('$')) {
    collect.obstacle(`conda reads ${file}, and where that comes from is not known.`);
    return;
  }
  if (!collect.required(path, 'conda') || !/\.ya?ml$/.test(path)) return;
  const text = collect.text(path);
  const environment = text === undefined ? undefined : parseYaml(text);
  if (!environment) {
    if (text !== undefined) collect.obstacle(`${path} is not valid YAML, so what the install reads is not known.`);
    return;
  }
  const dependencies = at(environment, 'dependencies');
  // Lines of pip's own syntax; its relative files count from the environment's folder.
  const run: PipRun = { collect, call: { ...call, cwd: undefined }, directory: dirname(path), seen: new Set() };
  for (const each of Array.isArray(dependencies) ? dependencies : [])
    for (const line of stringsAt(each, 'pip')) collectPipLine(run, line, path);
}

function collectPipLine(run: PipRun, line: string, path: string): void {
  const [, name, value = ''] = /^(-r|--requirement|-c|--constraint|-e|--editable)[\s=]+(.*)$/.exec(line.trim()) ?? [];
  if (!name) collectSource(run, line, path);
  else if (/^-(-editable|e)$/.test(name)) collectSource(run, value, path);
  else collectRequirements(run, value);
}

export const conda: Manager = {
  id: 'conda',
  title: 'conda',
  programs: ['conda', 'mamba', 'micromamba'],
  action,
  caches,
  defeaters: (call) => (action(call) === 'clean' ? [commandDefeater(call)] : []),
  kept: ['/opt/conda/pkgs', '/root/miniconda3/pkgs'],
  directory: (call) => {
    const [file] = argsOf(call)
      .all('-f', '--file')
      .map(({ value }) => value);
    return file?.startsWith('/') ? dirname(file) : call.shellCwd;
  },
  // A lock file of conda lists what it installs by URL; an environment is solved anew.
  isLocked: (call) =>
    argsOf(call)
      .all('-f', '--file')
      .some(({ value }) => /lock|explicit/.test(value ?? '')),
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [variableOf(call, 'CONDA_DIR') ?? ''], () => inputs(call, directory, context)),
  // Not every YAML file of a repository: most are none of conda's, and the host would read them all.
  manifests: ['*env*.yml', '*env*.yaml', '*conda*.yml', '*conda*.yaml', '*lock.yml', '*lock.yaml', '*.txt'],
};
