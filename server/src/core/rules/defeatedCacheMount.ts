import { ancestors, familyOf, type Stage, type Step } from '../build/graph.ts';
import { within } from '../cache/placement.ts';
import { helpEdits, joinDeletions } from '../fixes/cacheMounts.ts';
import type { Plan } from '../fixes/manifestsFirst.ts';
import { type CacheMount, cacheMountsOf, cachesOf, overlap } from '../fixes/mountUse.ts';
import { isRemoval, removalsOf } from '../managers/cleanups.ts';
import { defeatersOf } from '../managers/defeaters.ts';
import { baseImage } from '../managers/images.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Companion, Defeater, Invocation } from '../managers/manager.ts';
import { line, listing } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** A flag, a variable or a cleanup, with all the mounts that it makes useless. */
interface Defeat {
  readonly invocation: Invocation;
  readonly defeater: Defeater;
  readonly mounts: readonly CacheMount[];
}

/** The mounts of the step under which a call keeps its downloads. */
function mountsOver({ facts }: RuleContext, step: Step, invocation: Invocation): CacheMount[] {
  const paths = cachesOf(invocation, facts.context).flatMap(({ path }) => path ?? []);
  return cacheMountsOf(step).filter(({ target }) => paths.some((path) => overlap(target, path)));
}

const bookkeeping = /\/(partial|lock)$/;

/** Whether a removal of a folder leaves a mount empty: it is the mount, holds it, or is where in it the packages are. */
const empties = (folder: string, { target }: CacheMount): boolean =>
  within(folder, target) !== undefined || (within(target, folder) !== undefined && !bookkeeping.test(folder));

function defeatsOf(context: RuleContext, step: Step, invocation: Invocation): Defeat[] {
  const { call } = invocation;
  if (!call.command.unconditional) return [];
  if (isRemoval(call))
    return cacheMountsOf(step).flatMap((mount) =>
      removalsOf(call, (folder) => empties(folder, mount)).map((defeater) => ({
        invocation,
        defeater,
        mounts: [mount],
      })),
    );
  const mounts = mountsOver(context, step, invocation);
  return mounts.length === 0 ? [] : defeatersOf(invocation).map((defeater) => ({ invocation, defeater, mounts }));
}

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

function defeatReport(context: RuleContext, defeat: Defeat): Report {
  const { invocation, defeater, mounts } = defeat;
  const { fixes, refusal } = planned(context, defeat);
  const where = listing([...new Set(mounts.map(({ target }) => target))]);
  const what = `\`${defeater.what}\``;
  const effect =
    invocation.action === 'clean'
      ? `${what} empties the cache mount at ${where}, so ${invocation.manager.title} starts`
      : `${what} keeps ${invocation.manager.title} from using the cache mount at ${where}, so it starts`;
  return {
    span: defeater.span,
    message: [
      `${effect} from nothing whenever this step runs. What is in a mount is in no layer: there is nothing to save.`,
      refusal ?? 'Remove it.',
    ].join(' '),
    related: mounts.map(({ mount }) => ({ span: mount.flag.span, message: 'The cache mount that stays empty.' })),
    fixes,
  };
}

/** Texts that say that packages are kept, or that the file which deletes them is gone. */
const keeps = /docker-clean|keep-cache|keepcache|keep-?downloaded|keep-?packages/i;

/** Whether a step may change the settings of the system's package manager in a way that is not seen here. */
const mayKeep = ({ instruction, copy, keyword, script }: Step): boolean =>
  copy
    ? /^\/(etc(\/.*)?)?$/.test(copy.destination)
    : keyword === 'RUN' &&
      (script?.complete !== true ||
        script.commands.some(({ words }) => /\.sh$|^\.\//.test(words[0]?.value ?? '.sh')) ||
        [instruction.rest.text, ...instruction.heredocs.map(({ body }) => body)].some((text) => keeps.test(text)));

/** What a system's package manager lacks to keep its downloads, for images of which it is known that they delete them. */
function* unkept(context: RuleContext, step: Step): Generator<Report> {
  if (!baseImage(step.stage).known || [...ancestors(step), step].some(mayKeep)) return;
  for (const invocation of invocationsOf(step)) {
    const { manager, call } = invocation;
    const [companion] = manager.inputs || invocation.action !== 'install' ? [] : (manager.companions?.(call) ?? []);
    const [first] = cachesOf(invocation, context.facts.context);
    const mount = cacheMountsOf(step).find(({ target }) => first?.path && overlap(target, first.path));
    // apk needs another option only where its own one goes.
    if (!companion || !mount || manager.id === 'apk') continue;
    const { fixes, refusal } = plan(context, `Let ${manager.title} keep its packages`, invocation, [], [companion]);
    yield {
      span: mount.mount.flag.span,
      severity: 'information',
      message: [
        `${companion.why} The cache mount at ${mount.target} keeps no packages, so that all of them are fetched again whenever this step runs.`,
        refusal,
      ]
        .filter(Boolean)
        .join(' '),
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
    .flatMap((step) => invocationsOf(step).flatMap((invocation) => defeatsOf(context, step, invocation)));
  for (const defeat of merged(defeats))
    if (defeat.invocation.call.step.stage === stage) yield defeatReport(context, defeat);
  for (const step of runsOf(stage)) yield* unkept(context, step);
}

export const defeatedCacheMount: Rule = {
  id: 'defeated-cache-mount',
  severity: 'warning',
  category: 'mounts',
  docs: {
    summary: 'A cache mount is emptied or bypassed in the same RUN',
    why: `A cache mount keeps what a package manager downloads between builds. A cleanup in the same \`RUN\` (\`apt-get clean\`, \`rm -rf /var/lib/apt/lists/*\`, \`npm cache clean\`) empties the mount, and a flag or variable such
as \`--no-cache-dir\` or \`PIP_NO_CACHE_DIR\` keeps anything from getting there. Both are left-overs from times without mounts: what is in a mount is in no layer, so it makes no image larger.

The images of Debian and Ubuntu come with \`/etc/apt/apt.conf.d/docker-clean\`, which deletes every package right after its installation, and dnf deletes its packages unless \`keepcache\` is set: a mount over their
caches stays without packages until that is changed. This is reported as information, as the package lists are kept all the same.`,
    fix: 'Removes the flag, the variable or the cleanup; removes `docker-clean` or sets `keepcache` in the same `RUN`. A suggestion: a cleanup may also free something outside the mount. There is no fix where another `RUN` without a mount relies on the variable.',
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
