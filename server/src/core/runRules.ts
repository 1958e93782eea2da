import type { Config } from './config.ts';
import type { Finding, Report, Rule } from './rule.ts';
import { rules } from './rules/index.ts';
import type { Span } from './syntax/span.ts';

export interface Checked {
  /** Sorted by position; suppressed ones left out. */
  readonly findings: readonly Finding[];
  /** Rules that failed on this input, for the log: our own defects, never the user's. */
  readonly failures: readonly string[];
}

type Options = Readonly<Record<string, unknown>>;

/** What the rules that are on say, `reportsOf` a rule with its options. Never throws: a rule that fails is reported. */
export function runRules(
  config: Config,
  isSuppressed: (rule: Rule, at: Span) => boolean,
  reportsOf: (rule: Rule, options: Options) => readonly Report[],
): Checked {
  const failures: string[] = [];
  const findings: Finding[] = [];
  for (const rule of rules) {
    const configured = config.rules[rule.id];
    if ((configured ?? rule.severity) === 'off') continue;
    try {
      for (const report of reportsOf(rule, optionsOf(rule, config))) {
        const severity = configured ?? report.severity ?? rule.severity;
        if (severity !== 'off' && !isSuppressed(rule, report.span)) findings.push(complete(rule, report, severity));
      }
    } catch (error) {
      failures.push(`${rule.id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  findings.sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.rule < b.rule ? -1 : 1));
  return { findings, failures };
}

const complete = (rule: Rule, report: Report, severity: Finding['severity']): Finding => ({
  ...report,
  rule: rule.id,
  severity,
  related: report.related ?? [],
  fixes: report.fixes ?? [],
});

const noOptions: Options = {};

function optionsOf(rule: Rule, config: Config): Options {
  if (!rule.options && !config.options[rule.id]) return noOptions;
  const defaults = Object.entries(rule.options ?? {}).map(([name, schema]) => [name, schema.default] as const);
  return { ...Object.fromEntries(defaults), ...config.options[rule.id] };
}
