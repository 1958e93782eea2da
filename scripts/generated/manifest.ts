import { severities } from '../../server/src/core/config.ts';
import type { OptionSchema, Rule } from '../../server/src/core/rule.ts';

const severityMeanings: Readonly<Record<string, string>> = {
  error: 'Shown as an error.',
  warning: 'Shown as a warning.',
  information: 'Shown as information.',
  hint: 'Shown as a hint.',
  off: 'Not shown.',
};

/** `cacheLens.rules`: one property per rule, so that the settings editor completes and explains them. */
const rulesSchema = (rules: readonly Rule[]) => ({
  order: 60,
  scope: 'resource',
  type: 'object',
  default: {},
  markdownDescription: 'The severity of each rule; `off` silences it. Rules that are not named keep their default.',
  additionalProperties: false,
  properties: Object.fromEntries(
    rules.map(({ id, severity, docs }) => [
      id,
      {
        type: 'string',
        enum: severities,
        enumDescriptions: severities.map((name) => severityMeanings[name]),
        default: severity,
        markdownDescription: `${docs.summary}.`,
      },
    ]),
  ),
});

const optionSchema = ({ type, default: value, description }: OptionSchema) => ({
  type,
  ...(type === 'array' && { items: { type: 'string' } }),
  default: value,
  markdownDescription: description,
});

/** `cacheLens.options`: one object per rule that has options. */
const optionsSchema = (rules: readonly Rule[]) => ({
  order: 70,
  scope: 'resource',
  type: 'object',
  default: {},
  markdownDescription: 'Options of single rules, by the id of the rule.',
  additionalProperties: false,
  properties: Object.fromEntries(
    rules.map(({ id, options = {} }) => [
      id,
      {
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(Object.entries(options).map(([name, schema]) => [name, optionSchema(schema)])),
      },
    ]),
  ),
});

/** package.json with the settings that the rules define; all else stays as it is. */
export function withRuleSettings(manifest: string, rules: readonly Rule[]): string {
  const value = JSON.parse(manifest);
  const { configuration } = value.contributes;
  const { 'cacheLens.rules': _, 'cacheLens.options': __, ...others } = configuration.properties;
  const withOptions = rules.filter(({ options }) => Object.keys(options ?? {}).length > 0);
  configuration.properties = {
    'cacheLens.rules': rulesSchema(rules),
    ...(withOptions.length > 0 && { 'cacheLens.options': optionsSchema(withOptions) }),
    ...others,
  };
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
