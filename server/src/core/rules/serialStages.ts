import type { Stage, Step } from '../build/graph.ts';
import { within } from '../cache/placement.ts';
import { type InstallStep, installStep } from '../fixes/installStep.ts';
import { named } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** Managers whose installs look for one another's files or programs: they are one ecosystem. */
const ecosystems: readonly (readonly string[])[] = [
  ['npm', 'yarn', 'pnpm', 'bun', 'deno'],
  ['pip', 'pipenv', 'poetry', 'uv', 'pdm', 'conda'],
  ['maven', 'gradle', 'sbt', 'lein'],
  ['bundler', 'gem'],
  ['conan', 'vcpkg', 'ccache'],
  ['cabal', 'stack'],
];

const ecosystem = ({ invocations }: InstallStep): string | undefined => {
  const ids = new Set(
    invocations.map(({ manager: { id } }) => ecosystems.find((group) => group.includes(id))?.[0] ?? id),
  );
  return ids.size === 1 ? [...ids][0] : undefined;
};

/** Installs of a project's dependencies of which everything they read is known, and that do nothing else. */
const installsOf = ({ facts }: RuleContext, { steps }: Stage): InstallStep[] =>
  steps.flatMap((step) => {
    const install = step.fromOnbuild ? undefined : installStep(step, facts.context);
    const isWhole =
      install &&
      !install.isSystem &&
      !install.installsProject &&
      install.alsoRuns.length === 0 &&
      install.invocations.every(({ action }) => action === 'install' || action === 'fetch');
    return isWhole && install.inputs.obstacles.length === 0 && install.inputs.files.length > 0 ? [install] : [];
  });

/** Whether two installs share neither a file that they read nor the folder that one of them makes. */
function areApart(a: InstallStep, b: InstallStep): boolean {
  if (a.inputs.files.some((file) => b.inputs.files.includes(file))) return false;
  const made = ({ invocations }: InstallStep): string[] =>
    invocations.flatMap(({ manager, call }) => (manager.writes ?? []).map((name) => `${call.cwd}/${name}`));
  const [first, second] = [made(a), made(b)];
  return (
    first.length > 0 &&
    second.length > 0 &&
    !first.some((one) => second.some((other) => within(one, other) !== undefined || within(other, one) !== undefined))
  );
}

/** Whether a step between two installs needs the first one, or prepares the second: it would have to move as well. */
const isLight = ({ keyword, copy }: Step): boolean => keyword !== 'RUN' && !copy?.from;

function report(context: RuleContext, stage: Stage): Report | undefined {
  const installs = installsOf(context, stage);
  for (const [at, second] of installs.entries()) {
    const first = installs.slice(0, at).find((each) => ecosystem(each) !== ecosystem(second) && areApart(each, second));
    if (!first || ecosystem(second) === undefined || ecosystem(first) === undefined) continue;
    const between = stage.steps.slice(first.step.index + 1, second.step.index);
    if (!between.every(isLight)) continue;
    const { span } = second.invocations[0]?.call.command ?? second.step.instruction;
    return {
      span,
      message: `${named(first.step)} and this have nothing in common: neither reads what the other makes. In one stage they run one after the other, and a change of the first one's files runs both. In a stage of its own, whose result is copied here, BuildKit runs it at the same time.`,
      related: [{ span: first.step.instruction.keywordSpan, message: 'Could run at the same time.' }],
    };
  }
  return undefined;
}

export const serialStages: Rule = {
  id: 'serial-stages',
  severity: 'hint',
  category: 'stages',
  docs: {
    summary: 'Independent installs stand in one stage, so that BuildKit cannot run them in parallel',
    why: `BuildKit runs stages that do not need one another at the same time, and each step as soon as what it stands on is there. Steps of one stage stand on each other: the second waits for the first, and runs again when the first one did.

Reported are two installs of different languages in one stage that provably share nothing: everything that each reads is known, no file is common to both, and they write to folders of their own. At most one hint for each stage.`,
    fix: 'None: which of the two moves, and to which base image, is for you to say.',
    ignore: 'When one of the two is quick, or both need the same system packages.',
    bad: {
      dockerfile:
        'FROM example.com/php-with-node:8.4\nWORKDIR /app\nCOPY composer.json composer.lock ./\nRUN --mount=type=cache,target=/tmp/composer COMPOSER_CACHE_DIR=/tmp/composer composer install --no-scripts --no-autoloader\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY . .\n',
      files: {
        'composer.json': '{}',
        'composer.lock': '{}',
        'package.json': '{"name":"app"}',
        'package-lock.json': '{"lockfileVersion":3}',
        '.dockerignore': 'node_modules\nvendor\n',
      },
    },
    good: {
      dockerfile:
        'FROM node:22 AS assets\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n\nFROM example.com/php:8.4\nWORKDIR /app\nCOPY composer.json composer.lock ./\nRUN --mount=type=cache,target=/tmp/composer COMPOSER_CACHE_DIR=/tmp/composer composer install --no-scripts --no-autoloader\nCOPY --from=assets /app/node_modules node_modules\nCOPY . .\n',
      files: {
        'composer.json': '{}',
        'composer.lock': '{}',
        'package.json': '{"name":"app"}',
        'package-lock.json': '{"lockfileVersion":3}',
        '.dockerignore': 'node_modules\nvendor\n',
      },
    },
    references: [
      'https://docs.docker.com/build/building/multi-stage/',
      'https://docs.docker.com/build/buildkit/#overview',
    ],
  },
  *checkStage(context, stage) {
    const found = report(context, stage);
    if (found) yield found;
  },
};
