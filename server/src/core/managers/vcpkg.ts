import type { ContextSnapshot } from '../workspace.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { collector, remembered } from './collect.ts';
import { parseJson, stringsAt } from './documents.ts';
import { inHome, movedBy } from './locations.ts';
import type { Action, Call, InstallInputs, Manager } from './manager.ts';
import { resolve } from './paths.ts';

const options = syntax(
  '--triplet --host-triplet --x-manifest-root --x-install-root --overlay-ports --overlay-triplets --vcpkg-root --downloads-root --binarysource --x-feature',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

/** Packages of the command line are vcpkg's classic mode, which reads nothing of the project. */
const action = (call: Call): Action | undefined => (argsOf(call).subcommand === 'install' ? 'install' : undefined);

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  if (args.operands.length === 1) {
    collect.required(resolve(directory, 'vcpkg.json'), 'vcpkg');
    const path = resolve(directory, 'vcpkg-configuration.json');
    const json = collect.optional(path) ? parseJson(collect.text(path) ?? '') : {};
    if (!json) collect.obstacle(`${path} could not be read, so what it asks for is not known.`);
    for (const folder of [...stringsAt(json, 'overlay-ports'), ...stringsAt(json, 'overlay-triplets')])
      collect.folder(resolve(directory, folder), path);
  }
  if (args.find('--overlay-ports', '--overlay-triplets'))
    collect.obstacle('vcpkg reads overlay ports that the command line names.');
  return collect.result();
}

export const vcpkg: Manager = {
  id: 'vcpkg',
  title: 'vcpkg',
  programs: ['vcpkg'],
  action,
  // Source: learn.microsoft.com/vcpkg/reference/binarycaching.
  caches: (call) => {
    const kind = { class: 'A', sharing: 'locked' } as const;
    return [
      movedBy(
        call,
        [
          ['VCPKG_DEFAULT_BINARY_CACHE', ''],
          ['XDG_CACHE_HOME', '/vcpkg/archives'],
        ],
        kind,
      ) ?? inHome(call, '.cache/vcpkg/archives', kind),
    ];
  },
  defeaters: () => [],
  kept: ['~/.cache/vcpkg'],
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['vcpkg.json', 'vcpkg-configuration.json'],
};
