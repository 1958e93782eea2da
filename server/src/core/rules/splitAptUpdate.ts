import type { Stage, Step } from '../build/graph.ts';
import { mayRefreshLists, refreshesLists } from '../fixes/listReader.ts';
import { type Edit, type Fix, removeInstructions } from '../fixes.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Invocation } from '../managers/manager.ts';
import { listing, named } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';

/** An install that uses the package lists of an earlier layer. */
interface Install {
  readonly step: Step;
  readonly invocation: Invocation;
}

/** Managers that install from whatever lists are there. Others fetch lists anew by themselves: apk after 4 hours (with --no-cache always), dnf after 48, zypper after 10 minutes. */
const trustsLists = new Set(['apt', 'pacman']);

const isCacheMounted = (step: Step): boolean => step.mounts.some(({ type }) => type === 'cache' || type === 'tmpfs');

/** The last refresh of the lists in a RUN that installs nothing with them afterwards. */
function loneUpdate(step: Step): Invocation | undefined {
  if (isCacheMounted(step)) return undefined;
  const calls = invocationsOf(step);
  const last = calls.findLastIndex(({ manager, action }) => action === 'index' && trustsLists.has(manager.id));
  const update = calls[last];
  const used = calls.slice(last + 1).some(({ manager, action }) => manager === update?.manager && action === 'install');
  return used ? undefined : update;
}

/** The first install of a RUN, unless the RUN refreshes the lists before it. */
function loneInstall(step: Step, manager: Invocation['manager']): Install | undefined {
  const first = invocationsOf(step).find(
    (call) => call.manager === manager && (call.action === 'index' || call.action === 'install'),
  );
  return first?.action === 'install' && !refreshesLists(first) && !isCacheMounted(step)
    ? { step, invocation: first }
    : undefined;
}

/** Whether a RUN may have refreshed the lists by the time of its first install. */
const mayRefresh = (step: Step, install: Install | undefined): boolean =>
  mayRefreshLists(step, install?.invocation.call.command.span.start);

/** Installs that rely on `update`: later ones of its stage, and of stages built FROM it, up to the next refresh. */
function* dependents(stages: readonly Stage[], stage: Stage, from: number, update: Invocation): Generator<Install> {
  for (const step of stage.steps.slice(from)) {
    if (invocationsOf(step).some((each) => each.manager === update.manager && refreshesLists(each))) return;
    const install = loneInstall(step, update.manager);
    if (mayRefresh(step, install)) return;
    if (install) yield install;
  }
  for (const child of stages)
    if (child.base.kind === 'stage' && child.base.stage === stage) yield* dependents(stages, child, 0, update);
}

const isPure = (step: Step, update: Invocation): boolean =>
  step.script?.complete === true &&
  step.script.commands.length === 1 &&
  step.script.commands[0] === update.call.command;

/** Whether passing this step by cannot change which packages are found: it leaves the package sources alone. */
const leavesSourcesAlone = (step: Step): boolean =>
  step.copy
    ? !step.copy.destination.startsWith('/etc') && step.copy.destination !== '/'
    : step.keyword !== 'RUN' || installsOnly(step);

const installsOnly = (step: Step): boolean =>
  step.script?.complete === true && invocationsOf(step).length === step.script.commands.length;

function fix({ dockerfile }: RuleContext, step: Step, update: Invocation, installs: readonly Install[]): Fix[] {
  const plain = installs.every(
    (install) =>
      install.step.stage === step.stage &&
      !install.step.fromOnbuild &&
      install.invocation.call.command.within.length === 0 &&
      !looksUpBefore(dockerfile, install),
  );
  if (!plain || step.fromOnbuild || update.call.command.within.length > 0) return [];
  const refresh = textOf(dockerfile, update);
  if (refresh.includes('\n')) return [];
  const edits: Edit[] = installs.map(({ invocation }) => {
    const { start } = invocation.call.command.span;
    return { span: { start, end: start }, newText: `${refresh} && ` };
  });
  const pure = isPure(step, update);
  const last = installs.at(-1)?.step.index ?? step.index;
  const between = step.stage.steps.slice(step.index + 1, last);
  const safe = pure && between.every(leavesSourcesAlone) && installs.length === 1;
  return [
    {
      title: `Run ${brief(refresh)} together with the install`,
      applicability: safe ? 'safe' : 'suggestion',
      edits: pure ? [...removeInstructions(dockerfile, [step.instruction]), ...edits] : edits,
    },
  ];
}

/** Whether the RUN asks the lists something before it installs: they would have to be fresh there already. */
const looksUpBefore = ({ text }: Dockerfile, { step, invocation }: Install): boolean =>
  /\b(apt-cache|apt (list|policy|search|show))\b/.test(
    text.slice(step.instruction.span.start, invocation.call.command.span.start),
  );

const textOf = ({ text }: Dockerfile, { call }: Invocation): string =>
  text.slice(call.command.span.start, call.command.span.end);

const brief = (command: string): string => (command.length > 30 ? `${command.slice(0, 29)}…` : command);

function report(context: RuleContext, step: Step): Report | undefined {
  const update = loneUpdate(step);
  if (!update) return undefined;
  const installs = [...dependents(context.graph.stages, step.stage, step.index + 1, update)];
  if (installs.length === 0) return undefined;
  const users = listing(
    installs.map((install) => named(install.step)),
    2,
  );
  return {
    span: update.call.command.span,
    message: `The package lists that this fetches are cached as a layer of their own and are never fetched again while the lines above stay the same. ${users} then ${
      installs.length > 1 ? 'install' : 'installs'
    } from old lists: outdated packages, or a failure once they are gone from the mirror. Refresh the lists and install in one RUN.`,
    related: installs.map(({ invocation }) => ({
      span: invocation.call.command.span,
      message: 'Installs from the cached, possibly outdated lists.',
    })),
    fixes: fix(context, step, update, installs),
  };
}

export const splitAptUpdate: Rule = {
  id: 'split-apt-update',
  severity: 'warning',
  category: 'layers',
  docs: {
    summary: 'The package lists are refreshed in another RUN than the install that uses them',
    why: `\`RUN apt-get update\` is cached by its text and what is before it, not by what the mirror holds today. As long as these stay the same, BuildKit
reuses the layer with the old lists, and an \`apt-get install\` in a later \`RUN\` installs old versions or fails with *404 Not Found*. When both are in one \`RUN\`, a change of the
package list fetches fresh lists too. The same holds for \`pacman -Sy\`. It does not for \`apk\`, \`dnf\`, \`yum\` and \`zypper\`: these look at the age of their lists before
they install, and fetch them anew (\`apk add --no-cache\` always does), so that their \`update\` is of no use there, and does no harm.`,
    fix: `Puts the refresh in front of the install, in the same \`RUN\`, and drops the \`RUN\` that only refreshed. It is a suggestion where something in between could change the package sources or where
the first \`RUN\` does more than refresh; there is none where the install is nested in a condition or lies in another stage.`,
    ignore: 'When the frozen lists are wanted, for example because they come from a snapshot mirror.',
    bad: { dockerfile: 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y --no-install-recommends curl\n' },
    good: {
      dockerfile:
        'FROM debian:12\nRUN rm -f /etc/apt/apt.conf.d/docker-clean\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y --no-install-recommends curl\n',
    },
    references: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
  },
  *checkStage(context, stage) {
    for (const step of stage.steps) {
      const found = step.keyword === 'RUN' && !step.fromOnbuild ? report(context, step) : undefined;
      if (found) yield found;
    }
  },
};
