import type { ContextSnapshot } from '../workspace.ts';
import { type Arguments, parseArgs, syntax } from './args.ts';
import { collector, filesIn, remembered } from './collect.ts';
import { commandDefeater } from './defeaters.ts';
import { inHome, movedBy } from './locations.ts';
import type { Action, Call, InstallInputs, Manager } from './manager.ts';
import { dirname, resolve } from './paths.ts';

const options = syntax('-j --jobs --switch --root --repos --packages --solver --criteria');
const argsOf = (call: Call): Arguments => parseArgs(call.args, options);
const onlyDependencies = (call: Call): boolean => argsOf(call).has('--deps-only', '--depext-only');
const namesProject = (call: Call): boolean =>
  argsOf(call)
    .operands.slice(1)
    .some(({ value, text }) => /^\.|\.opam$/.test(value ?? text));

function action(call: Call): Action | undefined {
  const { subcommand } = argsOf(call);
  if (subcommand === 'update') return 'index';
  if (subcommand === 'clean') return 'clean';
  return subcommand === 'install' ? (namesProject(call) ? 'install' : 'self') : undefined;
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const collect = collector(context);
  if (!namesProject(call)) return collect.result();
  const found = filesIn(context, directory).filter(
    (path) =>
      /\.opam(\.locked|\.template)?$/.test(path) && [directory, resolve(directory, 'opam')].includes(dirname(path)),
  );
  for (const path of found) collect.optional(path);
  if (found.length === 0) collect.required(resolve(directory, 'project.opam'), 'opam');
  if (!onlyDependencies(call)) {
    collect.installsProject();
    collect.obstacle('`opam install` builds the sources of the project.');
  }
  return collect.result();
}

/** OCaml's packages. Source: opam.ocaml.org/doc/Manual.html, OPAMROOT. */
export const opam: Manager = {
  id: 'opam',
  title: 'opam',
  programs: ['opam'],
  action,
  caches: (call) => {
    const kind = { class: 'A', sharing: 'locked' } as const;
    return [movedBy(call, [['OPAMROOT', '/download-cache']], kind) ?? inHome(call, '.opam/download-cache', kind)];
  },
  defeaters: (call) => (action(call) === 'clean' ? [commandDefeater(call)] : []),
  kept: ['~/.opam/download-cache'],
  isLocked: (call) => argsOf(call).has('--locked'),
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['*.opam'],
};
