import { type BuildGraph, buildGraph } from './build/graph.ts';
import { cacheModel, type Model } from './cache/model.ts';
import type { Config } from './config.ts';
import type { Finding, Report, Rule, RuleContext } from './rule.ts';
import { rules } from './rules/index.ts';
import { suppressionsIn } from './suppression.ts';
import { type Dockerfile, parseDockerfile } from './syntax/dockerfile.ts';
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
  /** Rules that failed on this input, for the log: our own defects, never the user's. */
  readonly failures: readonly string[];
}

/** One Dockerfile in, all that is known of it out. Never throws: a rule that fails is reported in `failures`. */
export function analyze(text: string, facts: Facts, config: Config): Analysis {
  const dockerfile = parseDockerfile(text);
  const graph = buildGraph(dockerfile, { args: config.buildArgs, target: config.target });
  const model = cacheModel(graph, { context: facts.context, builder: config.builder });
  const isSuppressed = suppressionsIn(dockerfile);
  const failures: string[] = [];
  const findings = rules.flatMap((rule) => {
    try {
      const context = { dockerfile, graph, model, facts, config, options: optionsOf(rule, config) };
      return [...findingsOf(rule, context, isSuppressed)];
    } catch (error) {
      failures.push(`${rule.id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return [];
    }
  });
  findings.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.rule < b.rule ? -1 : 1));
  return { dockerfile, graph, model, facts, config, findings, failures };
}

function* findingsOf(
  rule: Rule,
  context: RuleContext,
  isSuppressed: ReturnType<typeof suppressionsIn>,
): Generator<Finding> {
  const configured = context.config.rules[rule.id];
  if ((configured ?? rule.severity) === 'off') return;
  for (const report of rule.check(context)) {
    const severity = configured ?? report.severity ?? rule.severity;
    if (severity === 'off' || isSuppressed(rule, report.span)) continue;
    yield complete(rule, report, severity);
  }
}

const complete = (rule: Rule, report: Report, severity: Finding['severity']): Finding => ({
  ...report,
  rule: rule.id,
  severity,
  related: report.related ?? [],
  fixes: report.fixes ?? [],
});

function optionsOf(rule: Rule, config: Config): Record<string, unknown> {
  const defaults = Object.entries(rule.options ?? {}).map(([name, schema]) => [name, schema.default] as const);
  return { ...Object.fromEntries(defaults), ...config.options[rule.id] };
}
