import type { ContextSnapshot } from '../workspace.ts';
import { collector, remembered } from './collect.ts';
import { inHome } from './locations.ts';
import type { Action, Call, InstallInputs, Manager } from './manager.ts';
import { resolve } from './paths.ts';

const tasksOf = ({ args }: Call): string[] => args.map(({ value, text }) => value ?? text);

function action(call: Call): Action | undefined {
  const tasks = tasksOf(call);
  if (tasks.includes('deps')) return 'fetch';
  return tasks.some((task) => /^(uberjar|jar|compile|install|test|run|ring|cljsbuild)$/.test(task))
    ? 'build'
    : undefined;
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const collect = collector(context);
  const path = resolve(directory, 'project.clj');
  collect.optional(resolve(directory, 'profiles.clj'));
  if (collect.required(path, 'lein') && /\b(slurp|shell\/sh|clojure\.java\.io)\b|~\(/.test(collect.text(path) ?? ''))
    collect.obstacle(`${path} reads files or starts programs while it is evaluated.`);
  if (action(call) === 'build') {
    collect.installsProject();
    collect.obstacle(`\`lein ${tasksOf(call).join(' ')}\` builds the sources of the project.`);
  }
  return collect.result();
}

/** Leiningen keeps its packages where Maven does. */
export const lein: Manager = {
  id: 'lein',
  title: 'lein',
  programs: ['lein'],
  action,
  caches: (call) => [inHome(call, '.m2/repository', { class: 'B', sharing: 'locked' })],
  defeaters: () => [],
  kept: ['~/.m2'],
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['project.clj'],
};
