import { ancestors, type Stage, type Step, standsOn } from '../build/graph.ts';
import { took } from '../cache/time.ts';
import { type Cause, causesOf, consequence, isHitBy, isQuiet, past, widestOf } from '../fixes/broadCopies.ts';
import { installAndBuild } from '../fixes/installAndBuild.ts';
import { type InstallStep, installStep } from '../fixes/installStep.ts';
import { manifestsFirst, reachOf, type Situation } from '../fixes/manifestsFirst.ts';
import { neverDownloads } from '../fixes/offlineReaders.ts';
import { postponed } from '../fixes/postponed.ts';
import { onlyPrunes, startsAnew } from '../fixes/prunes.ts';
import { raised } from '../fixes/raised.ts';
import type { Fix } from '../fixes.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Call, Invocation } from '../managers/manager.ts';
import { listing, sentences } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** Installs of a stage that no broad COPY should precede, in order. Those that share their RUN with a build are install-and-build-in-one-run's. */
const installsOf = ({ facts }: RuleContext, stage: Stage): InstallStep[] =>
  stage.steps.flatMap((step) => {
    const install = step.fromOnbuild ? undefined : installStep(step, facts.context);
    return install && !install.installsProject && !installAndBuild(step, facts.context) ? [install] : [];
  });

function* checkStage(context: RuleContext, stage: Stage): Generator<Report> {
  const reported = new Set<Step>();
  let installs = installsOf(context, stage);
  while (installs.length > 0) {
    const causes = causesOf(context, installs);
    const widest = widestOf(causes);
    if (!widest || reported.has(widest.copy)) return;
    reported.add(widest.copy);
    const { copy } = widest;
    const hit = installs.filter((install) => isHitBy(copy, install));
    installs = installs.filter((install) => !hit.includes(install));
    // What is above an install that this COPY does not hit concerns that one: it need not move for the others.
    const last = installs.filter(({ step }) => step.index < copy.index).at(-1)?.step.index ?? -1;
    yield* reports(
      context,
      widest,
      causes.filter((each) => each.copy.stage !== stage || each.copy.index > last),
      hit,
    );
  }
}

/** One report for the installs that the fix can put above the COPY, one for those that it cannot, with what stands in the way. */
function* reports(
  context: RuleContext,
  cause: Cause,
  causes: readonly Cause[],
  installs: readonly InstallStep[],
): Generator<Report> {
  const { dockerfile, model, facts } = context;
  const copies = causes.map(({ copy }) => copy).filter(({ stage }) => stage === cause.copy.stage);
  const situation = { dockerfile, model, context: facts.context, copies, installs };
  const { movable, refusal } = reachOf(situation);
  const [first, rest] = [installs.slice(0, movable), installs.slice(movable)];
  if (first.length > 0) {
    const plan = manifestsFirst({ ...situation, installs: first });
    yield report(context, cause, first, plan.refusal ?? advice(first, causes), plan.fixes);
  }
  if (rest.length === 0) return;
  const above = copies[0] && raised(context, copies[0], rest);
  if (above) {
    yield report(context, cause, rest, advice(rest, causes), [above]);
    return;
  }
  const fixes = withoutScripts(situation, movable);
  const reason = refusal ?? '';
  const advised =
    fixes.length > 0
      ? `${reason.replace(/^There is no fix: /, '')} The fix installs without scripts, and runs them behind the ${cause.copy.keyword}.`
      : reason;
  yield report(context, cause, rest, advised, fixes);
}

/** For an install that only its scripts bar: it goes up without them, and they run behind the COPY. */
function withoutScripts(situation: Situation, movable: number): readonly Fix[] {
  const { dockerfile, context, installs } = situation;
  const barred = installs[movable];
  const later = barred && context && postponed(dockerfile, barred, context);
  if (!later) return [];
  const changed = { ...situation, installs: [...installs.slice(0, movable), later.install], postponed: later };
  return reachOf(changed).refusal === undefined ? manifestsFirst(changed).fixes : [];
}

/** Whether it only unpacks what an earlier step has fetched, as `pnpm install --offline` after `pnpm fetch`, takes away some of it, or finds what one above the COPY has installed. */
const isQuick = ({ step, invocations }: InstallStep, { copy }: Cause): boolean =>
  invocations.every(
    (each) =>
      neverDownloads(each) ||
      onlyPrunes(each) ||
      [...ancestors(step)].some((above) => isAbove(above, copy) && repeats(each, above)),
  );

const isAbove = (step: Step, copy: Step): boolean =>
  step.stage === copy.stage ? step.index < copy.index : standsOn(copy.stage, step.stage);

/** Whether a step has run the same install, with whatever options: `pnpm install --ignore-scripts`, then `pnpm install` for the scripts. */
function repeats(install: Invocation, above: Step): boolean {
  const { manager, call, action } = install;
  const words = plainWords(call).join(' ');
  return (
    action === 'install' &&
    call.cwd !== undefined &&
    !startsAnew(install) &&
    invocationsOf(above).some(
      (each) =>
        each.manager === manager &&
        each.action === action &&
        each.call.cwd === call.cwd &&
        plainWords(each.call).join(' ') === words,
    )
  );
}

const plainWords = ({ args }: Call): string[] => args.map(({ text }) => text).filter((text) => !text.startsWith('-'));

const report = (
  context: RuleContext,
  cause: Cause,
  installs: readonly InstallStep[],
  advised: string,
  fixes: readonly Fix[],
): Report => ({
  severity: isQuiet(context, cause) || installs.every((install) => isQuick(install, cause)) ? 'information' : undefined,
  span: cause.copy.instruction.span,
  message: sentences(
    consequence(context, cause, installs),
    took(
      context,
      installs.map(({ step }) => step),
    ),
    past(context, cause, installs),
    advised,
  ),
  related: installs.map(({ step, invocations }) => ({
    span: invocations[0]?.call.command.span ?? step.instruction.keywordSpan,
    message: `Runs again whenever a file of the ${cause.copy.keyword} on line ${cause.copy.instruction.line + 1} changes.`,
  })),
  fixes,
});

/** Of what the installs read, what these COPYs bring: the rest is there already, or never comes into the image. */
const advice = (installs: readonly InstallStep[], causes: readonly Cause[]): string => {
  const read = [...new Set(installs.flatMap(({ inputs }) => inputs.files))];
  const brought = read.filter((file) => causes.some(({ selection }) => selection.has(file)));
  const files = listing(brought, 3);
  return files ? `Copy only ${files} before the install, and the rest after it.` : 'Put the install above it.';
};

export const copyBeforeInstall: Rule = {
  id: 'copy-before-install',
  severity: 'warning',
  category: 'order',
  docs: {
    summary: 'A COPY brings more files than the dependency install after it reads',
    why: `The content of every file that a \`COPY\` selects is part of its cache key, and a step that runs again makes every step after it run again. With \`COPY . .\` before \`npm ci\`, each
edit of a source file, a test or the README downloads and installs all dependencies anew, although \`npm ci\` reads only a few manifests. Copied first and alone, the manifests change in about a quarter of
commits (measured over 135 repositories); the install stays cached for the rest.

The message counts the files of the real build context, after \`.dockerignore\`, and where the git history is available says how many commits ran the install for nothing; where next to none did, and where the install takes all it
needs from an earlier download or install, or only takes development dependencies away, the finding is an information. Stages built \`FROM\` another one are followed.`,
    fix: `Copies exactly the files that the install reads — manifests, lock files, configuration, the manifests of all workspaces, patches, files that lifecycle scripts need — with the ownership flags of the original
\`COPY\`, and moves that \`COPY\` below the install. It is safe when the install follows its lock file, everything it reads is known, and what it writes (\`node_modules\`) is kept out of the context. Where only scripts of npm or composer may read more, a suggestion
installs without them and runs them behind the \`COPY\`. There is no fix, and the message says why, where a path dependency or an instruction in between may read the other files, or where the \`COPY\` lies in another stage. Packages of the system that come after a build move above the \`COPY\`.`,
    ignore: 'When the install really reads the sources, for example through a `postinstall` script that compiles them.',
    bad: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm npm ci\nCMD ["node", "server.js"]\n',
      files: {
        'package.json': '{"name":"app"}',
        'package-lock.json': '{"lockfileVersion":3}',
        'server.js': '',
        '.dockerignore': 'node_modules\n',
      },
    },
    good: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
      files: {
        'package.json': '{"name":"app"}',
        'package-lock.json': '{"lockfileVersion":3}',
        'server.js': '',
        '.dockerignore': 'node_modules\n',
      },
    },
    references: [
      'https://docs.docker.com/build/cache/optimize/#order-your-layers',
      'https://docs.docker.com/build/cache/invalidation/',
    ],
  },
  checkStage,
};
