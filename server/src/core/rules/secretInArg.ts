import type { Stage, Step } from '../build/graph.ts';
import { isShipped } from '../cache/shipped.ts';
import { secretMount } from '../fixes/secretMount.ts';
import { named, plural, sentences } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import type { Property } from '../syntax/dockerfile.ts';

/** Names that hold a secret by their last word: GITHUB_TOKEN, DB_PASSWORD, AWS_SECRET_ACCESS_KEY. */
const secretName =
  /(^|_)(token|pat|password|passwd|pword|passphrase|secret|secret_key(_base)?|api_?key|private_?key|access_?key|ssh_?key|credentials?)$/i;

/** Names of what everybody may see: it ends up in the pages that are served. */
const publicName = /(^|_)public(_|$)|^(VITE|REACT_APP|NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY|PUBLIC)_/i;

/** Values that are secrets whatever their name says, by the prefixes that services give them. */
const secretValue =
  /^["']?(gh[pousr]_\w{30,}|github_pat_\w{30,}|glpat-[\w-]{20,}|npm_\w{36}|xox[abpr]-[\w-]{20,}|AKIA[0-9A-Z]{16}|sk_live_\w{20,}|AIza[\w-]{35}|dckr_pat_[\w-]{20,}|-----BEGIN)/;

const isEmpty = (value: string | undefined): boolean => value === undefined || /^["']{0,2}$/.test(value);

/** An ARG that waits for a secret, or a value that is one. A default that stands there for everybody to see is none. */
const isSecret = ({ keyword }: Step, { name, value }: Property): boolean =>
  secretValue.test(value ?? '') ||
  (keyword === 'ARG' && isEmpty(value) && secretName.test(name) && !publicName.test(name));

interface Found {
  readonly step: Step;
  readonly property: Property;
}

function* secrets({ graph }: RuleContext): Generator<Found> {
  for (const stage of graph.stages) {
    if (!graph.reachable.has(stage)) continue;
    for (const step of stage.steps)
      if (!step.fromOnbuild && (step.keyword === 'ARG' || step.keyword === 'ENV'))
        for (const property of step.instruction.properties) if (isSecret(step, property)) yield { step, property };
  }
}

const hasChild = ({ graph }: RuleContext, stage: Stage): boolean =>
  graph.stages.some(({ base }) => base.kind === 'stage' && base.stage === stage);

/** What the secret costs: the steps that a new value runs again. */
function cost({ model }: RuleContext, { stage, index }: Step): string {
  const first = stage.steps.slice(index + 1).find(({ keyword }) => keyword === 'RUN');
  if (!first) return '';
  const more = model.consequences(first).runs.length;
  const after = more > 0 ? ` and ${plural(more, 'step')} after it` : '';
  return ` A new value makes ${named(first)}${after} run again.`;
}

function report(
  context: RuleContext,
  { step, property: { name, nameSpan, value } }: Found,
  others: readonly Found[],
): Report {
  const isWritten = secretValue.test(value ?? '');
  const where = isShipped(context.graph, step.stage) ? "the image's history" : 'what the builder caches';
  const plan = isWritten ? undefined : secretMount(context.dockerfile, step, name, hasChild(context, step.stage));
  return {
    span: nameSpan,
    message: sentences(
      isWritten
        ? `The value of ${name} looks like a real secret: it is in this file, and in the configuration or history of every image built from it. Revoke it, and pass a new one as a secret.`
        : `The value of ${name} can be read from ${where}, and it is part of the key of every later RUN.${cost(context, step)} Pass it with RUN --mount=type=secret,id=${name},env=${name}, which does neither.`,
      plan?.refusal,
    ),
    related: others.map((other) => ({ span: other.property.nameSpan, message: 'The same secret.' })),
    fixes: others.length === 0 ? (plan?.fixes ?? []) : [],
  };
}

export const secretInArg: Rule = {
  id: 'secret-in-arg',
  severity: 'warning',
  category: 'layers',
  docs: {
    summary: 'A token or password comes in as an ARG, or stands in the Dockerfile',
    why: `The value of an \`ARG\` is kept in the history of the image and in what the builder exports, where everyone who has them can read it. It also enters the cache key of every later \`RUN\`: each time a token is
renewed, all of them run again. A secret mount (\`RUN --mount=type=secret\`) is in no layer and no history, and neither its value nor its presence is part of any key.

Reported are arguments whose name says so and that have no default, each once, and values that carry the prefix of a known kind of token. Defaults such as \`changeme\`, and what a client gets to see anyway
(\`NEXT_PUBLIC_…\`), are left alone.`,
    fix: `Drops the \`ARG\` and adds \`--mount=type=secret,id=NAME,env=NAME\` to the \`RUN\`s that use it. A suggestion: the build command must then pass \`--secret id=NAME,env=NAME\` instead of \`--build-arg\`. Needs Dockerfile
syntax 1.10. Withheld where an \`ENV\` passes it on, where another stage inherits it, and where its users cannot be told.`,
    ignore: 'When the value is no secret, whatever its name says.',
    bad: {
      dockerfile:
        '# syntax=docker/dockerfile:1\nFROM node:22\nWORKDIR /app\nARG NPM_TOKEN\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
    },
    good: {
      dockerfile:
        '# syntax=docker/dockerfile:1\nFROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=NPM_TOKEN,env=NPM_TOKEN npm ci\n',
    },
    references: [
      'https://docs.docker.com/build/building/secrets/',
      'https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/',
    ],
  },
  *check(context) {
    const byName = new Map<string, Found[]>();
    for (const found of secrets(context))
      byName.set(found.property.name, [...(byName.get(found.property.name) ?? []), found]);
    for (const [first, ...others] of byName.values()) if (first) yield report(context, first, others);
  },
};
