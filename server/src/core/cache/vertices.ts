import { buildArg, targetPlatform } from '../build/globals.ts';
import {
  type Base,
  type BuildGraph,
  type CopyFrom,
  imageName,
  type Mount,
  mountFrom,
  reachableStages,
  type Stage,
  type Step,
} from '../build/graph.ts';
import { cleanPath } from '../build/paths.ts';
import { copyOperation, deduped } from './copyDefinition.ts';
import { type ContentInput, definition, type Selector, type Source, type Vertex } from './definition.ts';
import { mergesLinks } from './link.ts';
import type { Builder, Model } from './model.ts';
import { type MountInput, mountInputs, sameSource } from './mountDefinition.ts';
import { runDefinition } from './runDefinition.ts';

/** The operations of a step: two for a `COPY --link`, whose copy stands on nothing and is then laid over what is before it. */
export interface StepVertices {
  readonly step: Step;
  readonly main: Vertex;
  readonly link: Vertex | undefined;
}

/** The operations that a build executes, in file order, each stage's parents and sources before it. */
export function verticesOf({
  graph,
  builder,
  contexts,
}: Pick<Model, 'graph' | 'builder' | 'contexts'>): StepVertices[] {
  const build: Build = { graph, builder, contexts, images: new Map(), ends: new Map() };
  return reachableStages(graph).flatMap((stage) => stageVertices(build, stage));
}

interface Build {
  readonly graph: BuildGraph;
  readonly builder: Builder;
  readonly contexts: Model['contexts'];
  readonly images: Map<string, Vertex>;
  /** What each stage leaves; undefined for an empty file system. */
  readonly ends: Map<Stage, Vertex | undefined>;
}

function stageVertices(build: Build, stage: Stage): StepVertices[] {
  const made: StepVertices[] = [];
  let parent = startOf(build, stage.base, stage.platform);
  for (const step of stage.steps) {
    const vertices = stepVertices(build, step, parent);
    if (!vertices) continue;
    made.push(vertices);
    parent = vertices.link ?? vertices.main;
  }
  build.ends.set(stage, parent);
  return made;
}

function startOf(build: Build, base: Base, platform: string | undefined): Vertex | undefined {
  if (base.kind === 'stage') return build.ends.get(base.stage);
  if (base.kind === 'scratch') return undefined;
  const [kind, name] = base.kind === 'image' ? ['image', base.ref] : ['context', base.name];
  return imageVertex(build, kind, name, platform);
}

/** An image is its layers: two names of one digest are one. A named context is its name: what it holds is not known. */
function imageVertex(build: Build, kind: string, name: string, platform: string | undefined): Vertex {
  const { options } = build.graph;
  const identity = kind === 'image' ? (options.images?.get(imageName(name))?.digest ?? imageName(name)) : name;
  const made = definition(kind, [['image', [identity, platform ?? targetPlatform(options)]]]);
  const known = build.images.get(made.text);
  if (known) return known;
  const folder = kind === 'context' && build.contexts?.has(name) ? name : undefined;
  const vertex: Vertex = { folder, step: undefined, stage: undefined, definition: made, parents: [], contents: [] };
  build.images.set(made.text, vertex);
  return vertex;
}

function stepVertices(build: Build, step: Step, parent: Vertex | undefined): StepVertices | undefined {
  if (step.keyword === 'RUN') return { step, main: runVertex(build, step, parent), link: undefined };
  if (step.keyword === 'WORKDIR') return workdirVertex(build, step, parent);
  return step.keyword === 'COPY' || step.keyword === 'ADD' ? copyVertices(build, step, parent) : undefined;
}

const argument = ({ graph }: Build, name: string): string => buildArg(graph.options, name) ?? '';

function runVertex(build: Build, step: Step, parent: Vertex | undefined): Vertex {
  const { graph, builder } = build;
  const mounts = mountInputs(step, {
    builder,
    cacheNamespace: argument(build, 'BUILDKIT_CACHE_MOUNT_NS'),
    sourceOf: (mount) => mountSource(build, step, mount),
  });
  const made = runDefinition(step, mounts, {
    dockerfile: graph.dockerfile,
    builder,
    platform: step.stage.platform ?? targetPlatform(graph.options),
    network: graph.options.network ?? 'default',
    hostname: argument(build, 'BUILDKIT_SANDBOX_HOSTNAME'),
  });
  return { step, stage: step.stage, definition: made, parents: [parent], contents: mountContents(mounts) };
}

/** Mounts of one source are one input: what they select is digested together, sorted by path. */
function mountContents(mounts: readonly MountInput[]): ContentInput[] {
  const contents: { source: Source; selectors: Selector[] }[] = [];
  for (const { input } of mounts) {
    if (!input) continue;
    const same = contents.find(({ source }) => sameSource(source, input.source));
    if (same) same.selectors = deduped([...same.selectors, input.selector]);
    else contents.push({ source: input.source, selectors: [input.selector] });
  }
  return contents;
}

function mountSource(build: Build, step: Step, mount: Mount): Source {
  const from = mountFrom(build.graph, step, mount);
  return from ? fromSource(build, from) : { kind: 'context', name: undefined };
}

function fromSource(build: Build, from: CopyFrom): Source {
  const vertex = endOf(build, from);
  return vertex?.folder === undefined ? { kind: 'vertex', vertex } : { kind: 'context', name: vertex.folder };
}

function endOf(build: Build, from: CopyFrom): Vertex | undefined {
  if (from.kind === 'stage') return build.ends.get(from.stage);
  if (from.kind === 'image' && from.ref === 'scratch') return undefined;
  return imageVertex(build, from.kind, from.kind === 'image' ? from.ref : from.name, undefined);
}

/** Given by the build, or by an ARG before the first FROM (getBuildArgValue in dockerfile2llb/convert.go). */
function epochOf({ graph }: Build): string {
  const name = 'SOURCE_DATE_EPOCH';
  const declared = graph.globalArgs.flatMap(({ properties }) => properties).findLast((arg) => arg.name === name);
  return buildArg(graph.options, name) ?? declared?.value ?? '';
}

/** WORKDIR makes the directory, owned by the user in force; the root needs none (dispatchWorkdir in dockerfile2llb/convert.go). */
function workdirVertex(build: Build, step: Step, parent: Vertex | undefined): StepVertices | undefined {
  if (step.workdir === '/') return undefined;
  const made = definition('mkdir', [
    ['workdir', cleanPath(step.workdir)],
    ['user', step.user],
    ['epoch', build.builder === 'docker-20.10' ? '' : epochOf(build)],
    ['layout', parent !== undefined],
  ]);
  const main: Vertex = { step, stage: step.stage, definition: made, parents: [parent], contents: [] };
  return { step, main, link: undefined };
}

function copyVertices(build: Build, step: Step, parent: Vertex | undefined): StepVertices | undefined {
  const { copy, stage } = step;
  if (!copy) return undefined;
  const source: Source = copy.from ? fromSource(build, copy.from) : { kind: 'context', name: undefined };
  const linked = mergesLinks(step, build.builder);
  const below = linked ? undefined : parent;
  const operation = copyOperation(step, copy, source, below !== undefined);
  const main: Vertex = { step, stage, ...operation, parents: [below] };
  if (!linked || !parent) return { step, main, link: undefined };
  const link: Vertex = { step, stage, definition: definition('merge', []), parents: [parent, main], contents: [] };
  return { step, main, link };
}
