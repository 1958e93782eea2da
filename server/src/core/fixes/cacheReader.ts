import { ancestors, type BuildGraph, mountFrom, type Stage, type Step, stageAncestors } from '../build/graph.ts';
import { absolute, baseName, within } from '../cache/placement.ts';
import { callsOf } from '../managers/calls.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Call } from '../managers/manager.ts';

/**
 * A step that needs the folders themselves in the layers that the steps make: it copies them from there, or a command names them, in the same RUN or a later one.
 * `paths` are absolute.
 */
export const cacheReader = (graph: BuildGraph, steps: readonly Step[], paths: readonly string[]): Step | undefined =>
  graph.stages
    .filter((stage) => graph.reachable.has(stage))
    .flatMap((stage) => stage.steps)
    .find((later) => copiesThem(graph, later, steps, paths) || namesThem(later, steps, paths));

function copiesThem(graph: BuildGraph, later: Step, steps: readonly Step[], paths: readonly string[]): boolean {
  const holdsThem = (stage: Stage): boolean =>
    [...stageAncestors(stage), ...stage.steps].some((step) => steps.includes(step));
  const { copy } = later;
  if (copy?.from?.kind === 'stage' && holdsThem(copy.from.stage))
    return copy.sources.some(({ text }) => paths.some((path) => isNeeded(absolute(text), path)));
  return later.mounts.some((mount) => {
    const from = mount.type === 'bind' ? mountFrom(graph, later, mount) : undefined;
    const source = absolute(mount.source ?? '/');
    return from?.kind === 'stage' && holdsThem(from.stage) && paths.some((path) => isNeeded(source, path));
  });
}

/** The cache, something in it, or a hidden folder around it that nothing else may have made: `/root/.cache` of `/root/.cache/pip`. */
const isNeeded = (source: string, path: string): boolean =>
  within(path, source) !== undefined || (baseName(source).startsWith('.') && within(source, path) !== undefined);

function namesThem(later: Step, steps: readonly Step[], paths: readonly string[]): boolean {
  if (later.keyword !== 'RUN') return false;
  const cleanups = new Set(invocationsOf(later).flatMap(({ action, call }) => (action === 'clean' ? [call] : [])));
  const names = callsOf(later).some(
    (call) => !cleanups.has(call) && !removesIfThere(call) && call.args.some(({ value }) => isIn(value, paths)),
  );
  return names && [...ancestors(later), later].some((step) => steps.includes(step));
}

const isIn = (value: string | undefined, paths: readonly string[]): boolean =>
  value?.startsWith('/') === true && paths.some((path) => isNeeded(absolute(value), path));

const removesIfThere = ({ program, args }: Call): boolean =>
  program === 'rm' && args.some(({ text }) => /^(-[a-zA-Z]*f|--force$)/.test(text));
