import { ancestors, type BuildGraph, familyOf, rootOf, type Stage, type Step } from '../build/graph.ts';
import { destinationOf, within } from '../cache/placement.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { CacheLocation, Invocation, Manager } from '../managers/manager.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { type CacheMount, cacheMountsOf, cachesOf, overlap } from './mountUse.ts';

/** Calls that lack a mount which an earlier RUN put over the place where their packages are installed. */
export interface UnmountedReaders {
  readonly manager: Manager;
  /** The mounts of the earlier RUN, each with the place that it covers. */
  readonly mounts: readonly {
    readonly mount: CacheMount;
    readonly location: CacheLocation & { readonly path: string };
  }[];
  /** In order, of all stages that stand on that RUN; at least one. */
  readonly readers: readonly Invocation[];
}

const uses = new Set(['install', 'fetch', 'build', 'consume']);

const known = new WeakMap<Stage, readonly UnmountedReaders[]>();

/**
 * The RUNs of each manager that miss what an earlier RUN left in a cache mount, in all stages that stand on the same one as `stage`. Found once
 * per graph: an analysis has one context.
 */
export function unmountedReaders(
  graph: BuildGraph,
  stage: Stage,
  context: ContextSnapshot | undefined,
): readonly UnmountedReaders[] {
  const root = rootOf(stage);
  const found = known.get(root) ?? find(familyOf(graph, root), context);
  known.set(root, found);
  return found;
}

function find(stages: readonly Stage[], context: ContextSnapshot | undefined): UnmountedReaders[] {
  const steps = stages.flatMap((stage) => stage.steps);
  const runs = steps.filter(({ keyword, fromOnbuild }) => keyword === 'RUN' && !fromOnbuild);
  const told = new Set<Invocation>();
  return runs.flatMap((step) =>
    [...new Set(invocationsOf(step).map(({ manager }) => manager))].flatMap((manager) => {
      const found = readersOf(steps, step, manager, context);
      const isNew = found?.readers.every((reader) => !told.has(reader));
      for (const reader of found?.readers ?? []) told.add(reader);
      return found && isNew ? [found] : [];
    }),
  );
}

function readersOf(
  steps: readonly Step[],
  step: Step,
  manager: Manager,
  context: ContextSnapshot | undefined,
): UnmountedReaders | undefined {
  const writers = invocationsOf(step).filter((each) => each.manager === manager && uses.has(each.action));
  const mounts = cacheMountsOf(step).flatMap((mount) => {
    const location = writers
      .flatMap((each) => cachesOf(each, context))
      .find((each) => each.class === 'B' && each.path !== undefined && within(mount.target, each.path) !== undefined);
    return location?.path === undefined ? [] : [{ mount, location: { ...location, path: location.path } }];
  });
  if (mounts.length === 0) return undefined;
  const paths = mounts.map(({ location }) => location.path);
  const readers = steps
    .slice(steps.indexOf(step) + 1)
    .filter((later) => isBare(later, paths) && [...ancestors(later)].includes(step) && !isFilled(step, later, paths))
    .flatMap((later) => invocationsOf(later).find((each) => reads(each, manager, paths, context)) ?? []);
  return readers.length > 0 ? { manager, mounts, readers } : undefined;
}

const reads = (
  invocation: Invocation,
  manager: Manager,
  paths: readonly string[],
  context: ContextSnapshot | undefined,
): boolean =>
  invocation.manager === manager &&
  uses.has(invocation.action) &&
  cachesOf(invocation, context).some(({ path }) => path !== undefined && paths.includes(path));

/** Whether no mount of the step, of whatever kind, lies at one of the places. */
const isBare = ({ keyword, fromOnbuild, mounts }: Step, paths: readonly string[]): boolean =>
  keyword === 'RUN' &&
  !fromOnbuild &&
  !mounts.some(({ target }) => target === undefined || paths.some((path) => overlap(target, path)));

/** Whether a COPY between the two steps brings the packages. */
const isFilled = (first: Step, last: Step, paths: readonly string[]): boolean => {
  const between = [...ancestors(last)];
  return between.slice(between.indexOf(first)).some((step) => {
    const destination = destinationOf(step);
    return destination !== undefined && destination !== '/' && paths.some((path) => overlap(destination, path));
  });
};
