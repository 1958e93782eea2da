import type { BuildGraph } from './build/graph.ts';
import type { Model } from './cache/model.ts';
import type { Config } from './config.ts';
import type { Finding } from './rule.ts';
import type { Dockerfile } from './syntax/dockerfile.ts';
import type { Facts } from './workspace.ts';

/** Everything that is known of one version of one Dockerfile. */
export interface Analysis {
  readonly dockerfile: Dockerfile;
  readonly graph: BuildGraph;
  readonly model: Model;
  readonly facts: Facts;
  readonly config: Config;
  /** Sorted by position; suppressed ones left out. */
  readonly findings: readonly Finding[];
}
