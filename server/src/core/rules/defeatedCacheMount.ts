import { familyOf, type Stage, type Step } from '../build/graph.ts';
import { helpEdits, joinDeletions } from '../fixes/cacheMounts.ts';
import { type Defeat, defeatsOf, unkept } from '../fixes/mountDefeats.ts';
import { cacheMountsOf, cachesOf, overlap } from '../fixes/mountUse.ts';
import type { Plan } from '../fixes/plan.ts';
import { isRemoval } from '../managers/cleanups.ts';
import { defeatersOf } from '../managers/defeaters.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Companion, Defeater, Invocation } from '../managers/manager.ts';
import { line, listing, sentences } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** Each text once, whatever the number of calls and mounts that it concerns. */
function merged(defeats: readonly Defeat[]): Defeat[] {
  const found = new Map<number, Defeat>();
  for (const defeat of defeats) {
    const { start } = defeat.defeater.span;
    const known = found.get(start);
    const mounts = [...(known?.mounts ?? []), ...defeat.mounts];
    found.set(start, { ...(known ?? defeat), mounts });
  }
  return [...found.values()].map((each) => ({
    ...each,
    mounts: each.mounts.filter(({ mount }, at) => each.mounts.findIndex((other) => other.mount === mount) === at),
  }));
}

/** A RUN without a mount that the same variable keeps from leaving its downloads in a layer. */
const reliesOn = ({ graph, facts }: RuleContext, stage: Stage, { span }: Defeater): Step | undefined =>
  familyOf(graph, stage)
    .flatMap(({ steps }) => steps)
    .find((step) =>
      invocationsOf(step).some(
        (invocation) =>
          defeatersOf(invocation).some((each) => each.span.start === span.start) &&
          !cachesOf(invocation, facts.context).some(
            ({ path }) => path && cacheMountsOf(step).some(({ target }) => overlap(target, path)),
          ),
      ),
    );

function planned(context: RuleContext, { invocation, defeater }: Defeat): Plan {
  const other = defeater.kind === 'variable' ? reliesOn(context, invocation.call.step.stage, defeater) : undefined;
  if (other)
    return {
      fixes: [],
      refusal: `There is no fix: the RUN on ${line(other.instruction)} has no mount and would leave its downloads in the image.`,
    };
  const companions = (invocation.manager.companions?.(invocation.call) ?? []).filter(({ kind }) => kind === 'words');
  return plan(context, `Remove ${defeater.what}`, invocation, [defeater], isRemoval(invocation.call) ? [] : companions);
}

function plan(
  { dockerfile }: RuleContext,
  title: string,
  invocation: Invocation,
  defeaters: readonly Defeater[],
  companions: readonly Companion[],
): Plan {
  // A command goes before the manager's first call in the RUN.
  const calls = invocationsOf(invocation.call.step).filter(({ manager }) => manager === invocation.manager);
  const edits = helpEdits(
    dockerfile,
    calls.map((each) =>
      each === invocation ? { invocation, defeaters, companions } : { invocation: each, defeaters: [], companions: [] },
    ),
  );
  if (typeof edits === 'string') return { fixes: [], refusal: edits };
  return {
    fixes: [{ title, applicability: 'suggestion', edits: joinDeletions(dockerfile.text, edits) }],
    refusal: undefined,
  };
}

const fromNothing =
  'starts from nothing whenever this step runs. What is in a mount is in no layer: there is nothing to save.';

function defeatReport(context: RuleContext, defeat: Defeat): Report {
  const { invocation, defeater, mounts } = defeat;
  const { fixes, refusal } = planned(context, defeat);
  const where = listing([...new Set(mounts.map(({ target }) => target))]);
  const what = `\`${defeater.what}\``;
  const { title } = invocation.manager;
  const effect = defeater.compiled
    ? `${what} makes ${title} compile everything again whenever this step runs, whatever the cache mount at ${where} holds.`
    : invocation.action === 'clean'
      ? `${what} empties the cache mount at ${where}, so ${title} ${fromNothing}`
      : `${what} keeps ${title} from using the cache mount at ${where}, so it ${fromNothing}`;
  return {
    span: defeater.span,
    message: `${effect} ${refusal ?? 'Remove it.'}`,
    related: mounts.map(({ mount }) => ({
      span: mount.flag.span,
      message: `The cache mount that ${defeater.compiled ? 'is passed over' : 'stays empty'}.`,
    })),
    fixes,
  };
}

function* unkeptReports(context: RuleContext, step: Step): Generator<Report> {
  for (const { invocation, mount, companion } of unkept(context.facts.context, step)) {
    const { fixes, refusal } = plan(
      context,
      `Let ${invocation.manager.title} keep its packages`,
      invocation,
      [],
      [companion],
    );
    yield {
      span: mount.mount.flag.span,
      severity: 'information',
      message: sentences(
        `${companion.why} The cache mount at ${mount.target} keeps no packages, so that all of them are fetched again whenever this step runs.`,
        refusal,
      ),
      fixes,
    };
    return;
  }
}

const runsOf = ({ steps }: Stage): Step[] =>
  steps.filter((step) => step.keyword === 'RUN' && !step.fromOnbuild && cacheMountsOf(step).length > 0);

function* checkStage(context: RuleContext, stage: Stage): Generator<Report> {
  // A variable of a common base defeats the mounts of all stages that stand there: told once, with the first.
  const defeats = familyOf(context.graph, stage)
    .flatMap(runsOf)
    .flatMap((step) => invocationsOf(step).flatMap((invocation) => defeatsOf(context.facts.context, step, invocation)));
  for (const defeat of merged(defeats))
    if (defeat.invocation.call.step.stage === stage) yield defeatReport(context, defeat);
  for (const step of runsOf(stage)) yield* unkeptReports(context, step);
}

export const defeatedCacheMount: Rule = {
  id: 'defeated-cache-mount',
  severity: 'warning',
  category: 'mounts',
  docs: {
    summary: 'A cache mount is emptied or bypassed in the same RUN',
    why: `A cache mount keeps what a package manager downloads between builds. A cleanup in the same \`RUN\` (\`apt-get clean\`, \`rm -rf /var/lib/apt/lists/*\`, \`npm cache clean\`) empties the mount, and a flag or variable such
as \`--no-cache-dir\` or \`PIP_NO_CACHE_DIR\` keeps anything from getting there. \`go build -a\` compiles everything again, whatever the mount holds. All are left-overs from times without mounts: what is in a mount is in no layer, so it makes no image larger.

The images of Debian and Ubuntu come with \`/etc/apt/apt.conf.d/docker-clean\`, which deletes every package right after its installation, and dnf deletes its packages unless \`keepcache\` is set: a mount over their
caches stays without packages until that is changed. This is reported as information, as the package lists are kept all the same.`,
    fix: 'Removes the flag, the variable or the cleanup; removes `docker-clean` or sets `keepcache` in the same `RUN`. A suggestion: a cleanup may also free something outside the mount, and `-a` compiles anew what Go does not see change, such as C headers of the system. There is no fix where another `RUN` without a mount relies on the variable.',
    ignore: 'When the cleanup is meant to limit the size of the mount.',
    bad: {
      dockerfile:
        'FROM python:3.13\nCOPY requirements.txt ./\nRUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir -r requirements.txt\n',
      files: { 'requirements.txt': 'flask==3.1.0\n' },
    },
    good: {
      dockerfile:
        'FROM python:3.13\nCOPY requirements.txt ./\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n',
      files: { 'requirements.txt': 'flask==3.1.0\n' },
    },
    references: [
      'https://docs.docker.com/build/cache/optimize/#use-cache-mounts',
      'https://docs.docker.com/reference/dockerfile/#run---mounttypecache',
    ],
  },
  checkStage,
};
