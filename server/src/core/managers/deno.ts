import type { ContextSnapshot } from '../workspace.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { collector, remembered } from './collect.ts';
import { parseJson, stringAt, stringsAt } from './documents.ts';
import { inHome, movedBy } from './locations.ts';
import type { Action, CacheLocation, Call, InstallInputs, Manager } from './manager.ts';
import { resolve } from './paths.ts';

const options = syntax(
  '-c --config --import-map --lock --cert --location -L --log-level --node-modules-dir --root -n --name -o --output',
);
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);

function action(call: Call): Action | undefined {
  const args = argsOf(call);
  const { subcommand, operands } = args;
  if (subcommand === 'install' || subcommand === 'i') return args.has('-g', '--global') ? 'self' : 'install';
  if (subcommand === 'add') return 'install';
  if (subcommand === 'cache') return operands.length > 1 ? 'build' : undefined;
  if (subcommand === 'compile' || subcommand === 'check') return 'build';
  return subcommand === 'clean' ? 'clean' : undefined;
}

/** What is there is run from there: the official images set DENO_DIR=/deno-dir. Source: docs.deno.com, environment variables. */
const caches = (call: Call): CacheLocation[] => {
  const kind = { class: 'B', sharing: 'shared' } as const;
  return [
    movedBy(
      call,
      [
        ['DENO_DIR', ''],
        ['XDG_CACHE_HOME', '/deno'],
      ],
      kind,
    ) ?? inHome(call, '.cache/deno', kind),
  ];
};

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const args = argsOf(call);
  const collect = collector(context);
  if (action(call) === 'self') return collect.result();
  const found = ['deno.json', 'deno.jsonc', 'package.json'].filter((name) =>
    collect.optional(resolve(directory, name)),
  );
  for (const name of ['deno.lock', '.npmrc']) collect.optional(resolve(directory, name));
  const config = found.find((name) => name !== 'package.json');
  if (found.length === 0) collect.required(resolve(directory, 'deno.json'), 'deno');
  if (config) collectConfig(collect, directory, config);
  for (const { value, text } of args.operands.slice(1))
    if (value === undefined || /\.[cm]?[jt]sx?$/.test(value))
      collect.obstacle(`deno reads its entry points (${value ?? text}) and all that they import.`);
  return collect.result();
}

/** deno.jsonc may hold comments; what cannot be read may name more files. */
function collectConfig(collect: ReturnType<typeof collector>, directory: string, name: string): void {
  const path = resolve(directory, name);
  const json = parseJson((collect.text(path) ?? '').replace(/^[ \t]*\/\/.*$/gm, ''));
  if (!json) {
    collect.obstacle(`${path} could not be read, so what it asks for is not known.`);
    return;
  }
  const map = stringAt(json, 'importMap');
  if (map !== undefined && !/^https?:/.test(map)) collect.required(resolve(directory, map), 'deno');
  if (stringsAt(json, 'links').length + stringsAt(json, 'patch').length > 0)
    collect.obstacle(`${path} links packages that are folders of the project.`);
  for (const member of [...stringsAt(json, 'workspace'), ...stringsAt(json, 'workspace', 'members')]) {
    if (/[*?[{]/.test(member)) collect.obstacle(`${path} names its workspace by the pattern ${member}.`);
    for (const each of ['deno.json', 'deno.jsonc', 'package.json'])
      collect.optional(resolve(directory, `${member}/${each}`));
  }
}

export const deno: Manager = {
  id: 'deno',
  title: 'deno',
  programs: ['deno'],
  action,
  caches,
  defeaters: () => [],
  kept: ['/deno-dir', '~/.cache/deno'],
  isLocked: (call) => argsOf(call).has('--frozen'),
  lock(call, { directory, context }) {
    const path = resolve(directory, 'deno.lock');
    return action(call) === 'install'
      ? { file: context.get(path) ? path : undefined, form: 'deno install --frozen' }
      : undefined;
  },
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['deno.json', 'deno.jsonc', 'package.json'],
  writes: ['node_modules'],
};
