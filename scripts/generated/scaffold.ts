import type { Category } from '../../server/src/core/rule.ts';

export const categories: readonly Category[] = ['order', 'mounts', 'layers', 'stages', 'context', 'ci'];

export const camelCase = (id: string): string =>
  id.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** What is wrong with an id; undefined where it will do. */
export function idProblem(id: string, existing: readonly string[]): string | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)+$/.test(id))
    return `"${id}" is not kebab-case of at least two words: copy-before-install`;
  return existing.includes(id) ? `there is a rule ${id} already` : undefined;
}

/**
 * A rule that compiles, finds nothing and explains nothing: every text ends with "…", which the tests reject, and its bad example
 * shows no finding, which they reject as well.
 */
export const ruleFile = (id: string, category: Category): string => `import type { Step } from '../build/graph.ts';
import { named } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** The cause, where this step is one. Ask the model; do not match text. */
function reportOf({ model }: RuleContext, step: Step): Report | undefined {
  const { runs } = model.consequences(step);
  if (step.keyword !== 'MAINTAINER' || runs.length === 0) return undefined;
  return {
    span: step.instruction.keywordSpan,
    message: \`What is wrong with \${named(step)}, why it matters in numbers (\${runs.length}), what to do.\`,
    related: runs.map(({ instruction }) => ({ span: instruction.keywordSpan, message: 'Runs again.' })),
    fixes: [],
  };
}

export const ${camelCase(id)}: Rule = {
  id: '${id}',
  severity: 'information',
  category: '${category}',
  docs: {
    summary: '…',
    why: 'Why it matters, in terms of the cache key …',
    fix: 'What the fix does, when it is safe, and when there is none …',
    ignore: 'When to ignore it …',
    bad: { dockerfile: 'FROM alpine:3.22\\nRUN echo bad\\n' },
    good: { dockerfile: 'FROM alpine:3.22\\nRUN echo good\\n' },
    references: [],
  },
  *checkStage(context, stage) {
    for (const step of stage.steps) {
      const report = reportOf(context, step);
      if (report) yield report;
    }
  },
};
`;

/** A case that fails until the rule finds something. */
export const fixtureFile = (id: string): string => `What this case is about, in one sentence.
--- Dockerfile
FROM alpine:3.22
RUN echo bad
#   ^^^^^^^^ ${id}
`;

/** rules/index.ts with one rule more, in the order of the ids. */
export function indexWith(id: string, existing: readonly string[]): string {
  const ids = [...existing, id].sort();
  const imports = ids.map((each) => `import { ${camelCase(each)} } from './${camelCase(each)}.ts';`);
  const names = ids.map(camelCase);
  const line = `export const rules: readonly Rule[] = [${names.join(', ')}];`;
  const list =
    line.length <= 120
      ? line
      : `export const rules: readonly Rule[] = [\n${names.map((name) => `  ${name},\n`).join('')}];`;
  return `import type { Rule } from '../rule.ts';\n${imports.join('\n')}\n\n/** Every rule there is: the only list. */\n${list}\n`;
}
