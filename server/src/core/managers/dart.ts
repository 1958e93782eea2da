import type { ContextSnapshot } from '../workspace.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { type Collector, collector, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { at, isTable, parseYaml, stringAt, stringsAt, tableAt } from './documents.ts';
import { inHome, movedBy, movedTo } from './locations.ts';
import type { Action, Call, InstallInputs, Manager } from './manager.ts';
import { memberFolders } from './members.ts';
import { escapes, resolve } from './paths.ts';

const options = syntax('-C --directory -o --output --target --dart-define --build-name --build-number --flavor');
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const { subcommand, operands } = argsOf(call);
  if (subcommand === 'pub') {
    const second = operands[1]?.value ?? '';
    if (/^(get|upgrade|downgrade|add)$/.test(second)) return argsOf(call).has('--offline') ? 'consume' : 'install';
    if (second === 'global') return 'self';
    return second === 'cache' && operands[2]?.value === 'clean' ? 'clean' : undefined;
  }
  return /^(compile|build|run|test)$/.test(subcommand) ? 'build' : undefined;
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  collect.optional(resolve(directory, 'pubspec.lock'));
  collectPubspec(collect, directory, 'pub', new Set());
  if (action(call) === 'build') {
    collect.installsProject();
    collect.obstacle(`\`${call.program} ${args.subcommand}\` builds the sources of the project.`);
  } else if (args.operands[1]?.value !== 'get')
    collect.obstacle('It rewrites pubspec.lock, and a COPY after it would undo that.');
  return collect.result();
}

/** Of a path dependency pub needs the pubspec. Source: dart.dev/tools/pub/dependencies#path-packages. */
function collectPubspec(collect: Collector, folder: string, named: string, seen: Set<string>): void {
  if (seen.has(folder)) return;
  seen.add(folder);
  const path = resolve(folder, 'pubspec.yaml');
  if (escapes(path)) {
    collect.obstacle(`${named} names ${folder}, which lies outside the build context.`);
    return;
  }
  if (!collect.required(path, named)) return;
  const tables = [path, resolve(folder, 'pubspec_overrides.yaml')]
    .filter((each) => each === path || collect.optional(each))
    .map((each) => parseYaml(collect.text(each) ?? ''));
  if (tables.includes(undefined)) collect.obstacle(`${path} could not be read, so what it asks for is not known.`);
  for (const table of tables) {
    for (const field of ['dependencies', 'dev_dependencies', 'dependency_overrides'])
      for (const each of Object.values(tableAt(table, field))) {
        const target = isTable(each) ? stringAt(each, 'path') : undefined;
        if (target !== undefined) collectPubspec(collect, resolve(folder, target), path, seen);
      }
    for (const member of memberFolders(collect.context, folder, stringsAt(table, 'workspace'), [], 'pubspec.yaml'))
      collectPubspec(collect, member, path, seen);
    if (at(table, 'flutter', 'generate') === true)
      collect.obstacle(`${path} generates code from the project's translations.`);
  }
}

export const dart: Manager = {
  id: 'dart',
  title: 'pub',
  programs: ['dart', 'flutter'],
  action,
  // Source: dart.dev/tools/pub/environment-variables. What is compiled ahead of time does not need it at run time.
  caches: (call) => {
    const kind = { class: 'B', sharing: 'shared' } as const;
    return [movedBy(call, [['PUB_CACHE', '']], kind) ?? inHome(call, '.pub-cache', kind)];
  },
  defeaters: (call) => (action(call) === 'clean' ? [commandDefeater(call)] : []),
  kept: ['~/.pub-cache'],
  directory: (call) => movedTo(call, argsOf(call).find('-C', '--directory')),
  isLocked: (call) => argsOf(call).has('--enforce-lockfile'),
  lock(call, { directory, context }) {
    const path = resolve(directory, 'pubspec.lock');
    return action(call) === 'install'
      ? { file: context.get(path) ? path : undefined, form: `${call.program} pub get --enforce-lockfile` }
      : undefined;
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['pubspec.yaml', 'pubspec_overrides.yaml'],
  writes: ['.dart_tool'],
};
