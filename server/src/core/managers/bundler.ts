import type { ContextSnapshot } from '../workspace.ts';
import { variableOf } from './account.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { type Collector, collector, filesIn, remembered } from './collect.ts';
import { configuredFor } from './configured.ts';
import { inKnownImage, movedBy } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager } from './manager.ts';
import { dirname, escapes, resolve } from './paths.ts';

const options = syntax(
  '--gemfile --jobs -j --retry --without --with --path --binstubs --trust-policy --target-rbconfig --shebang',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const { subcommand } = argsOf(call);
  if (subcommand === '' && call.args.some(({ text }) => /^-(v|h|-version|-help)$/.test(text))) return undefined;
  if (/^(install|update|add|lock|)$/.test(subcommand)) return 'install';
  if (/^(cache|package)$/.test(subcommand)) return 'fetch';
  // `bundle clean` removes gems that no Gemfile wants, not what was downloaded.
  return undefined;
}

const configured = (call: Call, name: string): string | undefined => configuredFor(call, /^bundler?$/, name);

const kind = { class: 'A', sharing: 'locked' } as const;

/** Sources: the official image's GEM_HOME; bundler.io/man/bundle-config.1.html, `path`. */
function caches(call: Call): CacheLocation[] {
  const path = argsOf(call).find('--path')?.value ?? variableOf(call, 'BUNDLE_PATH') ?? configured(call, 'path');
  const isDeployed =
    argsOf(call).has('--deployment') ||
    isOn(variableOf(call, 'BUNDLE_DEPLOYMENT')) ||
    isOn(configured(call, 'deployment'));
  // Where a path is set, even to GEM_HOME, gems go below it by the version of Ruby (bundler's settings.rb, Path#path).
  if (path !== undefined)
    return [
      {
        path: undefined,
        reason: `The cache lies below ${path}, in a folder named after Ruby's version, which is not known.`,
        ...kind,
      },
    ];
  if (isDeployed && variableOf(call, 'BUNDLE_PATH') === undefined)
    return [
      {
        path: undefined,
        reason:
          "In deployment mode the cache lies below vendor/bundle, in a folder named after Ruby's version, which is not known.",
        ...kind,
      },
    ];
  const moved = movedBy(call, [['GEM_HOME', '/cache']], kind);
  return [
    moved ??
      inKnownImage(call, 'GEM_HOME', {
        path: undefined,
        reason: "The cache lies in RubyGems' folder, which depends on how Ruby was installed.",
        ...kind,
      }),
  ];
}

const isOn = (value: string | undefined): boolean => value !== undefined && /^(1|true|yes|on)$/i.test(value);

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  const gemfile = resolve(
    directory,
    args.find('--gemfile')?.value ?? variableOf(call, 'BUNDLE_GEMFILE')?.replace(`${call.cwd}/`, '') ?? 'Gemfile',
  );
  if (collect.optional(resolve(directory, 'gems.rb'))) collect.optional(resolve(directory, 'gems.locked'));
  else if (collect.required(gemfile, 'bundler')) collect.optional(`${gemfile}.lock`);
  for (const name of ['.bundle/config', '.ruby-version']) collect.optional(resolve(directory, name));
  const cached = resolve(directory, 'vendor/cache');
  if (filesIn(context, cached).length > 0) collect.folder(cached, 'bundler');
  collectGemfile(
    collect,
    context.get(resolve(directory, 'gems.rb')) ? resolve(directory, 'gems.rb') : gemfile,
    new Set(),
  );
  if (!/^(install|cache|package|)$/.test(args.subcommand))
    collect.obstacle(`\`bundle ${args.subcommand}\` rewrites the lock file, and a COPY after it would undo that.`);
  return collect.result();
}

/** A Gemfile is a program: what of it can be told is followed, the rest is said. */
function collectGemfile(collect: Collector, path: string, seen: Set<string>): void {
  if (seen.has(path)) return;
  seen.add(path);
  const text = collect.text(path)?.replace(/^[ \t]*#.*$/gm, '');
  if (text === undefined) return;
  const folder = dirname(path);
  if (/^[ \t]*gemspec\b/m.test(text))
    collect.obstacle(`${path} takes its gems from a gemspec, which reads other files of the project.`);
  for (const [, gem = ''] of text.matchAll(/(?:\bpath:\s*|:path\s*=>\s*|^[ \t]*path\s+)["']([^"'#]+)["']/gm))
    collectPath(collect, folder, gem, path);
  for (const [, , file = ''] of text.matchAll(
    /\b(eval_gemfile|instance_eval\s+File\.read|File\.read|ruby\s+file:|IO\.read|require_relative)\s*\(?\s*["']([^"'#]+)["']/g,
  )) {
    const target = resolve(folder, file);
    if (!collect.context.get(target) && /require_relative/.test(text)) collect.optional(`${target}.rb`);
    else collect.required(target, path);
    if (/Gemfile|\.rb$/.test(target)) collectGemfile(collect, target, seen);
  }
  if (/Dir\[|Dir\.glob|Dir\.exist|File\.exist|File\.join|File\.expand_path|__dir__|__FILE__|`|\bsystem\b|%x/.test(text))
    collect.obstacle(`${path} looks for other files of the project.`);
}

function collectPath(collect: Collector, folder: string, written: string, from: string): void {
  const path = resolve(folder, written);
  if (escapes(path)) collect.obstacle(`${from} names ${written}, which lies outside the build context.`);
  else if (path === folder) collect.obstacle(`${from} takes its gems from the project itself.`);
  else if (
    collect.folder(path, from) &&
    filesIn(collect.context, path).some(
      (file) => file.endsWith('.gemspec') && /\bgit\b|`/.test(collect.context.text(file) ?? '`'),
    )
  )
    collect.obstacle(`${from} has the gem in ${path}, whose gemspec asks git for its files.`);
}

export const bundler: Manager = {
  id: 'bundler',
  title: 'bundler',
  programs: ['bundle', 'bundler'],
  action,
  caches,
  defeaters: () => [],
  kept: ['/usr/local/bundle/cache', '~/.bundle/cache', '~/.gem'],
  isLocked: (call) =>
    argsOf(call).has('--frozen', '--deployment') ||
    [
      variableOf(call, 'BUNDLE_FROZEN'),
      variableOf(call, 'BUNDLE_DEPLOYMENT'),
      configured(call, 'frozen'),
      configured(call, 'deployment'),
    ].some(isOn),
  lock(call, { directory, context }) {
    const path = resolve(directory, 'Gemfile.lock');
    return action(call) === 'install'
      ? { file: context.get(path) ? path : undefined, form: 'bundle install with BUNDLE_FROZEN=true' }
      : undefined;
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [variableOf(call, 'BUNDLE_GEMFILE') ?? ''], () =>
      inputs(call, directory, context),
    ),
  manifests: ['Gemfile', 'gems.rb', '*.gemspec', 'Gemfile.*', '*.gemfile'],
};
