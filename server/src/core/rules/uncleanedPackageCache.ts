import type { BuildGraph, Stage, Step } from '../build/graph.ts';
import { isShipped } from '../cache/shipped.ts';
import { isMounted } from '../fixes/cacheMounts.ts';
import { knowsMounts } from '../fixes/frontend.ts';
import { appendCommand } from '../fixes/moveToEnd.ts';
import type { Fix } from '../fixes.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Invocation } from '../managers/manager.ts';
import { sentences } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

interface Leftover {
  /** What stays, as the object of "leaves". */
  readonly what: string;
  readonly cleanup: string;
}

/** System package managers, what they leave in a layer, and how people clean it up. */
const leftovers: Readonly<Record<string, Leftover>> = {
  apt: { what: 'the package lists in /var/lib/apt/lists', cleanup: 'rm -rf /var/lib/apt/lists/*' },
  dnf: { what: 'downloaded packages and metadata in /var/cache', cleanup: 'dnf clean all' },
  yum: { what: 'downloaded packages and metadata in /var/cache', cleanup: 'yum clean all' },
  microdnf: { what: 'metadata in /var/cache', cleanup: 'microdnf clean all' },
  zypper: { what: 'downloaded metadata in /var/cache', cleanup: 'zypper clean --all' },
};

const nameOf = ({ call: { program } }: Invocation): string => (program === 'apt-get' ? 'apt' : program);

/** The call that fills the cache last; what an update of apt fetched stays, while Debian's images drop the archives themselves. */
const filling = (step: Step): Invocation | undefined =>
  invocationsOf(step).findLast(
    (invocation) =>
      Object.hasOwn(leftovers, nameOf(invocation)) &&
      (invocation.action === 'index' || (invocation.action === 'install' && invocation.manager.id !== 'apt')),
  );

const cleans = (step: Step, { manager }: Invocation, from = 0): boolean =>
  invocationsOf(step).some(
    (each) => each.manager === manager && each.action === 'clean' && each.call.command.span.start > from,
  );

const isMountedOver = (step: Step, { manager, call }: Invocation): boolean =>
  manager.caches(call).some(({ path }) => path !== undefined && isMounted(step, path));

/** Later steps of the same file system: of the stage, and of those built FROM it. */
function* followers(graph: BuildGraph, stage: Stage, from: number): Generator<Step> {
  yield* stage.steps.slice(from);
  for (const child of graph.stages)
    if (child.base.kind === 'stage' && child.base.stage === stage) yield* followers(graph, child, 0);
}

/** Whether a later step installs with what this one fetched: it is split-apt-update's. */
function isUsedLater(graph: BuildGraph, step: Step, { manager }: Invocation): boolean {
  for (const later of followers(graph, step.stage, step.index + 1)) {
    const first = invocationsOf(later).find((each) => each.manager === manager);
    if (first?.action === 'install') return true;
  }
  return false;
}

interface Uncleaned {
  readonly step: Step;
  readonly invocation: Invocation;
}

/** RUNs of a stage that leave something behind; what later layers clean up is cleanup-in-later-layer's. */
const uncleaned = (graph: BuildGraph, stage: Stage): Uncleaned[] =>
  stage.steps.flatMap((step) => {
    const invocation = step.keyword === 'RUN' && !step.fromOnbuild ? filling(step) : undefined;
    if (!invocation || cleans(step, invocation, invocation.call.command.span.start)) return [];
    const isLate = stage.steps.slice(step.index + 1).some((later) => cleans(later, invocation));
    const isDone = isLate || isMountedOver(step, invocation) || isUsedLater(graph, step, invocation);
    return isDone ? [] : [{ step, invocation }];
  });

interface Planned {
  readonly fixes: readonly Fix[];
  readonly refusal: string | undefined;
}

function planOf({ dockerfile }: RuleContext, all: readonly Uncleaned[], cleanup: string): Planned {
  const plans = all.map(({ step }) => appendCommand(dockerfile, step, cleanup));
  const refused = plans.find(({ refusal }) => refusal !== undefined);
  if (refused) return { fixes: [], refusal: refused.refusal };
  const edits = plans.flatMap(({ fixes }) => fixes.flatMap((fix) => fix.edits));
  return { fixes: [{ title: `Add ${cleanup}`, applicability: 'suggestion', edits }], refusal: undefined };
}

function report(context: RuleContext, all: readonly Uncleaned[]): Report | undefined {
  const [first, ...others] = all;
  const left = first && leftovers[nameOf(first.invocation)];
  if (!first || !left) return undefined;
  const { fixes, refusal } = planOf(context, all, left.cleanup);
  return {
    span: first.invocation.call.command.span,
    message: sentences(
      `This leaves ${left.what}: part of the image, and of no use in it. Clean up at the end of the same RUN: \`${left.cleanup}\`.`,
      refusal,
    ),
    related: others.map(({ invocation }) => ({ span: invocation.call.command.span, message: 'The same here.' })),
    fixes,
  };
}

export const uncleanedPackageCache: Rule = {
  id: 'uncleaned-package-cache',
  severity: 'information',
  category: 'layers',
  hadolint: ['DL3009', 'DL3032', 'DL3036', 'DL3040'],
  docs: {
    summary: 'Package lists or downloads stay in a layer of the image that ships',
    why: `What a \`RUN\` leaves behind is part of its layer. Package lists and downloaded packages serve nobody in an image, and a later \`RUN\` that removes them only hides them. A cleanup at the end of the same \`RUN\` keeps
them out of the layer. A cache mount does so too, and keeps them for the next build as well.

Where cache mounts can be used, missing-cache-mount proposes them, and this rule is silent. It speaks where that rule is switched off, or the builder or the \`# syntax\` of the file knows no mounts. There is one finding
for each stage and system package manager, and only where the layers of the stage ship.`,
    fix: 'Adds the cleanup at the end of the `RUN`s. A suggestion: a later script may count on the lists. Withheld where the script cannot simply be continued.',
    ignore: 'When the image is for development or tests, and its size does not matter.',
    bad: {
      dockerfile: '# syntax=docker/dockerfile:1.1\nFROM debian:12\nRUN apt-get update && apt-get install -y curl\n',
    },
    good: {
      dockerfile:
        '# syntax=docker/dockerfile:1.1\nFROM debian:12\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n',
    },
    references: [
      'https://docs.docker.com/build/building/best-practices/#apt-get',
      'https://docs.docker.com/build/cache/optimize/#use-cache-mounts',
    ],
  },
  *checkStage(context, stage) {
    const { graph, dockerfile, config } = context;
    if (knowsMounts(dockerfile, config.builder) && config.rules['missing-cache-mount'] !== 'off') return;
    if (!isShipped(graph, stage)) return;
    const all = uncleaned(graph, stage);
    for (const manager of new Set(all.map(({ invocation }) => invocation.manager))) {
      const found = report(
        context,
        all.filter(({ invocation }) => invocation.manager === manager),
      );
      if (found) yield found;
    }
  },
};
