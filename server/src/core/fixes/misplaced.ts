import { ancestors, type Step } from '../build/graph.ts';
import { within } from '../cache/placement.ts';
import { baseImage } from '../managers/images.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { CacheLocation, Invocation, Manager } from '../managers/manager.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { isMounted } from './cacheMounts.ts';
import { type CacheMount, cacheMountsOf, cachesOf, overlap } from './mountUse.ts';

/** A cache mount where a package manager keeps its downloads elsewhere, but not here. */
export interface Misplaced {
  readonly mount: CacheMount;
  readonly invocation: Invocation;
  /** Where they are here. */
  readonly location: CacheLocation & { readonly path: string };
}

/** The place of a folder in a home, or the folder itself: `/.npm` for `~/.npm` and `/home/node/.npm`. */
const inAnyHome = (path: string): string => path.replace(/^(~|\/root|\/home\/[^/]+)(?=\/)/, '');

/** Folders that have the caches of many tools. */
const isGeneral = (path: string): boolean => /^\/(\.cache|\.local(\/share)?|tmp(\/cache)?)?$/.test(path);

/** Whether a mount's target is a folder in which a manager keeps its downloads somewhere. */
const isTypical = (manager: Manager, target: string): boolean =>
  manager.kept.map(inAnyHome).some((kept) => {
    const wanted = inAnyHome(target);
    const isInside = !isGeneral(kept) && (target.endsWith(kept) || target.includes(`${kept}/`));
    return isInside || (/^\/(\.|go$)/.test(wanted) && !isGeneral(wanted) && within(wanted, kept) !== undefined);
  });

/** Managers whose folder is known for certain only where a variable sets it, or that find the usual one through a link. */
const isUncertain = ({ manager, call }: Invocation, path: string): boolean =>
  (manager.id === 'composer' && path.endsWith('/.cache/composer')) ||
  // The image has a link from /root/.gradle to /home/gradle/.gradle.
  (manager.id === 'gradle' && baseImage(call.step.stage).repository === 'gradle');

const names = (text: string, path: string): boolean => {
  const rest = inAnyHome(path);
  return (
    text.includes(path) ||
    (rest !== path && /(~|\$HOME|\$\{HOME\})$/.test(text.split(rest, 1)[0] ?? '') && text.includes(rest))
  );
};

const scriptText = ({ instruction }: Step): string =>
  [instruction.rest.text, ...instruction.heredocs.map(({ body }) => body)].join('\n');

/** Whether a script so far speaks of the place, or a variable of the mount: that may make the one the other, by a setting or a link. */
const isSpokenOf = (step: Step, target: string, place: string): boolean =>
  step.environment.variables.some(({ text }) => text.includes(target)) ||
  [...ancestors(step), step].some(
    (each) =>
      each.keyword === 'RUN' &&
      (each.script?.complete !== true || names(scriptText(each), target) || names(scriptText(each), place)),
  );

/** The mounts of a RUN that no call of it uses, although they are meant for one. */
export function misplacedMounts(step: Step, context: ContextSnapshot | undefined): Misplaced[] {
  const mounts = cacheMountsOf(step);
  if (mounts.length === 0 || !baseImage(step.stage).known) return [];
  const uses = invocationsOf(step)
    .filter(({ action }) => action !== 'clean')
    .map((invocation) => ({ invocation, locations: cachesOf(invocation, context) }));
  const isUsed = ({ target }: CacheMount): boolean =>
    uses.some(({ locations }) => locations.some(({ path }) => path === undefined || overlap(path, target)));
  return mounts
    .filter((mount) => !isUsed(mount))
    .flatMap((mount) => {
      const use = uses.find(({ invocation }) => isTypical(invocation.manager, mount.target));
      const location = use && wanted(step, mount, use.locations);
      if (!use || !location || isUncertain(use.invocation, location.path)) return [];
      return isSpokenOf(step, mount.target, location.path) ? [] : [{ mount, invocation: use.invocation, location }];
    });
}

/** The one place without a mount that the mount can be meant for: the only one, or the one that ends alike. */
function wanted(
  step: Step,
  { target }: CacheMount,
  locations: readonly CacheLocation[],
): (CacheLocation & { readonly path: string }) | undefined {
  const open = locations.flatMap((location) =>
    location.path !== undefined && !isMounted(step, location.path) ? [{ ...location, path: location.path }] : [],
  );
  if (open.length < 2) return open[0];
  const alike = open.filter(
    ({ path }) => target.endsWith(inAnyHome(path)) || path.split('/').at(-1) === target.split('/').at(-1),
  );
  return alike.length === 1 ? alike[0] : undefined;
}
