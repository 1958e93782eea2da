import { baseName } from '../syntax/path.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { type Collector, collector, filesIn, remembered } from './collect.ts';
import { inHome, movedBy, movedTo, place } from './locations.ts';
import type { Action, CacheLocation, Call, Defeater, InstallInputs, Manager } from './manager.ts';
import { dirname, escapes, isWithin, resolve } from './paths.ts';
import { withoutBlocks } from './text.ts';

const options = syntax(
  '-p --project-dir -g --gradle-user-home -b --build-file -c --settings-file -I --init-script -x --exclude-task --include-build --console --max-workers --priority -P --project-prop -D --system-prop --warning-mode --configuration --project-cache-dir',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

/** Tasks that only resolve; what a project calls its own task for that varies. */
const fetches =
  /(^|:)(dependencies|allDependencies|buildEnvironment|help|tasks|projects|wrapper|properties|(resolve|download|fetch|cache)[A-Za-z]*(Dependencies|All|Deps)?)$/;

function action(call: Call): Action | undefined {
  const args = argsOf(call);
  const tasks = args.operands.map(({ value }) => value ?? '').filter((task) => task !== 'clean');
  // The wrapper downloads Gradle itself whatever it is asked.
  if (tasks.length === 0) return call.program === 'gradlew' && args.has('--version', '-v') ? 'fetch' : undefined;
  if (args.has('--offline')) return 'consume';
  return tasks.every((task) => fetches.test(task)) ? 'fetch' : 'build';
}

/** The parts of Gradle's home that are caches; the rest has settings and init scripts. Source: docs.gradle.org/current/userguide/directory_layout.html. */
function caches(call: Call): CacheLocation[] {
  const kind = { class: 'B', sharing: 'locked' } as const;
  const option = argsOf(call).find('-g', '--gradle-user-home');
  const at = (folder: string): CacheLocation =>
    option
      ? place(call, option.value === undefined ? undefined : `${option.value}/${folder}`, kind)
      : (movedBy(call, [['GRADLE_USER_HOME', `/${folder}`]], kind) ?? inHome(call, `.gradle/${folder}`, kind));
  return call.program === 'gradlew' ? [at('caches'), at('wrapper')] : [at('caches')];
}

const defeaters = (call: Call): Defeater[] =>
  argsOf(call)
    .all('--refresh-dependencies')
    .map(({ span }) => ({ span, what: '--refresh-dependencies', kind: 'words' }));

const scripts =
  /\.gradle(\.kts)?$|^(gradle\.properties|gradle\.lockfile|buildscript-gradle\.lockfile|verification-metadata\.xml|lint\.xml|\.java-version)$/;

/** What a build script does besides declaring: starting programs, reading files, plugins that ask git for a version. */
const readsMore: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\.execute\s*\(|providers\.exec|\bexec\s*\{|ProcessBuilder|Runtime\.getRuntime/, 'starts other programs'],
  [
    /\.readText\b|\.readLines\b|\.text\b(?!\s*=)|\.newInputStream|FileInputStream|\.eachLine|\.withInputStream|\.withReader|\.load\(/,
    'reads files',
  ],
  [
    /\.exists\(\)|listFiles|\.walk\w*\b|fileTree|FileTree|eachDir|eachFile|\.isFile\b|\.isDirectory\b/,
    'looks for files',
  ],
  [
    /grgit|jgit|nebula\.release|axion-release|gradle-git|git-version|gitversion|reckon|versioning/i,
    'asks git for its version',
  ],
];

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  const root = settingsFolder(context, directory);
  if (call.program === 'gradlew') collect.optional(resolve(directory, 'gradlew'));
  for (const folder of ['gradle', 'buildSrc', 'build-logic'])
    if (filesIn(context, resolve(root, folder)).length > 0) collect.folder(resolve(root, folder), 'gradle', isOutput);
  const found = filesIn(context, root).filter((path) => scripts.test(baseName(path)) && !isOutput(path));
  for (const path of found) collect.optional(path);
  if (!found.some((path) => /(^|\/)(build|settings)\.gradle(\.kts)?$/.test(path)))
    collect.required(resolve(root, 'build.gradle'), 'gradle');
  for (const path of found.filter((each) => /\.gradle(\.kts)?$/.test(each))) collectScript(collect, root, path, found);
  if (action(call) !== 'fetch') {
    collect.installsProject();
    collect.obstacle(
      `\`${call.program} ${args.operands.map(({ text }) => text).join(' ')}\` builds the sources of the project.`,
    );
  }
  return collect.result();
}

const isOutput = (path: string): boolean =>
  /(^|\/)(build|\.gradle|node_modules)\//.test(path.replace(/(^|\/)build\.gradle/, ''));

/** The nearest folder above with a settings file, as Gradle looks for it. */
function settingsFolder(context: ContextSnapshot, directory: string): string {
  const has = (folder: string): boolean =>
    ['settings.gradle', 'settings.gradle.kts'].some((name) => context.get(resolve(folder, name)));
  return has(directory) || !has(dirname(directory)) ? directory : dirname(directory);
}

function collectScript(collect: Collector, root: string, path: string, found: readonly string[]): void {
  const written = collect.text(path);
  if (written === undefined) return;
  const text = withoutBlocks(written, '/*', '*/').replace(/^[ \t]*\/\/.*$/gm, '');
  for (const [pattern, what] of readsMore)
    if (pattern.test(text)) collect.obstacle(`${path} ${what} while it is evaluated.`);
  if (!/settings\.gradle(\.kts)?$/.test(path)) return;
  for (const [, build = ''] of text.matchAll(/includeBuild\s*\(?\s*["']([^"']+)["']/g)) {
    const folder = resolve(dirname(path), build);
    if (escapes(folder)) collect.obstacle(`${path} includes ${build}, which lies outside the build context.`);
    else if (filesIn(collect.context, folder).length > 0) collect.folder(folder, path, isOutput);
  }
  for (const project of projectsOf(text)) {
    const folder = resolve(dirname(path), project);
    if (isWithin(folder, root) && !found.some((file) => isWithin(file, folder)))
      collect.obstacle(
        `${path} includes the project ${project}, which has no build script of its own, so that its folder would be missing.`,
      );
  }
}

/** `include(":app", ":lib:core")` as folders. */
const projectsOf = (text: string): string[] =>
  [...text.matchAll(/^[ \t]*include\s*\(?((?:\s*["'][^"']+["']\s*,?)+)/gm)].flatMap(([, list = '']) =>
    [...list.matchAll(/["']([^"']+)["']/g)].map(([, name = '']) => name.replace(/^:/, '').replaceAll(':', '/')),
  );

export const gradle: Manager = {
  id: 'gradle',
  title: 'gradle',
  programs: ['gradle', 'gradlew'],
  action,
  caches,
  defeaters,
  kept: ['~/.gradle', '/root/.gradle', '/home/gradle/.gradle'],
  directory: (call) => movedTo(call, argsOf(call).find('-p', '--project-dir')),
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['*.gradle', '*.gradle.kts'],
  writes: ['.gradle'],
};
