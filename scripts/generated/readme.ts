import type { Rule } from '../../server/src/core/rule.ts';

const cell = (text: string): string => text.replace(/\s+/g, ' ').replace(/\|/g, '\\|').trim();

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))].map((row) => `| ${row.join(' | ')} |`).join('\n');

export const ruleTable = (rules: readonly Rule[]): string =>
  table(
    ['Rule', 'Severity', 'What it finds'],
    rules.map(({ id, severity, docs }) => [`[${id}](docs/rules/${id}.md)`, severity, docs.summary]),
  );

interface Setting {
  readonly order?: number;
  readonly default?: unknown;
  readonly markdownDescription?: string;
  readonly description?: string;
}

/** The settings that package.json declares, in the settings editor's order. */
export function settingsTable(manifest: string): string {
  const properties: Record<string, Setting> = JSON.parse(manifest).contributes.configuration.properties;
  const settings = Object.entries(properties).sort(([, a], [, b]) => (a.order ?? 0) - (b.order ?? 0));
  const rows = settings.map(([name, { default: value, markdownDescription, description }]) => [
    `\`${name}\``,
    `\`${JSON.stringify(value)}\``,
    markdownDescription ?? description ?? '',
  ]);
  return table(['Setting', 'Default', 'What it does'], rows);
}

/**
 * The text between `<!-- NAME:start -->` and `<!-- NAME:end -->` replaced.
 * @throws Error without both markers
 */
export function between(readme: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [readme.indexOf(start), readme.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${start} … ${end}`);
  return `${readme.slice(0, from + start.length)}\n${text}\n${readme.slice(to)}`;
}
