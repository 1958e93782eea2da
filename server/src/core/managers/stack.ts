import { baseName } from '../syntax/path.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { collector, filesIn, remembered } from './collect.ts';
import { inHome, movedBy } from './locations.ts';
import type { Action, Call, InstallInputs, Manager } from './manager.ts';
import { resolve } from './paths.ts';

const words = ({ args }: Call): string[] => args.map(({ value, text }) => value ?? text);
const subcommand = (call: Call): string => words(call).find((word) => !word.startsWith('-')) ?? '';
const onlyDependencies = (call: Call): boolean =>
  words(call).some((word) => /^--(only-dependencies|only-snapshot|dependencies-only)$/.test(word));

function action(call: Call): Action | undefined {
  switch (subcommand(call)) {
    case 'setup':
      return 'self';
    case 'update':
      return 'index';
    case 'build':
    case 'install':
    case 'test':
      return onlyDependencies(call) ? 'install' : 'build';
    default:
      return undefined;
  }
}

/** Package files, from which stack makes the plan. Source: docs.haskellstack.org. */
const manifests = /^(stack\.yaml|stack\.yaml\.lock|package\.yaml)$|\.cabal$/;

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const collect = collector(context);
  const found = filesIn(context, directory).filter(
    (path) => manifests.test(baseName(path)) && !path.includes('.stack-work/'),
  );
  for (const path of found) collect.optional(path);
  collect.required(resolve(directory, 'stack.yaml'), 'stack');
  // Without a .cabal file the modules are listed from the sources.
  if (found.some((path) => path.endsWith('package.yaml')) && !onlyDependencies(call))
    collect.obstacle('stack lists the modules of package.yaml from the sources.');
  if (action(call) !== 'install') {
    collect.installsProject();
    collect.obstacle(`\`stack ${subcommand(call)}\` builds the sources of the project.`);
  }
  return collect.result();
}

export const stack: Manager = {
  id: 'stack',
  title: 'stack',
  programs: ['stack'],
  action,
  // Compilers, packages and state in one: the mount is needed by every later call.
  caches: (call) => {
    const kind = { class: 'B', sharing: 'locked' } as const;
    return [movedBy(call, [['STACK_ROOT', '']], kind) ?? inHome(call, '.stack', kind)];
  },
  defeaters: () => [],
  kept: ['~/.stack'],
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['stack.yaml', 'package.yaml', '*.cabal'],
  writes: ['.stack-work'],
};
