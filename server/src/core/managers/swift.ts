import type { ContextSnapshot } from '../workspace.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { collector, remembered } from './collect.ts';
import { movedTo, place } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager } from './manager.ts';
import { resolve } from './paths.ts';

const options = syntax(
  '--package-path --scratch-path --build-path --cache-path -c --configuration --product --target -Xswiftc -Xcc -Xlinker --triple --swift-sdk -j --jobs',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const { subcommand, operands } = argsOf(call);
  if (subcommand === 'build' || subcommand === 'test' || subcommand === 'run') return 'build';
  if (subcommand !== 'package') return undefined;
  const second = operands[1]?.value ?? '';
  if (/^(clean|reset|purge-cache)$/.test(second)) return 'clean';
  return second === 'resolve' || second === 'update' ? 'fetch' : undefined;
}

/** What `resolve` wrote into .build a mount hides: one and the same mount for all. */
function caches(call: Call): CacheLocation[] {
  const option = argsOf(call).find('--scratch-path', '--build-path');
  return [place(call, option ? option.value : '.build', { class: 'C', sharing: 'locked' })];
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const collect = collector(context);
  const path = resolve(directory, 'Package.swift');
  collect.optional(resolve(directory, 'Package.resolved'));
  if (collect.required(path, 'swift')) {
    const text = collect.text(path) ?? '';
    if (/\.package\(\s*(name:\s*"[^"\n]*"\s*,\s*)?path:/.test(text))
      collect.obstacle(`${path} has packages that are folders of the project.`);
    if (/FileManager|contentsOf|Process\(|Context\.packageDirectory/.test(text))
      collect.obstacle(`${path} reads other files while it is evaluated.`);
  }
  if (action(call) === 'build') {
    collect.installsProject();
    collect.obstacle(`\`swift ${argsOf(call).subcommand}\` builds the sources of the project.`);
  }
  return collect.result();
}

export const swift: Manager = {
  id: 'swift',
  title: 'swift',
  programs: ['swift'],
  action,
  caches,
  // Build output: emptying it is no cache matter.
  defeaters: () => [],
  kept: [],
  directory: (call) => movedTo(call, argsOf(call).find('--package-path')),
  isLocked: (call) => argsOf(call).operands[1]?.value === 'resolve',
  lock(call, { directory, context }) {
    const path = resolve(directory, 'Package.resolved');
    return action(call) === 'fetch'
      ? { file: context.get(path) ? path : undefined, form: 'swift package resolve' }
      : undefined;
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['Package.swift'],
  writes: ['.build'],
};
