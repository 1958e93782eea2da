import type { ContextSnapshot } from '../workspace.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { collector, remembered } from './collect.ts';
import { inHome, movedBy } from './locations.ts';
import type { Action, Call, InstallInputs, Manager } from './manager.ts';
import { contextPath } from './paths.ts';

const options = syntax('--tree --server --only-server --lua-version --lua-dir --timeout --deps-mode');
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);
const rockspecs = (call: Call): string[] =>
  argsOf(call)
    .operands.slice(1)
    .map(({ value, text }) => value ?? text)
    .filter((name) => /\.(rockspec|rock)$/.test(name));

function action(call: Call): Action | undefined {
  const { subcommand } = argsOf(call);
  if (subcommand === 'make' || subcommand === 'build') return 'build';
  return subcommand === 'install' ? (rockspecs(call).length > 0 ? 'install' : 'self') : undefined;
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const collect = collector(context);
  for (const name of rockspecs(call)) {
    const path = contextPath(call.cwd, directory, name);
    if (path === undefined) collect.obstacle(`luarocks reads ${name}, and where that comes from is not known.`);
    else collect.required(path, 'luarocks');
  }
  if (action(call) === 'build' || (rockspecs(call).length > 0 && !argsOf(call).has('--only-deps', '--deps-only'))) {
    collect.installsProject();
    collect.obstacle(`\`luarocks ${argsOf(call).subcommand}\` builds the sources of the project.`);
  }
  return collect.result();
}

/** Lua's packages. */
export const luarocks: Manager = {
  id: 'luarocks',
  title: 'luarocks',
  programs: ['luarocks'],
  action,
  caches: (call) => {
    const kind = { class: 'A', sharing: 'locked' } as const;
    return [movedBy(call, [['XDG_CACHE_HOME', '/luarocks']], kind) ?? inHome(call, '.cache/luarocks', kind)];
  },
  defeaters: () => [],
  kept: ['~/.cache/luarocks'],
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['*.rockspec'],
};
