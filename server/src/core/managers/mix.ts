import { baseName } from '../syntax/path.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { type Collector, collector, filesIn, remembered } from './collect.ts';
import { inHome, movedBy } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager } from './manager.ts';
import { dirname, escapes, isWithin, resolve } from './paths.ts';

/** `mix do deps.get, deps.compile` and `mix do deps.get + compile` are several tasks. */
function tasksOf({ args }: Call): string[] {
  const words = args.map(({ value, text }) => value ?? text);
  if (words[0] !== 'do') return words.slice(0, 1);
  return words
    .slice(1)
    .join(' ')
    .split(/\s*(?:,|\s\+)\s*/)
    .map((part) => part.split(' ')[0] ?? '');
}

function action(call: Call): Action | undefined {
  const tasks = tasksOf(call);
  if (
    tasks.some((task) =>
      /^(compile|release|test|phx\.digest|assets\.deploy|escript\.build|dialyzer|assets\.build)$/.test(task),
    )
  )
    return 'build';
  if (tasks.some((task) => /^deps\.(get|compile|update|unlock)$/.test(task))) return 'install';
  return tasks.some((task) => /^(local\.(hex|rebar)|archive\.install|escript\.install|assets\.setup)$/.test(task))
    ? 'self'
    : undefined;
}

const compiles = (call: Call): boolean => tasksOf(call).some((task) => /compile$|^(release|test)$/.test(task));

const kind = { class: 'A', sharing: 'shared' } as const;

/**
 * Sources: hexdocs.pm/hex (`HEX_HOME`), rebar3.org (`REBAR_CACHE_DIR`). Not ~/.mix: `mix local.hex` installs there. What `mix deps.get` fetched
 * lies in deps/: compiling it asks nobody but rebar3, for plugins, and the project's own tasks ask neither.
 */
function caches(call: Call): CacheLocation[] {
  const hex = movedBy(call, [['HEX_HOME', '/packages']], kind) ?? inHome(call, '.hex/packages', kind);
  const rebar =
    movedBy(
      call,
      [
        ['REBAR_CACHE_DIR', ''],
        ['XDG_CACHE_HOME', '/rebar3'],
      ],
      kind,
    ) ?? inHome(call, '.cache/rebar3', kind);
  const tasks = tasksOf(call);
  const fetches = tasks.some((task) => /^(deps\.(get|update)|(archive|escript)\.install)$/.test(task));
  const builds = tasks.includes('deps.compile') || (fetches && compiles(call));
  return [...(fetches ? [hex] : []), ...(builds ? [rebar] : [])];
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const collect = collector(context);
  collectProject(collect, directory, 'mix');
  collect.optional(resolve(directory, 'mix.lock'));
  // Dependencies are compiled with the configuration; runtime.exs is for later.
  const isConfig = (path: string): boolean => path.endsWith('.exs') && baseName(path) !== 'runtime.exs';
  if (compiles(call))
    for (const file of filesIn(context, resolve(directory, 'config')).filter(isConfig)) collect.optional(file);
  if (action(call) === 'build') {
    collect.installsProject();
    collect.obstacle(`\`mix ${tasksOf(call).join(', ')}\` compiles the sources of the project.`);
  } else if (tasksOf(call).some((task) => /^deps\.(update|unlock)$/.test(task)))
    collect.obstacle('`mix deps.update` rewrites mix.lock, and a COPY after it would undo that.');
  return collect.result();
}

/** A mix.exs is a program: the applications of an umbrella, path dependencies and files it reads are followed. */
function collectProject(collect: Collector, folder: string, named: string): void {
  const path = resolve(folder, 'mix.exs');
  if (!collect.required(path, named)) return;
  const text = collect.text(path)?.replace(/^[ \t]*#.*$/gm, '');
  if (text === undefined) return;
  const apps = /apps_path:\s*"([^"]+)"/.exec(text)?.[1];
  if (apps !== undefined)
    for (const each of filesIn(collect.context, resolve(folder, apps)).filter(
      (file) => baseName(file) === 'mix.exs' && dirname(dirname(file)) === resolve(folder, apps),
    ))
      collectProject(collect, dirname(each), path);
  for (const [, written = ''] of text.matchAll(/\bpath:\s*"([^"]+)"/g)) {
    const target = resolve(folder, written);
    if (escapes(target)) collect.obstacle(`${path} names ${written}, which lies outside the build context.`);
    else if (target !== folder && !isWithin(folder, target)) collectProject(collect, target, path);
  }
  for (const [, file = ''] of text.matchAll(/File\.(?:read!?|stream!)\(\s*"([^"]+)"/g))
    collect.required(resolve(folder, file), path);
  if (/System\.(cmd|shell)|:os\.cmd|Code\.(require|eval)_file|Path\.wildcard|File\.(ls|exists|dir)|__DIR__/.test(text))
    collect.obstacle(`${path} starts other programs or looks for other files while it is evaluated.`);
}

export const mix: Manager = {
  id: 'mix',
  title: 'mix',
  programs: ['mix'],
  action,
  caches,
  defeaters: () => [],
  kept: ['~/.hex', '~/.cache/rebar3'],
  // What is there already is compiled as it is.
  isLocked: (call) =>
    !tasksOf(call).some((task) => /^deps\.(get|update|unlock)$/.test(task)) ||
    call.args.some(({ value }) => value === '--check-locked'),
  lock(call, { directory, context }) {
    const path = resolve(directory, 'mix.lock');
    return tasksOf(call).includes('deps.get') && action(call) === 'install'
      ? { file: context.get(path) ? path : undefined, form: 'mix deps.get --check-locked' }
      : undefined;
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['mix.exs'],
  writes: ['deps', '_build'],
};
