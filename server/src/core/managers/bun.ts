import type { ContextSnapshot } from '../workspace.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { type Collector, collector, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { parseToml, stringAt, tableAt } from './documents.ts';
import { packageAt, workspaceGlobs } from './javascript/packageJson.ts';
import { collectAddition, collectProject, type Flavour, lifecycle, workspaceRoot } from './javascript/project.ts';
import { inHome, movedBy, movedTo, place } from './locations.ts';
import type { Action, CacheLocation, Call, Defeater, InstallInputs, Manager, Project } from './manager.ts';
import { resolve } from './paths.ts';

const options = syntax(
  '--cwd -c --config --cache-dir --registry --backend --concurrent-scripts --network-concurrency --filter -F --linker --omit --cpu --os --ca --cafile --minimum-release-age',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const args = argsOf(call);
  const isGlobal = args.has('-g', '--global');
  if (/^(install|i|ci|add|a|update)$/.test(args.subcommand)) return isGlobal ? 'self' : 'install';
  // What it downloads, or finds in the project, is a program that works on the project (`bun x vite build`).
  if (args.subcommand === 'x') return 'build';
  return args.subcommand === 'pm' && args.operands[1]?.value === 'cache' && args.operands[2]?.value === 'rm'
    ? 'clean'
    : undefined;
}

/** Source: bun.sh/docs/install/cache; BUN_INSTALL and `install.cache.dir` move it as well. */
function caches(call: Call, project?: Project): CacheLocation[] {
  const kind = { class: 'A', sharing: 'shared' } as const;
  const option = argsOf(call).find('--cache-dir');
  if (option) return [place(call, option.value, kind)];
  const moved = movedBy(
    call,
    [
      ['BUN_INSTALL_CACHE_DIR', ''],
      ['BUN_INSTALL', '/install/cache'],
      ['XDG_CACHE_HOME', '/.bun/install/cache'],
    ],
    kind,
  );
  const bunfig = project && parseToml(project.context.text(resolve(project.directory, 'bunfig.toml')) ?? '');
  const written = stringAt(bunfig, 'install', 'cache', 'dir') ?? stringAt(bunfig, 'install', 'cache');
  return [moved ?? (written ? place(call, written, kind) : inHome(call, '.bun/install/cache', kind))];
}

function defeaters(call: Call): Defeater[] {
  if (action(call) === 'clean') return [commandDefeater(call)];
  return argsOf(call)
    .all('--no-cache')
    .map(({ span }) => ({ span, what: '--no-cache', kind: 'words' }));
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  if (action(call) === 'self') return collect.result();
  if (args.operands.length > 1 && !collectAddition(collect, call, directory)) return collect.result();
  collectBun(collect, call, args, directory, new Set());
  return collect.result();
}

function collectBun(collect: Collector, call: Call, args: Arguments, directory: string, seen: Set<string>): void {
  const root = workspaceRoot(call, directory, collect.context);
  for (const name of ['bun.lock', 'bun.lockb', 'bunfig.toml', '.npmrc']) collect.optional(resolve(root, name));
  const manifest = packageAt(collect.context, root);
  for (const patch of Object.values(tableAt(manifest?.json, 'patchedDependencies')))
    if (typeof patch === 'string') collect.required(resolve(root, patch), 'bun');
  const runsScripts = !args.has('--ignore-scripts');
  const flavour: Flavour = {
    title: 'bun',
    rootScripts: lifecycle,
    workspaceScripts: ['preinstall', 'install', 'postinstall', 'prepare'],
    runsScripts,
    runsDependencies: runsScripts,
    workspaces: workspaceGlobs,
  };
  collectProject(collect, root, flavour, {
    seen,
    install(program, words, folder) {
      if (program === 'bun') collectBun(collect, { ...call, cwd: undefined }, parseArgs(words, options), folder, seen);
      else collect.obstacle(`A script of ${root || 'the project'} runs ${program} install in ${folder}.`);
    },
  });
}

export const bun: Manager = {
  id: 'bun',
  title: 'bun',
  programs: ['bun'],
  action,
  caches,
  defeaters,
  kept: ['~/.bun/install/cache', '/root/.bun/install/cache'],
  directory: (call) => movedTo(call, argsOf(call).find('--cwd')),
  // For production it is frozen as well (src/install/PackageManager/PackageManagerOptions.zig).
  isLocked: (call) => argsOf(call).subcommand === 'ci' || argsOf(call).has('--frozen-lockfile', '--production', '-p'),
  lock(call, { directory, context }) {
    if (action(call) !== 'install') return undefined;
    const root = workspaceRoot(call, directory, context);
    const file = ['bun.lock', 'bun.lockb'].map((name) => resolve(root, name)).find((path) => context.get(path));
    return { file, form: 'bun install --frozen-lockfile' };
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['package.json', 'bunfig.toml', '.npmrc', '*.prisma'],
  writes: ['node_modules'],
};
