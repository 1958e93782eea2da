import type { ContextSnapshot } from '../../workspace.ts';
import { parseYaml, stringAt, type Table } from '../documents.ts';
import type { Call } from '../manager.ts';
import { parents, resolve } from '../paths.ts';
import { packageAt } from './packageJson.ts';

export type YarnKind = 'classic' | 'berry';

/** `.yarnrc.yml` of a folder; undefined where there is none. */
export function yarnrc(context: ContextSnapshot, directory: string): Table | undefined {
  const path = resolve(directory, '.yarnrc.yml');
  return context.get(path) ? (parseYaml(context.text(path) ?? '') ?? {}) : undefined;
}

/** Major version of yarn that a project names: `packageManager`, or the release that `.yarnrc.yml` starts. */
export function yarnMajor(context: ContextSnapshot, directory: string): number | undefined {
  const named = /^yarn@(\d+)/.exec(stringAt(packageAt(context, directory)?.json, 'packageManager') ?? '')?.[1];
  const release = /yarn-(\d+)\.[\w.-]*c?js$/.exec(stringAt(yarnrc(context, directory), 'yarnPath') ?? '')?.[1];
  const major = release ?? named;
  return major === undefined ? undefined : Number(major);
}

/** Which yarn a project uses: what it names, else the header of its lock file; undefined where nothing tells. */
export function yarnKindOf(context: ContextSnapshot, directory: string): YarnKind | undefined {
  const major = yarnMajor(context, directory);
  if (major !== undefined) return major >= 2 ? 'berry' : 'classic';
  for (const folder of [directory, ...parents(directory)]) {
    const lock = context.text(resolve(folder, 'yarn.lock'));
    if (lock !== undefined && /^__metadata:/m.test(lock)) return 'berry';
    if (lock?.includes('yarn lockfile v1')) return 'classic';
  }
  return yarnrc(context, directory) ? 'berry' : undefined;
}

/** What a call itself tells: options that only one of the two knows. */
export function yarnKindOfCall({ args }: Call): YarnKind | undefined {
  const words = args.map(({ text }) => text);
  if (
    words.some((word) => /^--(immutable|immutable-cache|check-cache|inline-builds|mode=)/.test(word)) ||
    words.includes('focus')
  )
    return 'berry';
  return words.some((word) =>
    /^--(pure-lockfile|non-interactive|network-timeout|prefer-offline|ignore-engines|ignore-optional|production|prod|cache-folder|network-concurrency|ignore-platform|no-progress|link-duplicates)/.test(
      word,
    ),
  )
    ? 'classic'
    : undefined;
}
