import {
  ancestors,
  type BuildGraph,
  type CopyFrom,
  mountFrom,
  reachableStages,
  type Step,
  standsOn,
} from '../build/graph.ts';
import { mentions } from '../cache/mentions.ts';
import { absolute, within } from '../cache/placement.ts';
import { callsOf } from '../managers/calls.ts';
import { invocationsByCommand, invocationsOf } from '../managers/invocations.ts';
import type { Call } from '../managers/manager.ts';
import { baseName } from '../syntax/path.ts';

/**
 * A step that needs the folders themselves in the layers that the steps make, which are of one stage: it copies them from there, or a command
 * names them, in the same RUN or a later one. `paths` are absolute.
 */
export function cacheReader(graph: BuildGraph, steps: readonly Step[], paths: readonly string[]): Step | undefined {
  const [first] = steps;
  for (const stage of first ? reachableStages(graph) : [])
    for (const later of stage.steps)
      if (first && later.operation && (readsThem(graph, later, first, paths) || missesThem(later, first, steps)))
        return later;
  return undefined;
}

function readsThem(graph: BuildGraph, later: Step, first: Step, paths: readonly string[]): boolean {
  const holdsThem = (from: CopyFrom | undefined): boolean =>
    from?.kind === 'stage' && standsOn(from.stage, first.stage);
  const { copy } = later;
  if (copy)
    return (
      holdsThem(copy.from) &&
      (copy.sources.some(({ text }) => areNeeded(absolute(text), paths)) || mayNameThem(later, paths))
    );
  if (later.keyword !== 'RUN') return false;
  const binds = later.mounts.filter((mount) => mount.type === 'bind' && holdsThem(mountFrom(graph, later, mount)));
  if (binds.some(({ source }) => areNeeded(absolute(source ?? '/'), paths))) return true;
  const isBehind = standsOn(later.stage, first.stage) && (later.stage !== first.stage || later.index >= first.index);
  return isBehind && namesThem(later, paths);
}

/** Whether a variable of a COPY holds one of the paths in some builds: `ENV DIR=${SOURCES:+/usr/local/cargo/registry}`. */
const mayNameThem = (copy: Step, paths: readonly string[]): boolean =>
  copy.instruction.rest.text.includes('$') &&
  [...ancestors(copy)].some(({ instruction }) =>
    instruction.properties.some(
      ({ name, value }) =>
        value?.includes('$') &&
        mentions(copy.instruction.rest.text, name) &&
        paths.some((path) => value.includes(path)),
    ),
  );

function namesThem(later: Step, paths: readonly string[]): boolean {
  const invocations = invocationsByCommand(later);
  return callsOf(later).some((call) => {
    const invocation = invocations.get(call.command);
    if (invocation?.action === 'clean' || removesIfThere(call)) return false;
    // `npm ci --cache /root/.npm`: where it keeps its cache, which may be empty.
    const own = new Set(invocation?.manager.caches(call).map(({ path }) => path));
    return call.args.some(
      ({ value }) => value?.startsWith('/') && !own.has(absolute(value)) && areNeeded(absolute(value), paths),
    );
  });
}

/** Whether a later RUN empties the cache of a manager that is at work in the first one, and fails where it finds nothing there. */
function missesThem(later: Step, first: Step, steps: readonly Step[]): boolean {
  const isBehind = standsOn(later.stage, first.stage) && (later.stage !== first.stage || later.index > first.index);
  if (later.keyword !== 'RUN' || steps.includes(later) || !isBehind) return false;
  return invocationsOf(later).some(
    ({ manager, action, call }) =>
      action === 'clean' &&
      call.program === 'rm' &&
      !removesIfThere(call) &&
      call.command.unconditional &&
      invocationsOf(first).some((each) => each.manager === manager),
  );
}

const areNeeded = (source: string, paths: readonly string[]): boolean => paths.some((path) => isNeeded(source, path));

/** The cache, something in it, or a hidden folder around it that nothing else may have made: `/root/.cache` of `/root/.cache/pip`. */
const isNeeded = (source: string, path: string): boolean =>
  within(path, source) !== undefined || (baseName(source).startsWith('.') && within(source, path) !== undefined);

const removesIfThere = ({ program, args }: Call): boolean =>
  program === 'rm' && args.some(({ text }) => /^(-[a-zA-Z]*f|--force$)/.test(text));
