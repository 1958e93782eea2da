import { createHash } from 'node:crypto';
import type { BuildGraph } from '../../../server/src/core/build/graph.ts';
import type { Dockerfile } from '../../../server/src/core/syntax/dockerfile.ts';

export interface StandInOptions {
  /** Users and groups that every image has; all of them may write everywhere. */
  readonly accounts: readonly string[];
  /** Whether the builder knows `--exclude`, symbolic modes and secrets as variables. */
  readonly modern: boolean;
  /** Whether a mount of the context may be writable: see `Dialect`. */
  readonly writable: boolean;
  /** Where files from the network come from: a server that has something at every path. */
  readonly server: string;
  /** Names of folders that a caller gives beside the build context. */
  readonly contexts: readonly string[];
}

/** A Dockerfile on its way to a stand-in. */
export interface Original {
  readonly written: string;
  readonly dockerfile: Dockerfile;
  readonly graph: BuildGraph;
  readonly options: StandInOptions;
}

export const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

export const numberOf = (text: string): number => 100 + (Number.parseInt(digest(text), 16) % 900);

const isStage = ({ stages }: BuildGraph, name: string): boolean =>
  stages.some((stage) => String(stage.index) === name || stage.name?.toLowerCase() === name.toLowerCase());

/** Whether a name after `from=` is one that the build itself knows. */
export const isOwn = ({ graph, options }: Original, name: string): boolean =>
  isStage(graph, name) || options.contexts.includes(name);

/** A digest becomes part of the tag, so that another digest is another image. */
export const withoutDigest = (text: string): string =>
  text
    .replace(/(:[\w.-]+)?@sha256:(\w{8})\w*/g, (_, tag = ':d', start: string) => `${tag}-${start}`)
    .replace(/@(sha256:)?\$\{?\w+\}?/g, '');
