import { ancestors, reachableStages, type Step } from '../build/graph.ts';
import { isToolVariable } from '../cache/environmentUse.ts';
import { numbered } from '../cache/match.ts';
import { verticesOf } from '../cache/vertices.ts';
import { type InstallStep, installStep } from '../fixes/installStep.ts';
import { invocationsOf } from '../managers/invocations.ts';
import { listing, named } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

const flat = (step: Step): string =>
  [step.instruction.rest.text, ...step.instruction.heredocs.map(({ body }) => body)].join('\n').replace(/\s+/g, ' ');

/** RUNs that install a project's dependencies: those of several stages that are the same in the same place, on the same image. */
function candidates({ graph }: RuleContext): Step[][] {
  const runs = reachableStages(graph).flatMap(({ image, steps }) =>
    image === undefined ? [] : steps.filter(({ keyword, fromOnbuild }) => keyword === 'RUN' && !fromOnbuild),
  );
  const alike = groups(runs, ({ stage, workdir, user }) => [stage.image, stage.platform, workdir, user].join('\n'));
  return alike.flatMap((steps) => groups(steps, flat)).filter(([first]) => first && installs(first));
}

/** Steps of one key, where several stages have such. */
function groups(steps: readonly Step[], keyOf: (step: Step) => string): Step[][] {
  const byKey = new Map<string, Step[]>();
  for (const step of steps) {
    const key = keyOf(step);
    const known = byKey.get(key);
    if (known) known.push(step);
    else byKey.set(key, [step]);
  }
  return [...byKey.values()].filter(([first, ...others]) => others.some(({ stage }) => stage !== first?.stage));
}

const installs = (step: Step): boolean =>
  invocationsOf(step).some(
    ({ manager, action }) => manager.inputs !== undefined && (action === 'install' || action === 'fetch'),
  );

/** What of the file system below an install is made by commands: it may be there on purpose. */
const commandsBefore = (step: Step): string =>
  [...ancestors(step)]
    .filter(({ keyword }) => /^(RUN|USER|SHELL)$/.test(keyword))
    .map(flat)
    .join('\n');

const settings = ({ environment: { variables } }: Step): Map<string, string> =>
  new Map(variables.map(({ name, text }) => [name, text]));

/** Whether variables differ that the tools themselves look up: production and development dependencies are not the same. */
function differsByTools(a: Step, b: Step): boolean {
  const [first, second] = [settings(a), settings(b)];
  return [...first.keys(), ...second.keys()].some(
    (name) => first.get(name) !== second.get(name) && isToolVariable(name),
  );
}

const isSame = (a: InstallStep, b: InstallStep): boolean => {
  const places = ({ invocations }: InstallStep): string => invocations.map(({ call }) => call.cwd ?? '?').join();
  return (
    [a, b].every(
      ({ inputs, installsProject, alsoRuns }) => inputs.obstacles.length + alsoRuns.length === 0 && !installsProject,
    ) &&
    a.inputs.files.join('\n') === b.inputs.files.join('\n') &&
    a.inputs.files.length > 0 &&
    places(a) === places(b) &&
    !places(a).includes('?')
  );
};

/** Two installs whose results are the same although BuildKit makes both. */
function isTwice({ facts }: RuleContext, a: Step, b: Step): boolean {
  if (commandsBefore(a) !== commandsBefore(b) || differsByTools(a, b)) return false;
  const [first, second] = [installStep(a, facts.context), installStep(b, facts.context)];
  return first !== undefined && second !== undefined && isSame(first, second);
}

const counts = ({ keyword }: Step): boolean => /^(RUN|COPY|ADD|WORKDIR|ENV|ARG)$/.test(keyword);

/** The first instruction above the install that the other chain does not have at this place. */
function difference(a: Step, b: Step): Step | undefined {
  const [first, second] = [[...ancestors(a)].filter(counts), [...ancestors(b)].filter(counts)];
  const at = second.findIndex((step, index) => {
    const other = first[index];
    return !other || other.keyword !== step.keyword || flat(other) !== flat(step);
  });
  return at === -1 ? first[second.length] : second[at];
}

/** Steps with equal numbers are one vertex. */
function numbering({ model }: RuleContext): (step: Step) => number {
  const vertices = verticesOf(model);
  const { number } = numbered(
    model,
    vertices.flatMap(({ main, link }) => (link ? [main, link] : [main])),
  );
  return (step) => number(vertices.find((each) => each.step === step)?.main);
}

function* check(context: RuleContext): Generator<Report> {
  const groups = candidates(context);
  if (groups.length === 0) return;
  let number: ReturnType<typeof numbering> | undefined;
  const isOneVertex = (a: Step, b: Step): boolean => {
    number ??= numbering(context);
    return number(a) === number(b);
  };
  for (const [first, ...others] of groups)
    for (const step of first ? others : []) {
      if (!first || first.stage === step.stage || !isTwice(context, first, step) || isOneVertex(first, step)) continue;
      const files = installStep(step, context.facts.context)?.inputs.files ?? [];
      const cause = difference(first, step);
      yield {
        span: invocationsOf(step)[0]?.call.command.span ?? step.instruction.keywordSpan,
        message: `${named(first)} installs the same: both read ${listing(files, 3)}. BuildKit would run identical chains of steps once, but these differ${cause ? ` (${named(cause)})` : ''}, so that everything is installed twice. Install in one stage, and build both FROM it or copy from it; or let the steps before both installs be the same.`,
        related: [
          { span: first.instruction.keywordSpan, message: 'Installs the same dependencies.' },
          ...(cause ? [{ span: cause.instruction.span, message: 'Makes the cache keys differ.' }] : []),
        ],
      };
    }
}

export const duplicateInstallStage: Rule = {
  id: 'duplicate-install-stage',
  severity: 'information',
  category: 'stages',
  docs: {
    summary: 'Two stages install the same dependencies with cache keys that differ only by accident',
    why: `BuildKit knows a step by its key, and not by its stage: two stages that begin with the same steps share them, and each runs once. A single instruction that differs above an install, such as an \`ARG\` or \`ENV\` that the install does not need or a \`COPY\`
of one more file, makes another key of it, and everything is downloaded and installed twice, in every build in which the manifests changed.

Reported are installs by the same commands, of the same files, in the same folder, on the same image and platform, as the same user and after the same commands, whose keys differ all the same. Variables that the tools look up themselves (\`NODE_ENV\` and the like)
are taken for a purpose.`,
    fix: 'None: which of the stages the other one should stand on is for you to say.',
    ignore: 'When the two must not share a layer.',
    bad: {
      dockerfile:
        'FROM node:22 AS test\nENV REPORTER=dot\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY . .\nRUN npm test > /tmp/report\n\nFROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY --from=test /tmp/report /app/report\n',
      files: {
        'package.json': '{"name":"app"}',
        'package-lock.json': '{"lockfileVersion":3}',
        '.dockerignore': 'node_modules\n',
      },
    },
    good: {
      dockerfile:
        'FROM node:22 AS test\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY . .\nENV REPORTER=dot\nRUN npm test > /tmp/report\n\nFROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY --from=test /tmp/report /app/report\n',
      files: {
        'package.json': '{"name":"app"}',
        'package-lock.json': '{"lockfileVersion":3}',
        '.dockerignore': 'node_modules\n',
      },
    },
    references: [
      'https://docs.docker.com/build/cache/',
      'https://docs.docker.com/build/building/multi-stage/#use-a-previous-stage-as-a-new-stage',
    ],
  },
  check,
};
