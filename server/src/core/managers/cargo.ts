import type { ContextSnapshot } from '../workspace.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { type Collector, collector, remembered } from './collect.ts';
import { isTable, parseToml, stringAt, stringsAt, type Table, tableAt } from './documents.ts';
import { foldersAbove } from './folders.ts';
import { inHome, inKnownImage, movedBy, place } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager } from './manager.ts';
import { memberFolders } from './members.ts';
import { contextPath, dirname, escapes, resolve } from './paths.ts';

const options = syntax(
  `-p --package --exclude --bin --example --test --bench -F --features --target --profile --target-dir --manifest-path --message-format --color --config
  -Z -j --jobs -C --path --git --branch --tag --rev --version --root --registry --index --recipe-path -o --artifact-dir --lockfile-path`,
);
/** `cargo +nightly build`. */
const argsOf = ({ args }: Call): Arguments =>
  parseArgs(
    args.filter(({ text }) => !text.startsWith('+')),
    options,
  );
const second = (args: Arguments): string => args.operands[1]?.value ?? '';

function action(call: Call): Action | undefined {
  const args = argsOf(call);
  if (
    /^(build|b|run|r|test|t|check|c|clippy|doc|d|bench|rustc|nextest|auditable|zigbuild|leptos|xtask)$/.test(
      args.subcommand,
    )
  )
    return 'build';
  // Without a crate it installs the package of the folder that it runs in.
  if (args.subcommand === 'install' && !args.find('--git') && args.known && args.operands.length === 1) return 'build';
  if (args.subcommand === 'install' || args.subcommand === 'binstall') return args.find('--path') ? 'build' : 'self';
  if (args.subcommand === 'fetch' || args.subcommand === 'vendor') return 'fetch';
  // Preparing a recipe reads everything and downloads nothing.
  return args.subcommand === 'chef' && second(args) === 'cook' ? 'install' : undefined;
}

const registry = { class: 'B', sharing: 'shared' } as const;
const output = { class: 'C', sharing: 'locked' } as const;

/** Sources: doc.rust-lang.org/cargo/guide/cargo-home.html, build cache (`CARGO_TARGET_DIR`). The rust image sets CARGO_HOME. */
function caches(call: Call): CacheLocation[] {
  const home = ['registry', 'git/db'].map(
    (folder) =>
      movedBy(call, [['CARGO_HOME', `/${folder}`]], registry) ??
      inKnownImage(call, 'CARGO_HOME', inHome(call, `.cargo/${folder}`, registry)),
  );
  const what = action(call);
  return what === 'build' || what === 'install' ? [...home, targetFolder(call)] : home;
}

function targetFolder(call: Call): CacheLocation {
  const option = argsOf(call).find('--target-dir');
  if (option) return place(call, option.value, output);
  const manifest = argsOf(call).find('--manifest-path')?.value;
  return (
    movedBy(
      call,
      [
        ['CARGO_TARGET_DIR', ''],
        ['CARGO_BUILD_TARGET_DIR', ''],
      ],
      output,
    ) ?? place(call, manifest?.includes('/') ? `${dirname(manifest)}/target` : 'target', output)
  );
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  const above = [directory, ...foldersAbove(call, directory)];
  for (const folder of above)
    for (const name of ['rust-toolchain', 'rust-toolchain.toml', '.cargo/config.toml', '.cargo/config'])
      collect.optional(resolve(folder, name));
  if (args.subcommand === 'chef') {
    collectUnprepared(collect, above.find((folder) => context.get(resolve(folder, 'Cargo.toml'))) ?? directory);
    return collect.result();
  }
  const manifest = args.find('--manifest-path')?.value;
  const found = manifest === undefined ? undefined : contextPath(call.cwd, directory, manifest);
  const start =
    found !== undefined
      ? dirname(found)
      : (above.find((folder) => context.get(resolve(folder, 'Cargo.toml'))) ?? directory);
  const root = workspaceRoot(collect, start, above);
  collect.optional(resolve(root, 'Cargo.lock'));
  collectPackages(collect, root);
  if (action(call) === 'build') {
    collect.installsProject();
    collect.obstacle(`\`cargo ${args.subcommand}\` compiles the sources of the project.`);
  } else
    collect.obstacle(
      'Cargo refuses a manifest without the source files of its package, so copying the manifests first is not enough: use cargo-chef, or stub sources.',
    );
  return collect.result();
}

function tableOf(collect: Collector, folder: string): Table | undefined {
  const text = collect.context.text(resolve(folder, 'Cargo.toml'));
  return text === undefined ? undefined : parseToml(text);
}

const workspaceRoot = (collect: Collector, start: string, above: readonly string[]): string =>
  [start, ...above].find((folder) => isTable(tableOf(collect, folder)?.workspace)) ?? start;

/** A root, its members and their path dependencies. Source: doc.rust-lang.org/cargo/reference/workspaces.html. */
function collectPackages(collect: Collector, root: string): void {
  const workspace = tableAt(tableOf(collect, root), 'workspace');
  const members = memberFolders(
    collect.context,
    root,
    stringsAt(workspace, 'members'),
    stringsAt(workspace, 'exclude'),
    'Cargo.toml',
  );
  const open = [root, ...members];
  for (const folder of open) {
    if (!collect.required(resolve(folder, 'Cargo.toml'), 'cargo')) continue;
    collect.optional(resolve(folder, 'build.rs'));
    const table = tableOf(collect, folder);
    if (!table)
      collect.obstacle(`${resolve(folder, 'Cargo.toml')} could not be read, so what it asks for is not known.`);
    for (const path of table ? pathsOf(table) : []) {
      const target = resolve(folder, path);
      if (escapes(target))
        collect.obstacle(`${resolve(folder, 'Cargo.toml')} names ${path}, which lies outside the build context.`);
      else if (!open.includes(target)) open.push(target);
    }
  }
}

/**
 * What `cargo chef cook` needs besides its recipe, which comes from another stage: the recipe has the manifests of the workspace's members, and what
 * [patch] names by its path is none.
 */
function collectUnprepared(collect: Collector, root: string): void {
  const patches = Object.values(tableAt(tableOf(collect, root), 'patch'));
  for (const patch of patches.flatMap((registry) => (isTable(registry) ? Object.values(registry) : []))) {
    const folder = resolve(root, stringAt(patch, 'path') ?? '..');
    if (!escapes(folder) && folder !== root) collect.folder(folder, 'cargo chef');
  }
}

const pathsOf = (table: Table): string[] => {
  const targets = Object.values(tableAt(table, 'target'));
  const holders = [table, tableAt(table, 'workspace'), tableAt(table, 'patch', 'crates-io'), ...targets];
  const dependencies = holders.flatMap((holder) =>
    ['dependencies', 'dev-dependencies', 'build-dependencies'].map((field) => tableAt(holder, field)),
  );
  return [...dependencies, tableAt(table, 'patch', 'crates-io')].flatMap((each) =>
    Object.values(each).flatMap((value) => stringAt(value, 'path') ?? []),
  );
};

export const cargo: Manager = {
  id: 'cargo',
  title: 'cargo',
  programs: ['cargo', 'cross', 'xx-cargo'],
  action,
  caches,
  defeaters: () => [],
  kept: ['/usr/local/cargo/registry', '/usr/local/cargo/git', '~/.cargo/registry', '~/.cargo/git'],
  isLocked: (call) => argsOf(call).has('--locked', '--frozen'),
  lock(call, { directory, context }) {
    const path = resolve(directory, 'Cargo.lock');
    // cargo-chef has the lock file in its recipe.
    return action(call) === 'fetch'
      ? { file: context.get(path) ? path : undefined, form: 'cargo fetch --locked' }
      : undefined;
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['Cargo.toml'],
  writes: ['target'],
};
