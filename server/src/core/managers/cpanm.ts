import type { ContextSnapshot } from '../workspace.ts';
import { collector, remembered } from './collect.ts';
import type { Call, InstallInputs, Manager } from './manager.ts';
import { resolve } from './paths.ts';

const wordsOf = ({ args }: Call): string[] => args.map(({ value, text }) => value ?? text);
const isCarton = ({ program }: Call): boolean => program === 'carton';

function inputs(call: Call, directory: string, context: ContextSnapshot): InstallInputs {
  const collect = collector(context);
  const words = wordsOf(call);
  const names = words.filter((word) => !word.startsWith('-'));
  if (!isCarton(call) && !names.some((name) => /^\.{0,2}\/|^\.$/.test(name))) return collect.result();
  const path = resolve(directory, 'cpanfile');
  collect.optional(resolve(directory, 'cpanfile.snapshot'));
  if (collect.optional(path)) {
    if (/\b(require|do)\s+["'.]|\bopen\b|\bqx\b|`/.test(collect.text(path) ?? ''))
      collect.obstacle(`${path} reads other files while it is evaluated.`);
  } else collect.obstacle('cpanm runs the build script of the project to learn what it needs.');
  if (!isCarton(call) && !words.includes('--installdeps')) {
    collect.installsProject();
    collect.obstacle('`cpanm .` installs the project itself, which needs its sources.');
  }
  return collect.result();
}

/** Perl's packages. What they download is in the folder they build in, which is no cache to share. */
export const cpanm: Manager = {
  id: 'cpanm',
  title: 'cpanm',
  programs: ['cpanm', 'carton'],
  action: (call) => {
    if (isCarton(call)) return wordsOf(call)[0] === 'install' ? 'install' : undefined;
    return wordsOf(call).some((word) => !word.startsWith('-')) ? 'install' : undefined;
  },
  caches: () => [],
  defeaters: () => [],
  kept: [],
  isLocked: (call) => isCarton(call) && wordsOf(call).includes('--deployment'),
  inputs: (call, directory, context) =>
    remembered(call, directory, context, [], () => inputs(call, directory, context)),
  manifests: ['cpanfile'],
};
