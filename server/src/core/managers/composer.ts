import type { ContextSnapshot } from '../workspace.ts';
import { variableOf } from './account.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { type Collector, collector, filesIn, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { at, isTable, parseJson, stringAt, stringsAt, type Table, tableAt } from './documents.ts';
import { variableDefeater } from './environment.ts';
import { inHome, movedBy, movedTo } from './locations.ts';
import type {
  Action,
  CacheLocation,
  Call,
  Companion,
  Defeater,
  InstallInputs,
  Manager,
  Postponement,
  Project,
} from './manager.ts';
import { memberFolders } from './members.ts';
import { dirname, escapes, resolve } from './paths.ts';

const options = syntax(
  '-d --working-dir --prefer-install --ignore-platform-req --apcu-autoloader-prefix --audit-format --repository --stability -s',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const { subcommand } = argsOf(call);
  if (/^(install|i|update|u|upgrade|require|r|remove|create-project)$/.test(subcommand)) return 'install';
  if (/^(clear-cache|clearcache|cc)$/.test(subcommand)) return 'clean';
  return subcommand === 'global' && /^(require|update|install)$/.test(argsOf(call).operands[1]?.value ?? '')
    ? 'self'
    : undefined;
}

const kind = { class: 'A', sharing: 'shared' } as const;

const moves: readonly (readonly [string, string])[] = [
  ['COMPOSER_CACHE_DIR', ''],
  ['COMPOSER_HOME', '/cache'],
];

/** Source: getcomposer.org/doc/03-cli.md#composer-cache-dir. Without these variables it depends on whether /etc/xdg exists (Factory::getCacheDir). */
const caches = (call: Call): CacheLocation[] => [movedBy(call, moves, kind) ?? inHome(call, '.cache/composer', kind)];

function companions(call: Call): Companion[] {
  const location = caches(call)[0]?.path;
  if (location === undefined || movedBy(call, moves, kind) || action(call) === 'clean') return [];
  return [
    {
      kind: 'variable',
      name: 'COMPOSER_CACHE_DIR',
      value: location,
      why: 'Where composer keeps its cache otherwise depends on what else is in the image.',
    },
  ];
}

function defeaters(call: Call): Defeater[] {
  if (action(call) === 'clean') return [commandDefeater(call)];
  const flags = argsOf(call)
    .all('--no-cache')
    .map(({ span }): Defeater => ({ span, what: '--no-cache', kind: 'words' }));
  return [...flags, ...variableDefeater(call, 'COMPOSER_CACHE_DIR', (value) => value === '/dev/null')];
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  const name = variableOf(call, 'COMPOSER') ?? 'composer.json';
  const path = resolve(directory, name);
  if (action(call) === 'self' || args.subcommand === 'create-project') return collect.result();
  if (!collect.required(path, 'composer')) return collect.result();
  for (const each of [name.replace(/\.json$/, '.lock'), 'symfony.lock', 'auth.json'])
    collect.optional(resolve(directory, each));
  const text = collect.text(path);
  const json = text === undefined ? undefined : parseJson(text);
  if (!json) {
    if (text !== undefined) collect.obstacle(`${path} is not valid JSON, so what the install reads is not known.`);
    return collect.result();
  }
  if (
    json.version === undefined &&
    variableOf(call, 'COMPOSER_ROOT_VERSION') === undefined &&
    context.get(resolve(directory, '.git'))
  )
    collect.obstacle(
      `composer takes the version of ${path} from .git, which is in the build context. Ignore it, or name a version.`,
    );
  collectRepositories(collect, directory, path, json);
  collectPatches(collect, directory, path, json);
  if (!args.has('--no-scripts')) collectScripts(collect, path, json, !args.has('--no-autoloader'));
  if (!args.has('--no-autoloader')) collectAutoload(collect, args, path, json);
  if (!args.has('--no-plugins')) collectPlugins(collect, path, json);
  if (!/^(install|i)$/.test(args.subcommand))
    collect.obstacle(`\`composer ${args.subcommand}\` rewrites composer.lock, and a COPY after it would undo that.`);
  return collect.result();
}

/** Source: getcomposer.org/doc/05-repositories.md#path. */
function collectRepositories(collect: Collector, directory: string, path: string, json: Table): void {
  const { repositories } = json;
  const list = Array.isArray(repositories) ? repositories : isTable(repositories) ? Object.values(repositories) : [];
  for (const each of list) {
    const url = stringAt(each, 'url');
    const type = stringAt(each, 'type');
    if (url === undefined || (type !== 'path' && type !== 'artifact')) continue;
    const folder = resolve(directory, url);
    if (escapes(folder)) collect.obstacle(`${path} takes packages from ${url}, which lies outside the build context.`);
    else if (/[*?{[]/.test(url))
      for (const member of memberFolders(collect.context, directory, [url], [], 'composer.json'))
        collect.folder(member, path);
    else collect.folder(folder, path);
  }
}

/** Of cweagans/composer-patches: in the manifest, or in a file of their own. */
function collectPatches(collect: Collector, directory: string, path: string, json: Table): void {
  const named = stringAt(json, 'extra', 'patches-file');
  if (named !== undefined && collect.required(resolve(directory, named), path)) {
    const file = parseJson(collect.text(resolve(directory, named)) ?? '');
    if (!file)
      collect.obstacle(`${resolve(directory, named)} could not be read, so which patches it names is not known.`);
    collectPatchTables(collect, directory, named, tableAt(file, 'patches'));
  }
  collectPatchTables(collect, directory, path, tableAt(json, 'extra', 'patches'));
  if (isTable(at(json, 'extra', 'composer-patches')))
    collect.obstacle(`${path} configures composer-patches, which may read patches of the project.`);
}

function collectPatchTables(collect: Collector, directory: string, from: string, patches: Table): void {
  for (const each of Object.values(patches))
    for (const item of Array.isArray(each) ? each : isTable(each) ? Object.values(each) : []) {
      const file = typeof item === 'string' ? item : (stringAt(item, 'path') ?? stringAt(item, 'url'));
      if (file !== undefined && !/^https?:/.test(file)) collect.required(resolve(directory, file), from);
    }
}

const events = [
  'pre-install-cmd',
  'post-install-cmd',
  'pre-package-install',
  'post-package-install',
  'pre-operations-exec',
  'pre-pool-create',
  'init',
];
const autoloadEvents = ['pre-autoload-dump', 'post-autoload-dump'];

function collectScripts(collect: Collector, path: string, json: Table, dumps: boolean): void {
  for (const event of dumps ? [...events, ...autoloadEvents] : events) {
    const [script] = stringsAt(json, 'scripts', event);
    if (script !== undefined)
      collect.obstacle(
        `The "${event}" script of ${path} runs \`${script}\`, which may read other files of the project. With --no-scripts, and a later \`composer dump-autoload\` and the scripts, it would not.`,
      );
  }
}

/** A class map, and an optimized autoloader, are made of the sources; PSR-4 prefixes are only written down. */
function collectAutoload(collect: Collector, args: Arguments, path: string, json: Table): void {
  const optimized =
    args.has('-o', '--optimize-autoloader', '-a', '--classmap-authoritative') ||
    at(json, 'config', 'optimize-autoloader') === true ||
    at(json, 'config', 'classmap-authoritative') === true;
  const maps = ['autoload', 'autoload-dev'].filter(
    (field) => stringsAt(json, field, 'classmap').length > 0 || isTable(at(json, field, 'psr-0')),
  );
  if (optimized || maps.length > 0)
    collect.obstacle(
      `The autoloader of ${path} is made from the sources. With --no-autoloader, and a later \`composer dump-autoload\`, the install would not need them.`,
    );
}

/** Plugins that put files into the project itself, which a later COPY would meet. */
const writers = ['drupal/core-composer-scaffold', 'symfony/flex', 'composer/installers'];

function collectPlugins(collect: Collector, path: string, json: Table): void {
  const found = writers.filter(
    (name) => (stringAt(json, 'require', name) ?? stringAt(json, 'require-dev', name)) !== undefined,
  );
  const isFlexed =
    found.includes('symfony/flex') &&
    filesIn(collect.context, dirname(path)).some((file) => file === resolve(dirname(path), 'symfony.lock'));
  for (const name of found)
    if (name !== 'symfony/flex' || !isFlexed)
      collect.obstacle(`The plugin ${name} of ${path} writes files into the project during the install.`);
}

/** `composer dump-autoload` runs its own events. Source: getcomposer.org/doc/articles/scripts.md#event-names. */
function postpone(call: Call, { directory, context }: Project): Postponement | undefined {
  const args = argsOf(call);
  const json = parseJson(context.text(resolve(directory, variableOf(call, 'COMPOSER') ?? 'composer.json')) ?? '');
  const has = (event: string): boolean => stringsAt(json, 'scripts', event).length > 0;
  if (!json || !/^(install|i)$/.test(args.subcommand) || args.find('--no-scripts', '--no-autoloader')) return undefined;
  if (events.some((event) => event !== 'post-install-cmd' && has(event))) return undefined;
  const shared = args.has('--no-dev') ? ' --no-dev' : '';
  const kept = [
    args.has('-o', '--optimize-autoloader') ? ' --optimize' : '',
    args.has('-a', '--classmap-authoritative') ? ' --classmap-authoritative' : '',
    args.has('--apcu-autoloader') ? ' --apcu' : '',
  ];
  return {
    flags: ['--no-scripts', '--no-autoloader'],
    after: [
      `dump-autoload${shared}${kept.join('')}`,
      ...(has('post-install-cmd') ? [`run-script${shared} post-install-cmd`] : []),
    ],
  };
}

export const composer: Manager = {
  id: 'composer',
  title: 'composer',
  programs: ['composer', 'composer.phar'],
  action,
  caches,
  defeaters,
  companions,
  kept: ['/tmp/cache', '~/.composer', '~/.cache/composer'],
  directory: (call) => movedTo(call, argsOf(call).find('-d', '--working-dir')),
  isLocked: (call) => /^(install|i)$/.test(argsOf(call).subcommand),
  lock(call, { directory, context }) {
    const path = resolve(directory, 'composer.lock');
    return action(call) === 'install'
      ? { file: context.get(path) ? path : undefined, form: 'composer install' }
      : undefined;
  },
  inputs: (call, directory, context) =>
    remembered(
      call,
      directory,
      context,
      [variableOf(call, 'COMPOSER') ?? '', variableOf(call, 'COMPOSER_ROOT_VERSION') ?? ''],
      () => inputs(call, directory, context),
    ),
  postpone,
  manifests: ['composer.json', '*patches*.json'],
  writes: ['vendor'],
};
