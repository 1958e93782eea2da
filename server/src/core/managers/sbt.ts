import { baseName } from '../syntax/path.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { collector, filesIn, remembered } from './collect.ts';
import { inHome, movedBy } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager } from './manager.ts';
import { dirname, resolve } from './paths.ts';

const commandsOf = ({ args }: Call): string[] =>
  args
    .flatMap(({ value, text }) => (value ?? text).split(';'))
    .map((each) => each.trim())
    .filter((each) => each !== '' && !each.startsWith('-'));

function action(call: Call): Action | undefined {
  const commands = commandsOf(call).filter((each) => !/^(clean|reload|project \S+|set .*|\+)$/.test(each));
  if (commands.length === 0) return undefined;
  return commands.every((each) =>
    /(^|[/\s])(update|about|sbtVersion|exit|help|dependencyTree|updateClassifiers)$/.test(each),
  )
    ? 'fetch'
    : 'build';
}

/** Source: get-coursier.io/docs/cache. */
const caches = (call: Call): CacheLocation[] => {
  const kind = { class: 'B', sharing: 'locked' } as const;
  return [
    movedBy(
      call,
      [
        ['COURSIER_CACHE', ''],
        ['XDG_CACHE_HOME', '/coursier/v1'],
      ],
      kind,
    ) ?? inHome(call, '.cache/coursier/v1', kind),
  ];
};

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const collect = collector(context);
  const project = resolve(directory, 'project');
  const isProject = (path: string): boolean => {
    const folder = dirname(path);
    return folder === project
      ? /\.(sbt|scala|properties)$/.test(path)
      : folder === resolve(project, 'project') && /\.(sbt|scala)$/.test(path);
  };
  const isSetting = (path: string): boolean => path.endsWith('.sbt') && !path.split('/').includes('target');
  const found = filesIn(context, directory).filter(
    (path) =>
      isProject(path) ||
      isSetting(path) ||
      (dirname(path) === directory && /^\.(sbtopts|jvmopts|sbtrc)$/.test(baseName(path))),
  );
  for (const path of found) collect.optional(path);
  if (!found.some((path) => path.endsWith('.sbt'))) collect.required(resolve(directory, 'build.sbt'), 'sbt');
  for (const path of found.filter((each) => /\.(sbt|scala)$/.test(each))) {
    const text = collect.text(path) ?? '';
    if (
      /sbt-(git|dynver|release-early|ci-release|buildinfo-git)|GitVersioning|\bgit\.|\.!!|Process\(|IO\.read|Source\.from/.test(
        text,
      )
    )
      collect.obstacle(`${path} starts other programs, reads files or asks git while it is evaluated.`);
  }
  if (action(call) !== 'fetch') {
    collect.installsProject();
    collect.obstacle(`\`sbt ${commandsOf(call).join(' ')}\` builds the sources of the project.`);
  }
  return collect.result();
}

export const sbt: Manager = {
  id: 'sbt',
  title: 'sbt',
  programs: ['sbt', 'sbtx'],
  action,
  caches,
  defeaters: () => [],
  kept: ['~/.cache/coursier', '~/.ivy2', '~/.sbt'],
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['*.sbt', '*.scala', 'build.properties'],
  writes: ['target'],
};
