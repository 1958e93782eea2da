/** A rule of a Makefile, as far as it is simple. */
export interface MakeRule {
  readonly prerequisites: readonly string[];
  /** Recipe lines without the leading tab and `@`, `-`, `+`; variables expanded, `$$` as the shell sees it. */
  readonly recipe: readonly string[];
  readonly phony: boolean;
}

export interface Makefile {
  readonly rules: ReadonlyMap<string, MakeRule>;
  readonly first: string | undefined;
}

/** What makes the outcome depend on more than these few lines. */
const beyond =
  /^[ \t]*-?(include|sinclude|define|export\s+define|vpath|load|override|\.ONESHELL|\.SECONDEXPANSION|\.RECIPEPREFIX|SHELL\s*[:?]?=|\.SHELLFLAGS)\b|^(ifeq|ifneq|ifdef|ifndef|else|endif)\b/m;

/** Reads simple Makefiles; undefined for those with conditionals, includes and the like. Source: the GNU make manual. */
export function parseMakefile(text: string, given: ReadonlyMap<string, string>): Makefile | undefined {
  const joined = text.replace(/\\\r?\n[ \t]*/g, ' ').replace(/\r\n/g, '\n');
  if (beyond.test(joined)) return undefined;
  const variables = new Map<string, string>();
  const rules = new Map<string, { prerequisites: string[]; recipe: string[] }>();
  const phony = new Set<string>();
  let targets: string[] = [];
  let first: string | undefined;
  for (const line of joined.split('\n')) {
    if (line.startsWith('\t')) {
      const written = line.trim();
      if (written !== '' && !written.startsWith('#'))
        for (const target of targets) rules.get(target)?.recipe.push(written);
      continue;
    }
    const plain = line.replace(/(^|\s)#.*$/, '').trim();
    if (plain === '') continue;
    const [, name, operator, value = ''] = /^(?:export\s+)?([\w.-]+)\s*(::?:?=|\?=|\+=|!=|=)\s*(.*)$/.exec(plain) ?? [];
    if (name !== undefined && operator !== undefined) {
      assign(variables, name, operator, value);
      continue;
    }
    const rule = /^([^:=]+?)\s*::?(?!=)\s*([^;]*)$/.exec(plain);
    if (!rule) {
      targets = [];
      if (/^(export|unexport)\b/.test(plain)) continue;
      return undefined;
    }
    const prerequisites = expand(rule[2] ?? '', variables, given)
      ?.split(/[\s|]+/)
      .filter(Boolean);
    const names = expand(rule[1] ?? '', variables, given)
      ?.split(/\s+/)
      .filter(Boolean);
    if (!names || !prerequisites) return undefined;
    if (names.includes('.PHONY')) {
      for (const each of prerequisites) phony.add(each);
      targets = [];
      continue;
    }
    targets = names;
    for (const target of names) {
      const known = rules.get(target) ?? { prerequisites: [], recipe: [] };
      known.prerequisites.push(...prerequisites);
      rules.set(target, known);
      if (!target.startsWith('.')) first ??= target;
    }
  }
  const expanded = new Map<string, MakeRule>();
  for (const [target, { prerequisites, recipe }] of rules) {
    const lines = recipe.map((each) => expand(each, variables, given)?.replace(/^[@+-]+\s*/, ''));
    if (lines.every((each) => each !== undefined))
      expanded.set(target, { prerequisites, recipe: lines as string[], phony: phony.has(target) });
  }
  return { rules: expanded, first };
}

function assign(variables: Map<string, string>, name: string, operator: string, value: string): void {
  if (operator === '!=') variables.set(name, '$(shell)');
  else if (operator === '+=') variables.set(name, `${variables.get(name) ?? ''} ${value}`.trim());
  else if (operator !== '?=' || !variables.has(name)) variables.set(name, value);
}

/** Variables that hold variables multiply: a hostile Makefile must not take minutes. */
const maxExpansions = 300;

/** Undefined where a function, an automatic variable or an unknown one occurs. */
function expand(
  text: string,
  variables: ReadonlyMap<string, string>,
  given: ReadonlyMap<string, string>,
  budget = { left: maxExpansions },
): string | undefined {
  let known = true;
  const expanded = text.replace(
    /\$(?:\$|\(([\w.-]+)\)|\{([\w.-]+)\}|(.?))/g,
    (match, round?: string, curly?: string) => {
      if (match === '$$') return '$';
      const name = round ?? curly;
      if (name === 'MAKE') return 'make';
      const value = name === undefined || budget.left-- <= 0 ? undefined : (given.get(name) ?? variables.get(name));
      const inner = value === undefined ? undefined : expand(value, variables, given, budget);
      known &&= inner !== undefined;
      return inner ?? '';
    },
  );
  return known && expanded.length < 100_000 ? expanded : undefined;
}
