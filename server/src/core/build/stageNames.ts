import type { BuildOptions, CopyFrom, Mount, Stage, Step } from './graph.ts';
import { contextName } from './imageName.ts';

/** The stage of that name above the stage `before`; the nearest where a name is used twice. */
export function stageNamed(stages: readonly Stage[], name: string, before: number): Stage | undefined {
  const key = name.toLowerCase();
  return stages.findLast((stage) => stage.index < before && stage.key === key);
}

/** Whether `--build-context` gives this name: it then goes before stages and images. */
export const isNamedContext = ({ namedContexts }: BuildOptions, name: string): boolean =>
  namedContexts?.some((context) => context.toLowerCase() === name.toLowerCase() || context === contextName(name)) ??
  false;

/** What a name after `--from=` or `from=` means in the stage number `before`. Only COPY takes numbers. */
export function resolveFrom(
  name: string,
  stages: readonly Stage[],
  before: number,
  options: BuildOptions,
  numbers: boolean,
): CopyFrom {
  const numbered = numbers && /^\d+$/.test(name) ? stages[Number(name)] : undefined;
  const stage = numbered && numbered.index < before ? numbered : stageNamed(stages, name, before);
  if (stage) return { kind: 'stage', stage };
  return isNamedContext(options, name) ? { kind: 'context', name } : { kind: 'image', ref: name };
}

/** Where a bind or cache mount takes its files from; undefined for the build context, an empty cache and mounts without files. */
export function mountFrom(
  graph: { readonly stages: readonly Stage[]; readonly options: BuildOptions },
  step: Step,
  { type, from }: Mount,
): CopyFrom | undefined {
  if (!from || (type !== 'bind' && type !== 'cache')) return undefined;
  return resolveFrom(from, graph.stages, step.stage.index, graph.options, false);
}
