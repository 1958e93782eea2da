import { type BuildGraph, buildGraph } from './build/graph.ts';
import { mergeFindings } from './builds/merge.ts';
import { buildOptions } from './builds/options.ts';
import { cacheModel, type Model } from './cache/model.ts';
import type { Config } from './config.ts';
import { type Checked, runRules } from './runRules.ts';
import { type StageMemory, stageReports } from './stageReports.ts';
import { suppressionsIn } from './suppression.ts';
import { type Dockerfile, parseDockerfile } from './syntax/dockerfile.ts';
import { isTemplate } from './syntax/template.ts';
import type { Facts } from './workspace.ts';

/** Everything that is known of one version of one Dockerfile. */
export interface Analysis extends Checked {
  readonly dockerfile: Dockerfile;
  readonly graph: BuildGraph;
  readonly model: Model;
  readonly facts: Facts;
  readonly config: Config;
  /** For the analysis of the file's next version: of each context, the main one first. */
  readonly memories: readonly (StageMemory | undefined)[];
}

/**
 * One Dockerfile in, all that is known of it out. Where builds take several folders as its context it is judged in each. Never throws: a
 * rule that fails is reported in `failures`. `before`, the analysis of an earlier version, only makes it faster.
 */
export function analyze(text: string, facts: Facts, config: Config, before?: Pick<Analysis, 'memories'>): Analysis {
  const main = analyzeIn(text, facts, config, before?.memories[0]);
  const others = facts.others ?? [];
  if (others.length === 0) return main;
  const inOthers = others.map((context, index) =>
    analyzeIn(text, { ...facts, context }, config, before?.memories[index + 1]),
  );
  const all = [main, ...inOthers];
  return {
    ...main,
    findings: mergeFindings(all.map((each) => ({ reason: each.facts.context?.reason ?? '', findings: each.findings }))),
    failures: all.flatMap(({ failures }) => failures),
    memories: all.flatMap(({ memories }) => memories),
  };
}

/** In a template an edit of one line may tear a block apart. */
const withoutFixes = ({ findings, failures }: Checked): Checked => ({
  findings: findings.map((finding) => ({ ...finding, fixes: [] })),
  failures,
});

function analyzeIn(text: string, facts: Facts, config: Config, memory?: StageMemory): Analysis {
  const dockerfile = parseDockerfile(text);
  const graph = buildGraph(dockerfile, buildOptions(config, facts.builds));
  const model = cacheModel(graph, { context: facts.context, builder: config.builder });
  const known = { dockerfile, graph, model, facts, config };
  const stages = stageReports(known, memory);
  const checked = runRules(config, suppressionsIn(dockerfile), stages.of);
  return { ...known, ...(isTemplate(text) ? withoutFixes(checked) : checked), memories: [stages.memory] };
}
