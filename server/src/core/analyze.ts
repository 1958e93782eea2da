import { type BuildGraph, buildGraph } from './build/graph.ts';
import { mergeFindings } from './builds/merge.ts';
import { buildOptions } from './builds/options.ts';
import { cacheModel, type Model } from './cache/model.ts';
import type { Config } from './config.ts';
import type { Report, Rule, RuleContext } from './rule.ts';
import { type Checked, runRules } from './runRules.ts';
import { type StageMemory, stageReports } from './stageReports.ts';
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
  /** For the analysis of the file's next version. */
  readonly memory: StageMemory | undefined;
}

/**
 * One Dockerfile in, all that is known of it out. Where builds take several folders as its context it is judged in each. Never throws: a
 * rule that fails is reported in `failures`. `before`, the analysis of an earlier version, only makes it faster.
 */
export function analyze(text: string, facts: Facts, config: Config, before?: Pick<Analysis, 'memory'>): Analysis {
  const main = analyzeIn(text, facts, config, before?.memory);
  const others = facts.others ?? [];
  if (others.length === 0) return main;
  const all = [main, ...others.map((context) => analyzeIn(text, { ...facts, context }, config))];
  const found = all.map(({ facts: { context }, findings }) => ({ reason: context?.reason ?? '', findings }));
  return { ...main, findings: mergeFindings(found), failures: all.flatMap(({ failures }) => failures) };
}

function analyzeIn(text: string, facts: Facts, config: Config, memory?: StageMemory): Analysis {
  const dockerfile = parseDockerfile(text);
  const graph = buildGraph(dockerfile, buildOptions(config, facts.builds));
  const model = cacheModel(graph, { context: facts.context, builder: config.builder });
  const known = { dockerfile, graph, model, facts, config };
  const stages = stageReports(known, memory);
  const reportsOf = (rule: Rule, options: RuleContext['options']): Report[] => [
    ...(rule.check?.({ ...known, options }) ?? []),
    ...stages.of(rule, options),
  ];
  return { ...known, ...runRules(config, suppressionsIn(dockerfile), reportsOf), memory: stages.memory };
}
