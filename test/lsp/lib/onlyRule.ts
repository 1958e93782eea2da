import type { Severity } from '../../../server/src/core/rule.ts';
import { rules } from '../../../server/src/core/rules/index.ts';

/** The rule that these tests look at. */
export const rule = 'split-apt-update';

/** Settings under which only one rule speaks: what others find in a text is their own tests' business. */
export const onlyRule = (
  severity: Severity | 'off' = 'warning',
  wanted = rule,
): { rules: Record<string, Severity | 'off'> } => ({
  rules: Object.fromEntries(rules.map(({ id }) => [id, id === wanted ? severity : 'off'])),
});
