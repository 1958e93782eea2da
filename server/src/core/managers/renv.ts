import type { ContextSnapshot } from '../workspace.ts';
import { settingOf } from './account.ts';
import { collector, filesIn, remembered } from './collect.ts';
import { movedBy } from './locations.ts';
import type { Action, CacheLocation, Call, Companion, InstallInputs, Manager } from './manager.ts';
import { resolve } from './paths.ts';

const code = ({ args }: Call): string => args.map(({ value, text }) => value ?? text).join(' ');

function action(call: Call): Action | undefined {
  if (/renv::restore\s*\(/.test(code(call))) return 'install';
  return /install\.packages\s*\(|(remotes|devtools|pak|BiocManager)::(install|pkg_install)/.test(code(call))
    ? 'self'
    : undefined;
}

const kind = { class: 'A', sharing: 'shared' } as const;
const cacheFolder = '/renv/cache';

/** Source: rstudio.github.io/renv/articles/docker.html. */
const caches = (call: Call): CacheLocation[] =>
  action(call) === 'self' ? [] : [movedBy(call, [['RENV_PATHS_CACHE', '']], kind) ?? { path: cacheFolder, ...kind }];

/** Without copies the library would be links into the mount, which is gone at run time. */
function companions(call: Call): Companion[] {
  if (action(call) !== 'install') return [];
  const isSet = (name: string): boolean => {
    const setting = settingOf(call, name);
    return !setting.known || (setting.value ?? '') !== '';
  };
  const found: Companion[] = [];
  if (!isSet('RENV_PATHS_CACHE'))
    found.push({
      kind: 'variable',
      name: 'RENV_PATHS_CACHE',
      value: cacheFolder,
      why: 'renv keeps its cache in a place that depends on the image.',
    });
  if (!isSet('RENV_CONFIG_CACHE_SYMLINKS'))
    found.push({
      kind: 'variable',
      name: 'RENV_CONFIG_CACHE_SYMLINKS',
      value: 'FALSE',
      why: 'Packages must be copied out of the mount, not linked into it.',
    });
  return found;
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const collect = collector(context);
  if (action(call) === 'self') return collect.result();
  const lock = resolve(directory, 'renv.lock');
  if (collect.required(lock, 'renv') && /"Source":\s*"Local"/.test(collect.text(lock) ?? ''))
    collect.obstacle(`${lock} has packages that are files of the project.`);
  for (const folder of ['renv/local', 'renv/cellar'])
    if (filesIn(context, resolve(directory, folder)).length > 0) collect.folder(resolve(directory, folder), 'renv');
  for (const name of [
    '.Rprofile',
    'renv/activate.R',
    'renv/settings.json',
    'renv/settings.dcf',
    '.Renviron',
    '.renvignore',
  ])
    collect.optional(resolve(directory, name));
  const path = resolve(directory, '.Rprofile');
  const profile = context.get(path) ? (collect.text(path) ?? '') : '';
  if (/\bsource\s*\(\s*(?!["']renv\/activate\.R["'])/.test(profile))
    collect.obstacle(`${path} runs other files of the project.`);
  return collect.result();
}

/** R's renv, called through R: `R -e "renv::restore()"`. */
export const renv: Manager = {
  id: 'renv',
  title: 'renv',
  programs: ['R', 'Rscript', 'r'],
  action,
  caches,
  defeaters: () => [],
  companions,
  kept: [cacheFolder, '~/.cache/R/renv'],
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['.Rprofile', 'renv.lock'],
};
