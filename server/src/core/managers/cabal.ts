import { ancestors } from '../build/graph.ts';
import { baseName } from '../syntax/path.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { collector, filesIn, remembered } from './collect.ts';
import { movedBy } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager } from './manager.ts';
import { isWithin, resolve } from './paths.ts';

const words = ({ args }: Call): string[] => args.map(({ value, text }) => value ?? text);
const subcommand = (call: Call): string =>
  (words(call).find((word) => !word.startsWith('-')) ?? '').replace(/^v[12]-/, '');
const onlyDependencies = (call: Call): boolean => words(call).some((word) => /^--(only-|dependencies-only)/.test(word));

/** Whether files of the build context were put where it runs: what it then installs may be a package of their project. */
const isInProject = ({ step, cwd }: Call): boolean =>
  cwd !== undefined &&
  [...ancestors(step)].some(
    ({ copy, workdir }) => copy && !copy.from && isWithin(cwd, resolve(workdir, copy.destination)),
  );

function action(call: Call): Action | undefined {
  switch (subcommand(call)) {
    case 'update':
      return 'index';
    case 'fetch':
      return 'fetch';
    case 'build':
      return onlyDependencies(call) ? 'install' : 'build';
    case 'install':
      return onlyDependencies(call)
        ? 'install'
        : words(call).some((word) => /^(exe:|all$|\.)/.test(word)) || isInProject(call)
          ? 'build'
          : 'self';
    case 'test':
    case 'run':
      return 'build';
    default:
      return undefined;
  }
}

/** Since 3.10 it depends on whether ~/.cabal exists. Source: cabal.readthedocs.io, "Directories". */
const caches = (call: Call): CacheLocation[] => {
  const kind = { class: 'A', sharing: 'locked' } as const;
  return [
    movedBy(
      call,
      [
        ['CABAL_DIR', '/packages'],
        ['XDG_CACHE_HOME', '/cabal/packages'],
      ],
      kind,
    ) ?? {
      path: undefined,
      reason:
        'The cache is in ~/.cabal/packages or ~/.cache/cabal/packages, which depends on the version of cabal and on the image.',
      ...kind,
    },
  ];
};

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const collect = collector(context);
  const found = filesIn(context, directory).filter(
    (path) =>
      !path.includes('dist-newstyle/') &&
      (path.endsWith('.cabal') || /^cabal\.project(\.freeze|\.local)?$/.test(baseName(path))),
  );
  for (const path of found) collect.optional(path);
  if (!found.some((path) => path.endsWith('.cabal'))) collect.required(resolve(directory, 'project.cabal'), 'cabal');
  for (const path of found) {
    const text = collect.text(path) ?? '';
    if (/^[ \t]*build-type:\s*(Custom|Hooks|Configure)/im.test(text))
      collect.obstacle(`${path} has a build type that runs a program of the project.`);
    if (/^[ \t]*import:/m.test(text) && path.includes('cabal.project'))
      collect.obstacle(`${path} imports other files.`);
  }
  if (action(call) !== 'install' && action(call) !== 'fetch') {
    collect.installsProject();
    collect.obstacle(`\`cabal ${subcommand(call)}\` builds the sources of the project.`);
  }
  return collect.result();
}

export const cabal: Manager = {
  id: 'cabal',
  title: 'cabal',
  programs: ['cabal'],
  action,
  caches,
  defeaters: () => [],
  kept: ['~/.cabal/packages', '~/.cache/cabal'],
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['*.cabal', 'cabal.project', 'cabal.project.*'],
  writes: ['dist-newstyle'],
};
