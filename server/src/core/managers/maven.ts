import type { ContextSnapshot } from '../workspace.ts';
import { variableOf } from './account.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { type Collector, collector, filesIn, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { inHome, place } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager } from './manager.ts';
import { dirname, escapes, resolve } from './paths.ts';
import { between, withoutBlocks } from './text.ts';

const options = syntax(
  '-f --file -s --settings -gs --global-settings -t --toolchains -P --activate-profiles -pl --projects -rf --resume-from -T --threads -b --builder -l --log-file -D --define --color',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

const fetches =
  /^(org\.apache\.maven\.plugins:maven-)?dependency(-plugin)?(:[\d.]+)?:(go-offline|resolve|resolve-plugins|sources|copy-dependencies|get|tree|list)$|:resolve-dependencies$|^de\.qaware\.maven:go-offline-maven-plugin/;
const phases =
  /^(validate|compile|test-compile|test|package|verify|install|deploy|prepare-package|process-\S+|generate-\S+|integration-test|site|spring-boot:\S+|quarkus:\S+|jib:\S+|\S+:\S+)$/;

function action(call: Call): Action | undefined {
  const args = argsOf(call);
  const goals = args.operands.map(({ value }) => value ?? '');
  if (goals.some((goal) => /dependency(:[\d.]+)?:purge-local-repository$/.test(goal))) return 'clean';
  if (args.has('-o', '--offline')) return goals.length > 0 ? 'consume' : undefined;
  const asked = goals.filter((goal) => goal !== 'clean');
  if (asked.length > 0 && asked.every((goal) => fetches.test(goal))) return 'fetch';
  return asked.some((goal) => phases.test(goal)) ? 'build' : undefined;
}

const property = (call: Call, name: string): string | undefined => {
  const words = [
    ...call.args.map(({ value }) => value ?? ''),
    ...(variableOf(call, 'MAVEN_OPTS') ?? '').split(/\s+/),
    ...(variableOf(call, 'MAVEN_ARGS') ?? '').split(/\s+/),
  ];
  return words.find((word) => word.startsWith(`-D${name}=`))?.slice(name.length + 3);
};

/** Source: maven.apache.org, "Configuring Maven": `localRepository`. Not ~/.m2 itself: that has settings.xml. */
function caches(call: Call): CacheLocation[] {
  const kind = { class: 'B', sharing: 'locked' } as const;
  const moved = property(call, 'maven.repo.local');
  return [
    moved === undefined
      ? inHome(call, '.m2/repository', kind)
      : place(call, moved.includes('$') ? undefined : moved, kind),
  ];
}

const withoutComments = (xml: string): string => withoutBlocks(xml, '<!--', '-->');
const texts = (xml: string, tag: string): string[] =>
  [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>`, 'g'))].map((match) => match[1]?.trim() ?? '');

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  const named = args.find('-f', '--file')?.value;
  const pom = named?.endsWith('.xml')
    ? resolve(directory, named.split('/').at(-1) ?? 'pom.xml')
    : resolve(directory, 'pom.xml');
  if (call.program === 'mvnw') collect.optional(resolve(directory, 'mvnw'));
  if (filesIn(context, resolve(directory, '.mvn')).length > 0) collect.folder(resolve(directory, '.mvn'), 'maven');
  if (/jgitver|git-versioning|git-commit-id|semver/.test(context.text(resolve(directory, '.mvn/extensions.xml')) ?? ''))
    collect.obstacle(`${resolve(directory, '.mvn/extensions.xml')} takes the version from git.`);
  collectPom(collect, pom, 'maven', new Set());
  const settings = args.find('-s', '--settings', '-gs', '--global-settings')?.value;
  if (settings !== undefined && !settings.startsWith('/')) collect.required(resolve(directory, settings), 'maven');
  if (action(call) !== 'fetch') {
    collect.installsProject();
    collect.obstacle(
      `\`${call.program} ${args.operands.map(({ text }) => text).join(' ')}\` builds the sources of the project.`,
    );
  }
  return collect.result();
}

/** A pom, those of its modules (of all profiles) and its parents in the repository. Source: maven.apache.org/pom.html. */
function collectPom(collect: Collector, path: string, named: string, seen: Set<string>): void {
  if (seen.has(path)) return;
  seen.add(path);
  if (escapes(path) || !collect.required(path, named)) return;
  const text = collect.text(path);
  if (text === undefined) return;
  const xml = withoutComments(text);
  for (const module of [...texts(xml, 'module'), ...texts(xml, 'subproject')])
    collectPom(
      collect,
      module.endsWith('.xml') ? resolve(dirname(path), module) : resolve(dirname(path), `${module}/pom.xml`),
      path,
      seen,
    );
  collectParent(collect, path, xml, seen);
  if (/<(exists|missing)>/.test(xml)) collect.obstacle(`${path} has a profile that depends on whether a file exists.`);
  if (/<systemPath>/.test(xml)) collect.obstacle(`${path} has a dependency with a systemPath, a file of the project.`);
  const repository =
    /<url>\s*file:(?:\/\/)?\$\{(?:project\.|maven\.multiModuleProject)?[bB]ase[dD]ir(?:ectory)?\}\/?([^<\s]*)/.exec(
      xml,
    )?.[1];
  if (repository) collect.folder(resolve(dirname(path), repository), path);
}

/** `../pom.xml` unless `relativePath` says otherwise; where it is not there, the parent comes from a repository. */
function collectParent(collect: Collector, path: string, xml: string, seen: Set<string>): void {
  const parent = between(xml, '<parent>', '</parent>');
  if (parent === undefined || /<relativePath\s*\/>|<relativePath>\s*<\/relativePath>/.test(parent)) return;
  const written = texts(parent, 'relativePath')[0] ?? '../pom.xml';
  const target = resolve(dirname(path), written.endsWith('.xml') ? written : `${written}/pom.xml`);
  if (!escapes(target) && collect.context.get(target)) collectPom(collect, target, path, seen);
}

export const maven: Manager = {
  id: 'maven',
  title: 'maven',
  programs: ['mvn', 'mvnw', 'mvnd'],
  action,
  caches,
  defeaters: (call) => (action(call) === 'clean' ? [commandDefeater(call)] : []),
  kept: ['~/.m2', '/root/.m2'],
  directory(call) {
    const option = argsOf(call).find('-f', '--file');
    if (!option) return call.shellCwd;
    if (option.value === undefined || call.shellCwd === undefined) return undefined;
    const path = resolve(call.shellCwd, option.value);
    return path.endsWith('.xml') ? dirname(path) : path;
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['pom.xml', 'extensions.xml'],
};
