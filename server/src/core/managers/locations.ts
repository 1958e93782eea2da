import { ancestors, type Step } from '../build/graph.ts';
import { homeOf, settingOf } from './account.ts';
import type { Option } from './args.ts';
import { baseImage } from './images.ts';
import type { CacheLocation, Call } from './manager.ts';
import { normalize, resolve } from './paths.ts';

type Kind = Pick<CacheLocation, 'class' | 'sharing' | 'compiled'>;

/** A place in the home of the user who runs the call. */
export function inHome(call: Call, path: string, kind: Kind): CacheLocation {
  const home = homeOf(call);
  return home.path === undefined
    ? { path: undefined, reason: `The cache lies in the user's home, and ${home.reason}.`, ...kind }
    : { path: normalize(`${home.path}/${path}`), ...kind };
}

/** A fixed place, or one relative to the call's working directory; not known where that is not. */
export function place(call: Call, path: string | undefined, kind: Kind): CacheLocation {
  if (path === undefined)
    return { path: undefined, reason: 'The path of the cache depends on a value that is not known.', ...kind };
  if (/^\/(dev|proc|sys)(\/|$)/.test(path))
    return { path: undefined, reason: `The cache is switched off: ${path} keeps nothing.`, ...kind };
  if (path.startsWith('~/')) return inHome(call, path.slice(2), kind);
  if (path.startsWith('/')) return { path: normalize(path), ...kind };
  return call.cwd === undefined || startsAnywhere(call.step, call.cwd)
    ? { path: undefined, reason: 'The directory it runs in is not known.', ...kind }
    : { path: resolve(call.cwd, path), ...kind };
}

/** Whether what works in `folder` works where its image says, which nobody here knows: no WORKDIR above it, and an image that is not known to have none. */
export const startsAnywhere = (step: Step, folder: string): boolean =>
  folder === '/' && !baseImage(step.stage).known && ![...ancestors(step)].some(({ keyword }) => keyword === 'WORKDIR');

/**
 * The place that the first of these variables gives (with the rest of the path behind it), undefined where none is set. A variable with an unknown value gives a place
 * that is not known.
 */
export function movedBy(
  call: Call,
  variables: readonly (readonly [name: string, rest: string])[],
  kind: Kind,
): CacheLocation | undefined {
  for (const [name, rest] of variables) {
    const setting = settingOf(call, name);
    if (!setting.known)
      return { path: undefined, reason: `The cache lies where ${name} says, and its value is not known.`, ...kind };
    if (setting.value) return place(call, `${setting.value.replace(/\/+$/, '')}${rest}`, kind);
  }
  return undefined;
}

/** A place that the image's own variables may move: not known in an image that nothing is known of. */
export function inKnownImage(call: Call, variable: string, location: CacheLocation): CacheLocation {
  const { known, repository } = baseImage(call.step.stage);
  if (known) return location;
  return {
    ...location,
    path: undefined,
    reason: `The cache lies where ${variable} says, and nothing is known of the image ${repository ?? 'it is built from'}.`,
  };
}

/** The directory that an option (`--prefix x`) moves a call to, the shell's where it is not given; undefined where it is not known. */
export function movedTo({ shellCwd }: Call, option: Option | undefined): string | undefined {
  if (!option) return shellCwd;
  if (option.value === undefined) return undefined;
  if (option.value.startsWith('/')) return normalize(option.value);
  return shellCwd === undefined ? undefined : resolve(shellCwd, option.value);
}
