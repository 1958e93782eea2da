import type { BuildGraph, Step } from '../build/graph.ts';
import type { Selection } from '../context/selection.ts';
import type { ContextSnapshot } from '../workspace.ts';

/** Builders whose keys differ; see `cacheLens.builder`. */
export type Builder = 'buildkit' | 'docker-graphdriver' | 'docker-20.10' | 'buildah' | 'kaniko';

/** What a step's own key depends on, besides its parents. */
export type KeyInput =
  | { readonly kind: 'instruction' }
  /** What a stage starts from; `named` for what `--build-context` gives. */
  | { readonly kind: 'base-image'; readonly ref: string; readonly named?: true }
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly value: string | undefined;
      readonly origin: 'arg' | 'env';
    }
  | { readonly kind: 'files'; readonly selection: Selection; readonly via: 'copy' | 'mount' }
  | {
      readonly kind: 'stage-files';
      readonly stage: number;
      readonly paths: readonly string[];
      readonly via: 'copy' | 'mount';
    }
  | {
      readonly kind: 'image-files';
      readonly ref: string;
      readonly paths: readonly string[];
      readonly named?: true;
    }
  /** What an ADD fetches. */
  | { readonly kind: 'remote'; readonly url: string; readonly git: boolean; readonly checksum: string | undefined }
  | { readonly kind: 'user'; readonly value: string }
  | { readonly kind: 'workdir'; readonly value: string }
  | { readonly kind: 'shell'; readonly value: readonly string[] };

export interface Model {
  readonly graph: BuildGraph;
  readonly context: ContextSnapshot | undefined;
  /** Named contexts whose files are known, by name as the build names them. Nothing is known of others but their names. */
  readonly contexts: ReadonlyMap<string, ContextSnapshot> | undefined;
  readonly builder: Builder;
  /** Steps that run and are cached (RUN, COPY, ADD, WORKDIR) of the stages the target needs, in file order. */
  readonly steps: readonly Step[];
  /** What the step's own key is made of, its parents left out. */
  inputs(step: Step): readonly KeyInput[];
  /** What a COPY, ADD or the bind mounts of a RUN read from the build context. */
  selection(step: Step): Selection;
  /** Steps that run again when this one runs again (children by FROM included); those behind COPY --from are in `depends`. */
  consequences(step: Step): { readonly runs: readonly Step[]; readonly depends: readonly Step[] };
}

export type Outcome = 'cached' | 'runs' | 'depends';

export interface StepOutcome {
  readonly step: Step;
  /** Of a `COPY --link` on a builder that merges layers: of the copy itself. */
  readonly outcome: Outcome;
  /** An earlier step of the same build that may bring the result of this one. */
  readonly twin: Step | undefined;
  /** The shortest true cause as a sentence without a full stop; empty for `cached`. */
  readonly because: string;
  /** Of such a `COPY --link`: what becomes of laying the copy over what is before it, on which the next steps stand. */
  readonly link: { readonly outcome: Outcome; readonly because: string } | undefined;
}

export type { Selection } from '../context/selection.ts';
export { cacheModel } from './cacheModel.ts';
export { compareBuilds } from './compare.ts';
