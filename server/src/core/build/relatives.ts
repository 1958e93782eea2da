import { perObject } from '../syntax/memo.ts';
import type { BuildGraph, Stage, StageSources } from './graph.ts';

/** The stages, and all that are named for them, for those and so on. */
export function stagesFrom(stages: Iterable<Stage>, named: StageSources): Set<Stage> {
  const found = new Set(stages);
  for (const stage of found) for (const next of named.get(stage) ?? []) found.add(next);
  return found;
}

/**
 * The stages that have to do with a stage, itself among them: those built on the same stage, all whose files reach one of these, and all that
 * the files of one of these reach; and those above it on another image, as apt's package lists are kept apart by it.
 */
export function relativesIn({ stages, sources }: BuildGraph): (stage: Stage) => ReadonlySet<Stage> {
  const users = usersIn(sources);
  const families = byRoot(stages);
  return (stage) => {
    const family = families.get(rootOf(stage)) ?? [];
    const others = stages.slice(0, stage.index).filter((other) => !hasSameImage(other, stage));
    return new Set([...stagesFrom(family, sources), ...stagesFrom(family, users), ...others]);
  };
}

function usersIn(sources: StageSources): StageSources {
  const users = new Map<Stage, Set<Stage>>();
  for (const [stage, used] of sources)
    for (const source of used) users.set(source, (users.get(source) ?? new Set<Stage>()).add(stage));
  return users;
}

const roots = new WeakMap<Stage, Stage>();

/** The stage at the bottom of the chain of FROMs. Remembered, as a chain may be long. */
export function rootOf(stage: Stage): Stage {
  let root = stage;
  while (root.base.kind === 'stage') root = roots.get(root) ?? root.base.stage;
  roots.set(stage, root);
  return root;
}

/** Stages by the one that they stand on, in their order. */
function byRoot(stages: readonly Stage[]): ReadonlyMap<Stage, readonly Stage[]> {
  const families = new Map<Stage, Stage[]>();
  for (const stage of stages) {
    const root = rootOf(stage);
    const family = families.get(root);
    if (family) family.push(stage);
    else families.set(root, [stage]);
  }
  return families;
}

const familiesOf = perObject((graph: BuildGraph) => byRoot(graph.stages.filter((stage) => graph.reachable.has(stage))));

/** The stages that stand on the same one at the bottom, itself among them, as far as a build may run them; in file order. */
export const familyOf = (graph: BuildGraph, stage: Stage): readonly Stage[] =>
  familiesOf(graph).get(rootOf(stage)) ?? [];

const hasSameImage = (a: Stage, b: Stage): boolean => a.image === b.image && a.platform === b.platform;
