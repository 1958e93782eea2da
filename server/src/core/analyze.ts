import { type BuildGraph, buildGraph } from './build/graph.ts';
import { cacheModel, type Model } from './cache/model.ts';
import type { Config } from './config.ts';
import { type Checked, runRules } from './runRules.ts';
import { suppressionsIn } from './suppression.ts';
import { type Dockerfile, parseDockerfile } from './syntax/dockerfile.ts';
import type { Facts } from './workspace.ts';

/** Everything that is known of one version of one Dockerfile. */
export interface Analysis extends Checked {
  readonly dockerfile: Dockerfile;
  readonly graph: BuildGraph;
  readonly model: Model;
  readonly facts: Facts;
  readonly config: Config;
}

/** One Dockerfile in, all that is known of it out. Never throws: a rule that fails is reported in `failures`. */
export function analyze(text: string, facts: Facts, config: Config): Analysis {
  const dockerfile = parseDockerfile(text);
  const graph = buildGraph(dockerfile, { args: config.buildArgs, target: config.target });
  const model = cacheModel(graph, { context: facts.context, builder: config.builder });
  const known = { dockerfile, graph, model, facts, config };
  return {
    ...known,
    ...runRules(config, suppressionsIn(dockerfile), (rule, options) => rule.check?.({ ...known, options }) ?? []),
  };
}
