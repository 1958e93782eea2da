import type { Step } from '../build/graph.ts';
import { isShipped } from '../cache/shipped.ts';
import { took } from '../cache/time.ts';
import { type Cause, causesOf, consequence, isQuiet, past, widestOf } from '../fixes/broadCopies.ts';
import { isMounted } from '../fixes/cacheMounts.ts';
import { cutInTwo } from '../fixes/cutInTwo.ts';
import { type InstallAndBuild, installAndBuild } from '../fixes/installAndBuild.ts';
import { manifestsFirst, reachOf } from '../fixes/manifestsFirst.ts';
import { cachesOf } from '../fixes/mountUse.ts';
import { noFix, type Plan } from '../fixes/plan.ts';
import { line, sentences } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** With the place it installs into kept in a mount, an install that runs again has nothing to do. */
const isKept = ({ step, install: { invocations } }: InstallAndBuild, { facts }: RuleContext): boolean =>
  invocations.every((invocation) => {
    const locations = cachesOf(invocation, facts.context).filter((location) => location.class === 'B');
    return locations.length > 0 && locations.every(({ path }) => path !== undefined && isMounted(step, path));
  });

function planOf(context: RuleContext, both: InstallAndBuild, causes: readonly Cause[], widest: Cause): Plan {
  const { dockerfile, model, facts, graph } = context;
  const copies = causes.map(({ copy }) => copy).filter(({ stage }) => stage === widest.copy.stage);
  const situation = { dockerfile, model, context: facts.context, copies, installs: [both.install] };
  const { refusal } = reachOf(situation);
  if (refusal) return { fixes: [], refusal };
  const cut = cutInTwo(dockerfile, both, isShipped(graph, both.step.stage), facts.context);
  if (typeof cut === 'string') return noFix(cut);
  const plan = manifestsFirst({ ...situation, cut });
  const title = `Give ${both.install.title} a RUN of its own, above the ${widest.copy.keyword}`;
  return { ...plan, fixes: plan.fixes.map((fix) => ({ ...fix, title })) };
}

function report(context: RuleContext, step: Step): Report | undefined {
  const both = installAndBuild(step, context.facts.context);
  if (!both || isKept(both, context)) return undefined;
  const { install, build } = both;
  const causes = causesOf(context, [install]);
  const widest = widestOf(causes);
  const command = install.invocations[0]?.call.command;
  if (!widest || !command) return undefined;
  const { fixes, refusal } = planOf(context, both, causes, widest);
  return {
    severity: isQuiet(context, widest) ? 'information' : undefined,
    span: command.span,
    message: sentences(
      `This RUN installs the dependencies and builds the sources, so that each change of a source installs everything again.`,
      consequence(context, widest, [install]),
      took(context, [step]),
      past(context, widest, [install]),
      refusal ?? `Give ${install.title} a RUN of its own, above the ${widest.copy.keyword}.`,
    ),
    related: [
      { span: widest.copy.instruction.span, message: `A change of any of these files runs ${install.title} again.` },
      {
        span: build.span,
        message: `Needs the sources, and shares its RUN with ${install.title} on ${line(step.instruction)}.`,
      },
    ],
    fixes,
  };
}

export const installAndBuildInOneRun: Rule = {
  id: 'install-and-build-in-one-run',
  severity: 'warning',
  category: 'order',
  docs: {
    summary: 'One RUN installs the dependencies and builds the sources',
    why: `A \`RUN\` is cached as a whole. When it installs dependencies and then builds, it depends on the sources that were copied before it, and every change of a source file downloads and installs all
dependencies again. In a \`RUN\` of its own, behind a \`COPY\` of only the manifests, the install stays cached until a manifest changes.

The message counts the files that run the install again, after \`.dockerignore\`, and says what the git history tells about them; where they hardly ever change, the finding is an information. A \`RUN\` whose cache mount keeps the installed packages themselves (Go's module
cache) is not reported. Where this rule speaks, copy-before-install is silent about the same \`RUN\`.`,
    fix: `Cuts the \`RUN\` in two between install and build, copies exactly the files that the install reads above the first half, and puts the broad \`COPY\` between the halves. Both halves keep the flags and mounts,
and begin with the same \`cd\`, \`export\` and \`set\`. Safe under the same conditions as for copy-before-install, when the commands are joined by plain \`&&\` and no other state of the shell is carried across. Withheld
otherwise, and where the build removes what the install added, which would then stay in the image.`,
    ignore: 'When the install really reads the sources.',
    bad: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm npm ci && npm run build\n',
      files: {
        'package.json': '{"name":"app","scripts":{"build":"tsc"}}',
        'package-lock.json': '{"lockfileVersion":3}',
        'src/index.ts': '',
        '.dockerignore': 'node_modules\n',
      },
    },
    good: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY . .\nRUN npm run build\n',
      files: {
        'package.json': '{"name":"app","scripts":{"build":"tsc"}}',
        'package-lock.json': '{"lockfileVersion":3}',
        'src/index.ts': '',
        '.dockerignore': 'node_modules\n',
      },
    },
    references: [
      'https://docs.docker.com/build/cache/optimize/#order-your-layers',
      'https://docs.docker.com/build/cache/invalidation/',
    ],
  },
  *checkStage(context, stage) {
    for (const step of stage.steps) {
      const found = step.keyword === 'RUN' && !step.fromOnbuild ? report(context, step) : undefined;
      if (found) yield found;
    }
  },
};
