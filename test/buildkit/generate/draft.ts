import type { Context } from './files.ts';
import type { Random } from './random.ts';

/** What a builder can be asked. */
export interface Dialect {
  /** `COPY --exclude`, symbolic modes, `ADD --unpack`. */
  readonly excludes: boolean;
  /**
   * Bind mounts of the context with `rw`. On the graphdriver store the first of them makes what reads the whole context behind it run again in the
   * next build, with nothing changed, three times in four: when its digest is taken, the mount may or may not have used up the builder's copy.
   */
  readonly writableContext: boolean;
}

/** A Dockerfile in the making, with what the generator must know so that most of them can be built. */
export interface Draft {
  readonly random: Random;
  readonly context: Context;
  /** ARGs before the first FROM. */
  readonly globals: string[];
  readonly stages: StageDraft[];
  readonly dialect: Dialect;
  /** Names given by ARG, for `--build-arg`. */
  readonly argNames: Set<string>;
}

export interface StageDraft {
  readonly name: string | undefined;
  readonly from: string;
  readonly scratch: boolean;
  /** Each one instruction, with its heredocs. */
  readonly lines: string[];
  /** Files that are certainly there, absolute. */
  readonly outputs: string[];
  readonly variables: Set<string>;
}

export const renderStage = (stage: StageDraft): string =>
  [stage.from, ...stage.lines].map((line) => `${line}\n`).join('');

export const render = (draft: Draft): string =>
  draft.globals.map((line) => `${line}\n`).join('') + draft.stages.map(renderStage).join('');

/** Images of the same content: a tag more or less changes nothing. */
export const images = ['alpine:3.19', 'node:20-alpine', 'debian:bookworm-slim', 'python:3.12-slim'];
