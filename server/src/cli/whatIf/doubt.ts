import { type BuildGraph, imageName, mountFrom } from '../../core/build/graph.ts';
import { type BuildInput, modelOf } from '../../core/whatIf.ts';
import type { WhatIfArguments } from '../arguments.ts';
import { complain, type Io, UsageError } from '../io.ts';

/**
 * Says which part of the question changes nothing for want of a match: a bare "0 steps run again" would be believed.
 * @throws UsageError where there is nothing to build
 */
export function doubt(io: Io, { file, base, buildArgs }: WhatIfArguments, build: BuildInput): void {
  const { graph } = modelOf({ ...build, args: { ...build.args, ...buildArgs } });
  if (graph.stages.length === 0) throw new UsageError(`${file} has no FROM: nothing can be built from it`);
  if (!graph.target) throw new UsageError(`${file} has no stage ${build.target}`);
  const images = new Set(imagesOf(graph).map(imageName));
  for (const image of base)
    if (!images.has(imageName(image))) complain(io, `${image} is no image that ${file} starts or copies from`);
  const declared = new Set(
    graph.dockerfile.instructions
      .filter(({ keyword }) => keyword === 'ARG')
      .flatMap(({ properties }) => properties.map(({ name }) => name)),
  );
  for (const name of Object.keys(buildArgs))
    if (!declared.has(name) && !/^(BUILDKIT_\w+|SOURCE_DATE_EPOCH)$/.test(name))
      complain(io, `no ARG of ${file} declares ${name}: it is in no cache key`);
}

/** All images that a build starts from, copies from or mounts. */
const imagesOf = (graph: BuildGraph): string[] =>
  graph.stages.flatMap(({ base, steps }) => [
    ...(base.kind === 'image' ? [base.ref] : []),
    ...steps
      .flatMap((step) => [step.copy?.from, ...step.mounts.map((mount) => mountFrom(graph, step, mount))])
      .flatMap((from) => (from?.kind === 'image' ? [from.ref] : [])),
  ]);
