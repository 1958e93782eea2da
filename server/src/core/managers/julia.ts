import type { ContextSnapshot } from '../workspace.ts';
import { collector, remembered } from './collect.ts';
import { parseToml } from './documents.ts';
import { inHome, movedBy } from './locations.ts';
import type { Action, Call, InstallInputs, Manager } from './manager.ts';
import { resolve } from './paths.ts';

const code = ({ args }: Call): string => args.map(({ value, text }) => value ?? text).join(' ');

function action(call: Call): Action | undefined {
  if (/Pkg\.(instantiate|resolve|update)\s*\(/.test(code(call))) return 'install';
  return /Pkg\.add\s*\(/.test(code(call)) ? 'self' : undefined;
}

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const collect = collector(context);
  if (action(call) === 'self') return collect.result();
  const path =
    ['JuliaProject.toml', 'Project.toml'].map((name) => resolve(directory, name)).find((each) => context.get(each)) ??
    resolve(directory, 'Project.toml');
  const isThere = collect.required(path, 'julia');
  for (const name of ['Manifest.toml', 'JuliaManifest.toml', 'LocalPreferences.toml'])
    collect.optional(resolve(directory, name));
  const table = isThere ? parseToml(collect.text(path) ?? '') : undefined;
  if (isThere && !table) collect.obstacle(`${path} is not valid TOML, so what the install reads is not known.`);
  if (table?.uuid !== undefined) {
    collect.installsProject();
    collect.obstacle(`${path} is a package, which julia compiles with its sources.`);
  }
  const manifest = context.text(resolve(directory, 'Manifest.toml')) ?? '';
  if (/^[ \t]*path\s*=/m.test(manifest))
    collect.obstacle(`${resolve(directory, 'Manifest.toml')} has packages that are folders of the project.`);
  if (/\binclude\s*\(/.test(code(call))) collect.obstacle('The call of julia runs other files of the project.');
  return collect.result();
}

/** Julia's packages; what is installed is run from there. Source: docs.julialang.org, JULIA_DEPOT_PATH. */
export const julia: Manager = {
  id: 'julia',
  title: 'julia',
  programs: ['julia'],
  action,
  caches: (call) => {
    const kind = { class: 'B', sharing: 'locked' } as const;
    return [movedBy(call, [['JULIA_DEPOT_PATH', '']], kind) ?? inHome(call, '.julia', kind)];
  },
  defeaters: () => [],
  kept: ['~/.julia'],
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['Project.toml', 'JuliaProject.toml', 'Manifest.toml'],
};
