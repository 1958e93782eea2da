import type { Dockerfile, Flag, Heredoc, Instruction, Word } from '../syntax/dockerfile.ts';
import type { ShellScript } from '../syntax/shell.ts';
import type { Span } from '../syntax/span.ts';
import type { Lookup } from './expand.ts';

/** A variable in force at a step. */
export interface Variable {
  readonly name: string;
  /** The expanded value; undefined where it cannot be known (the base image's own variables). */
  readonly value: string | undefined;
  /** The value, references that cannot be known left in it as `${NAME}`. Equal texts are equal values. */
  readonly text: string;
  readonly origin: 'arg' | 'env' | 'image';
  /** The ARG or ENV that made it so; undefined for the image's. */
  readonly declaredBy: Instruction | undefined;
}

/** What a step sees before it runs. */
export interface Environment {
  /** ENV and ARG in the order in which they were last set, as BuildKit hands them to a RUN; ARGs without a value and an unknown image's left out. */
  readonly variables: readonly Variable[];
  /** All of it as it enters the key of a RUN. */
  readonly key: string;
  /** What expansion makes of a name: see expand.ts. */
  readonly bind: Lookup;
  lookup(name: string): Variable | undefined;
}

export interface Mount {
  readonly type: 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh';
  /** Expanded; relative targets resolved against the working directory. Undefined where a variable is not known. */
  readonly target: string | undefined;
  /** As written, for messages. */
  readonly writtenTarget: string | undefined;
  readonly source: string | undefined;
  readonly from: string | undefined;
  readonly id: string | undefined;
  readonly sharing: 'shared' | 'private' | 'locked';
  readonly readOnly: boolean;
  /** All keys as written, lower-cased names, expanded values. */
  readonly options: ReadonlyMap<string, string>;
  readonly flag: Flag;
}

/** A word of a COPY, expanded. */
export interface CopySource {
  readonly text: string;
  /** False where the text still holds a reference that cannot be known. */
  readonly known: boolean;
  readonly word: Word;
}

/** A COPY or ADD, its words expanded. */
export interface CopySpec {
  /** In the order as written, heredocs and URLs left out. */
  readonly sources: readonly CopySource[];
  /** Of an ADD: HTTP and git. */
  readonly urls: readonly CopySource[];
  readonly heredocs: readonly Heredoc[];
  /** Absolute, a trailing slash kept. */
  readonly destination: string;
  /** Stage, image or named context; undefined for the build context. */
  readonly from: CopyFrom | undefined;
  readonly exclude: readonly string[];
  readonly parents: boolean;
  readonly link: boolean;
  readonly chown: string | undefined;
  readonly chmod: string | undefined;
  /** Other flags that enter the key (`keep-git-dir`, `checksum`, `unpack`), expanded. */
  readonly options: ReadonlyMap<string, string>;
}

export type CopyFrom =
  | { readonly kind: 'stage'; readonly stage: Stage }
  | { readonly kind: 'image'; readonly ref: string }
  | { readonly kind: 'context'; readonly name: string };

/** One instruction of a stage after its FROM. A step of kind `operation` (RUN, COPY, ADD, WORKDIR) is one that BuildKit runs and caches. */
export interface Step {
  readonly stage: Stage;
  /** Its place in the stage's own steps. */
  readonly index: number;
  readonly instruction: Instruction;
  readonly keyword: string;
  /** True for what makes a layer or a vertex: RUN, COPY, ADD, WORKDIR. */
  readonly operation: boolean;
  /** In force before this step. */
  readonly environment: Environment;
  /** Empty where nothing set it: the image's. */
  readonly user: string;
  /** Absolute; `/` (or the image's, unknown) where nothing set it. For WORKDIR: after it. */
  readonly workdir: string;
  readonly shell: readonly string[];
  readonly mounts: readonly Mount[];
  /** COPY and ADD. */
  readonly copy: CopySpec | undefined;
  /** Shell-form RUN under a POSIX shell (heredoc scripts and `sh -c` exec forms included), parsed on first use; undefined otherwise. */
  readonly script: ShellScript | undefined;
  /** True for a step that an ONBUILD of a local parent stage put here; its instruction lies in that stage. */
  readonly fromOnbuild: boolean;
}

export type Base =
  | { readonly kind: 'stage'; readonly stage: Stage }
  | { readonly kind: 'image'; readonly ref: string; readonly resolved: boolean }
  | { readonly kind: 'context'; readonly name: string }
  | { readonly kind: 'scratch' };

export interface Stage {
  readonly index: number;
  /** As written; undefined without AS. */
  readonly name: string | undefined;
  readonly nameSpan: Span | undefined;
  /** In lower case: names are compared so. */
  readonly key: string | undefined;
  readonly from: Instruction;
  readonly base: Base;
  /** The image at the bottom of the chain of FROMs, expanded; undefined for scratch or where a variable is unknown. */
  readonly image: string | undefined;
  readonly platform: string | undefined;
  readonly steps: readonly Step[];
}

export type StageSources = ReadonlyMap<Stage, ReadonlySet<Stage>>;

export interface BuildGraph {
  readonly dockerfile: Dockerfile;
  readonly options: BuildOptions;
  readonly stages: readonly Stage[];
  /** The stages that a stage stands on, copies from or mounts. */
  readonly sources: StageSources;
  /** ARGs before the first FROM. */
  readonly globalArgs: readonly Instruction[];
  /** The stage that is built; undefined in a file without FROM or with an unknown target. */
  readonly target: Stage | undefined;
  /** Stages that the target and the other targets need, themselves included. */
  readonly reachable: ReadonlySet<Stage>;
}

export interface BuildOptions {
  /** Values of `--build-arg`; those the file does not declare have no effect. */
  readonly args: Readonly<Record<string, string>>;
  /** Arguments that some builds pass, null for a value that is not known: they count where the file has no default, which other builds use. */
  readonly passed?: Readonly<Record<string, string | null>> | undefined;
  /** Stage name or number; the last stage by default. */
  readonly target?: string | undefined;
  /** What other builds build: `reachable` has what these need, too. */
  readonly otherTargets?: readonly string[] | undefined;
  /** `os/arch[/variant]` of the result and of the builder; linux/amd64 by default. */
  readonly platform?: string | undefined;
  readonly buildPlatform?: string | undefined;
  /** Names given by `--build-context` (additional contexts). */
  readonly namedContexts?: readonly string[] | undefined;
  /** What is known of images, by their name as `imageName` writes it. Nothing is known of others: each is its own. */
  readonly images?: ReadonlyMap<string, ImageFacts> | undefined;
  /** `--network` of the build; `default` where it is not given. */
  readonly network?: string | undefined;
}

/** An image as far as a registry or a daemon told. What is undefined is not known. */
export interface ImageFacts {
  /** Identifies the image's layers: images with equal digests are the same file system. */
  readonly digest: string;
  /** `NAME=value` in the image's order. */
  readonly env?: readonly string[] | undefined;
  readonly user?: string | undefined;
  readonly workdir?: string | undefined;
  readonly shell?: readonly string[] | undefined;
  /** ONBUILD triggers as text. */
  readonly onbuild?: readonly string[] | undefined;
}

/** The stages that a build may run, in file order. */
export const reachableStages = ({ stages, reachable }: BuildGraph): Stage[] =>
  stages.filter((stage) => reachable.has(stage));

/** The steps that run before `step` in the same file system: its parents' stages first, oldest first. */
export function* ancestors(step: Step): Generator<Step> {
  yield* stageAncestors(step.stage);
  yield* step.stage.steps.slice(0, step.index);
}

/** All steps that a stage inherits from the stages it is built FROM, oldest first. */
export function* stageAncestors(stage: Stage): Generator<Step> {
  const parents: Stage[] = [];
  for (let { base } = stage; base.kind === 'stage'; { base } = base.stage) parents.unshift(base.stage);
  for (const { steps } of parents) yield* steps;
}

/** The stage at the bottom of a chain of FROMs. */
export function bottomOf(stage: Stage): Stage {
  let at = stage;
  while (at.base.kind === 'stage') at = at.base.stage;
  return at;
}

/** Whether a stage is another one, or has its file system below its own. */
export function standsOn(stage: Stage, other: Stage): boolean {
  let at = stage;
  while (at !== other && at.base.kind === 'stage') at = at.base.stage;
  return at === other;
}

export { buildGraph } from './buildGraph.ts';
export { imageName } from './imageName.ts';
export { familyOf, relativesIn, rootOf } from './relatives.ts';
export { hasFrom, mountFrom, mountsFrom, stagesRead } from './stageNames.ts';
