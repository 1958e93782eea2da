import { defaultConfig } from '../../server/src/core/config.ts';
import type { Example, OptionSchema, Rule } from '../../server/src/core/rule.ts';
import { analyzeExample, textOf } from '../../test/rules/lib/world.ts';

const notice =
  '<!-- Generated from the rule itself: edit its file under server/src/core/rules/ and run `npm run generate`. -->';

/** The language of an ignore file is `gitignore` to those who colour Markdown. */
const example = (shown: Example): string =>
  `\`\`\`${shown.dockerfile === undefined ? 'gitignore' : 'dockerfile'}\n${textOf(shown).trimEnd()}\n\`\`\``;

/** What the rule really says of its bad example: documentation cannot promise more than that. */
function messages(rule: Rule): string {
  const { bad } = rule.docs;
  const config = { ...defaultConfig, rules: rule.severity === 'off' ? { [rule.id]: 'warning' as const } : {} };
  const { findings } = analyzeExample(bad, config);
  const own = findings.filter((finding) => finding.rule === rule.id);
  return own
    .map(({ span, message }) => {
      const line = textOf(bad).slice(0, span.start).split('\n').length;
      return `> Line ${line}: ${message}`;
    })
    .join('\n>\n');
}

const option = (name: string, { type, default: value, description }: OptionSchema): string =>
  `- \`${name}\` (${type}, default \`${JSON.stringify(value)}\`): ${description}`;

function options(rule: Rule): string[] {
  const entries = Object.entries(rule.options ?? {});
  if (entries.length === 0) return [];
  const shown = JSON.stringify({
    [rule.id]: Object.fromEntries(entries.map(([name, schema]) => [name, schema.default])),
  });
  return [
    '## Options',
    `In \`cacheLens.options\`, for example \`${shown}\`:`,
    entries.map(([name, schema]) => option(name, schema)).join('\n'),
  ];
}

function suppression({ id, docs, hadolint = [] }: Rule): string {
  const theirs = hadolint.length > 0 ? ` hadolint's \`# hadolint ignore=${hadolint.join(',')}\` does the same.` : '';
  return `\`# cache-lens ignore=${id}\` on the line above silences one finding, \`# cache-lens ignore-file=${id}\` above the first ${docs.bad.dockerfile === undefined ? 'pattern' : 'instruction'} a whole file, and
\`"cacheLens.rules": {"${id}": "off"}\` all of them.${theirs}`;
}

/** docs/rules/<id>.md */
export function rulePage(rule: Rule): string {
  const { id, severity, category, docs } = rule;
  const parts = [
    notice,
    `# ${id}`,
    `${docs.summary}.`,
    `Severity: ${severity}. Category: ${category}.`,
    '## Why it matters',
    docs.why,
    '## Example',
    example(docs.bad),
    messages(rule),
    'Better:',
    example(docs.good),
    '## The fix',
    docs.fix,
    '## When to ignore it',
    docs.ignore,
    suppression(rule),
    ...options(rule),
    ...(docs.references.length > 0 ? ['## References', docs.references.map((url) => `- <${url}>`).join('\n')] : []),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
