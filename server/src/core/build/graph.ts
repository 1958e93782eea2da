import type { Dockerfile, Flag, Heredoc, Instruction, Word } from '../syntax/dockerfile.ts';
import type { ShellScript } from '../syntax/shell.ts';
import type { Span } from '../syntax/span.ts';

/** A variable in force at a step. */
export interface Variable {
  readonly name: string;
  /** The expanded value; undefined where it cannot be known (the base image's own variables). */
  readonly value: string | undefined;
  readonly origin: 'arg' | 'env' | 'image';
  /** The ARG or ENV that made it so; undefined for the image's. */
  readonly declaredBy: Instruction | undefined;
}

/** What a step sees before it runs. */
export interface Environment {
  /** In the order in which BuildKit hands them to a RUN: the environment, then the build arguments. */
  readonly variables: readonly Variable[];
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

/** A COPY or ADD, its words expanded. */
export interface CopySpec {
  /** In the order as written, heredocs and URLs left out. */
  readonly sources: readonly { readonly text: string; readonly word: Word }[];
  readonly urls: readonly { readonly text: string; readonly word: Word }[];
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
  readonly from: Instruction;
  readonly base: Base;
  /** The image at the bottom of the chain of FROMs, expanded; undefined for scratch or where a variable is unknown. */
  readonly image: string | undefined;
  readonly platform: string | undefined;
  readonly steps: readonly Step[];
}

export interface BuildGraph {
  readonly dockerfile: Dockerfile;
  readonly stages: readonly Stage[];
  /** ARGs before the first FROM. */
  readonly globalArgs: readonly Instruction[];
  /** The stage that is built; undefined in a file without FROM or with an unknown target. */
  readonly target: Stage | undefined;
  /** Stages the target needs, itself included. */
  readonly reachable: ReadonlySet<Stage>;
}

export interface BuildOptions {
  /** Values of `--build-arg`; those the file does not declare have no effect. */
  readonly args: Readonly<Record<string, string>>;
  /** Stage name or number; the last stage by default. */
  readonly target?: string | undefined;
  /** `os/arch[/variant]` of the result and of the builder; linux/amd64 by default. */
  readonly platform?: string | undefined;
  readonly buildPlatform?: string | undefined;
  /** Names given by `--build-context` (additional contexts). */
  readonly namedContexts?: readonly string[] | undefined;
}

/** The steps that run before `step` in the same file system: its parents' stages first, oldest first. */
export function* ancestors(step: Step): Generator<Step> {
  yield* stageAncestors(step.stage);
  yield* step.stage.steps.slice(0, step.index);
}

/** All steps that a stage inherits from the stages it is built FROM, oldest first. */
export function* stageAncestors(stage: Stage): Generator<Step> {
  if (stage.base.kind !== 'stage') return;
  yield* stageAncestors(stage.base.stage);
  yield* stage.base.stage.steps;
}

export { buildGraph } from './buildGraph.ts';
