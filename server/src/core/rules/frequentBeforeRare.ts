import { ancestors, mountFrom, type Stage, type Step, stageAncestors } from '../build/graph.ts';
import { churnOf } from '../cache/churn.ts';
import { isCostly } from '../cache/cost.ts';
import type { Selection } from '../cache/model.ts';
import { absolute } from '../cache/placement.ts';
import { took } from '../cache/time.ts';
import { isGitIgnored } from '../context/gitIgnored.ts';
import { causesOf, isHitBy, widestOf } from '../fixes/broadCopies.ts';
import { installStep } from '../fixes/installStep.ts';
import { canMoveBelow } from '../fixes/moveBelow.ts';
import { type Fix, isBroken, moveInstructions } from '../fixes.ts';
import { listing, named, sentences, share, thousands } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** Everything of the build context that decides what a COPY brings, through other stages as well; undefined where that is not known. */
function filesBehind(context: RuleContext, step: Step, seen = new Set<Stage>()): Selection[] | undefined {
  const { model, graph } = context;
  const stages = step.copy
    ? [step.copy.from]
    : step.mounts.map((mount) => (mount.type === 'bind' ? mountFrom(graph, step, mount) : undefined));
  const read = step.copy ? !step.copy.from : step.mounts.some(({ type, from }) => type === 'bind' && !from);
  const own = read ? [model.selection(step)] : [];
  if (own.some(({ known }) => !known)) return undefined;
  const others = stages.map((from) => {
    if (from?.kind !== 'stage' || seen.has(from.stage)) return [];
    seen.add(from.stage);
    return behindAll(context, [...stageAncestors(from.stage), ...from.stage.steps], seen);
  });
  return others.every((each) => each !== undefined) ? [...own, ...others.flat()] : undefined;
}

function behindAll(context: RuleContext, steps: readonly Step[], seen = new Set<Stage>()): Selection[] | undefined {
  const found = steps
    .filter((step) => step.copy || step.mounts.length > 0)
    .map((step) => filesBehind(context, step, seen));
  return found.every((each) => each !== undefined) ? found.flat() : undefined;
}

/** Fewer commits say nothing about the future. */
const fewest = 20;
/** A step that would be cached in one build of ten more is worth a word. */
const worthwhile = 0.1;

interface Order {
  /** The costly step that needs nothing of the copies. */
  readonly step: Step;
  readonly copies: readonly Step[];
  readonly before: number;
  readonly after: number;
  /** What a build outside makes, context-relative, where the copies bring such a thing: history knows nothing of it. */
  readonly made: string | undefined;
}

/** What git ignores and no package manager or person put there for long: the output of a build, which the next one replaces. */
function madeOutside({ facts: { context } }: RuleContext, { copy }: Step): string | undefined {
  if (!copy || copy.from || !context) return undefined;
  const paths = copy.sources.map(({ text }) => absolute(text).slice(1));
  return paths.find(
    (path) =>
      path !== '' && !/(^|\/)(\.|node_modules|vendor|bower_components)/.test(path) && isGitIgnored(context, path),
  );
}

/** Whether copy-before-install speaks of the step. */
function isInstallBelow({ model, facts }: RuleContext, step: Step): boolean {
  const installs = step.stage.steps.flatMap((each) => installStep(each, facts.context) ?? []);
  const widest = widestOf(causesOf({ model, facts }, installs));
  const install = installs.find((each) => each.step === step);
  return widest !== undefined && install !== undefined && isHitBy(widest.copy, install);
}

/** The COPYs above a costly step that can go below it. */
function movable(context: RuleContext, step: Step): Step[] {
  const copies: Step[] = [];
  for (const each of step.stage.steps.slice(0, step.index).reverse())
    if (each.copy && canMoveBelow(context.model, each, step, copies)) copies.unshift(each);
  return copies.length > 0 && isInstallBelow(context, step) ? [] : copies;
}

function orderOf(context: RuleContext, step: Step): Order | undefined {
  const { facts, dockerfile } = context;
  const copies = movable(context, step).filter(({ instruction }) => !isBroken(dockerfile, instruction));
  if (copies.length === 0 || isBroken(dockerfile, step.instruction)) return undefined;
  const rest = behindAll(
    context,
    [...ancestors(step)].filter((each) => !copies.includes(each)),
  );
  const moved = behindAll(context, copies);
  if (!rest || !moved) return undefined;
  const after = churnOf(facts.history, ...rest)?.touching ?? 0;
  const { commits, touching: before } = churnOf(facts.history, ...rest, ...moved) ?? { commits: 1, touching: 0 };
  const [made] = copies.flatMap((copy) => madeOutside(context, copy) ?? []);
  if (made !== undefined && after * 2 <= commits) return { step, copies, before, after, made };
  const isBetter = before - after >= worthwhile * commits && after * 2 <= before;
  return isBetter ? { step, copies, before, after, made } : undefined;
}

function fixOf({ dockerfile }: RuleContext, { step, copies }: Order): Fix {
  const what = copies.length > 1 ? `${copies.length} COPYs` : `the ${copies[0]?.keyword}`;
  return {
    title: `Move ${what} below line ${step.instruction.line + 1}`,
    applicability: 'safe',
    edits: moveInstructions(
      dockerfile,
      copies.map(({ instruction }) => instruction),
      { after: step.instruction },
    ),
  };
}

function report(context: RuleContext, order: Order): Report | undefined {
  const { step, copies, before, after, made } = order;
  const [first] = copies;
  const commits = context.facts.history?.commits.length ?? 0;
  if (!first) return undefined;
  const costly = step.stage.steps.slice(first.index, step.index + 1).filter(isCostly);
  const several = copies.length > 1;
  const past =
    made === undefined
      ? `${share(before, commits)} of the last ${thousands(commits)} commits touched it, or what comes before; ${share(after, commits)} touched what comes before alone`
      : `git ignores ${made}, as something else builds it, while ${share(after, commits)} of the last ${thousands(commits)} commits touched what comes before`;
  return {
    span: first.instruction.span,
    message: sentences(
      `${listing(costly.map(named), 2)} ${costly.length > 1 ? 'need' : 'needs'} nothing of what this ${first.keyword}${several ? ` and ${copies.length - 1} more bring` : ' brings'}, and ${costly.length > 1 ? 'run' : 'runs'} again whenever that changes: ${past}.`,
      took(context, costly),
      'Copy what changes often below what changes rarely.',
    ),
    related: costly.map(({ instruction }) => ({
      span: instruction.keywordSpan,
      message: 'Runs again although it needs nothing of it.',
    })),
    fixes: [fixOf(context, order)],
  };
}

export const frequentBeforeRare: Rule = {
  id: 'frequent-before-rare',
  severity: 'information',
  category: 'order',
  docs: {
    summary: 'Files that change often are copied before costly steps that do not need them',
    why: `A step runs again when any step before it did. In the final stage of an image, a \`COPY --from=build\` changes with nearly every commit; an \`apk add\` below it then runs in nearly every build, although it needs nothing of what was copied.

The git history says how often the files behind each \`COPY\` change, through the stages that they are built in as well. Reported is an order that makes a costly step run in at least a tenth of the commits for nothing, where the steps provably do not depend on each
other: system packages and downloads to other folders. What git ignores and the Dockerfile copies, such as \`target/app.jar\`, is taken for the output of a build, which changes with nearly every commit. What a dependency install comes too late for is copy-before-install's.`,
    fix: 'Moves the `COPY`s below the last step that does not need them. Safe: no step in between reads or writes where they go, and no variable or working directory changes what they mean.',
    ignore: 'When the history says little about the future.',
    bad: {
      dockerfile:
        'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY main.go ./\nRUN --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/go/pkg/mod go build -o /server main.go\n\nFROM debian:13-slim\nCOPY --from=build /server /usr/local/bin/server\nRUN curl -fsSL https://example.com/data-1.0.tar.gz -o /opt/data.tar.gz\nCMD ["server"]\n',
      files: { 'main.go': 'package main\n', '.dockerignore': '.git\n' },
      history: Array.from({ length: 20 }, (_, at) => [at % 2 ? 'README.md' : 'main.go']),
    },
    good: {
      dockerfile:
        'FROM golang:1.25 AS build\nWORKDIR /src\nCOPY main.go ./\nRUN --mount=type=cache,target=/root/.cache/go-build --mount=type=cache,target=/go/pkg/mod go build -o /server main.go\n\nFROM debian:13-slim\nRUN curl -fsSL https://example.com/data-1.0.tar.gz -o /opt/data.tar.gz\nCOPY --from=build /server /usr/local/bin/server\nCMD ["server"]\n',
      files: { 'main.go': 'package main\n', '.dockerignore': '.git\n' },
      history: Array.from({ length: 20 }, (_, at) => [at % 2 ? 'README.md' : 'main.go']),
    },
    references: [
      'https://docs.docker.com/build/cache/optimize/#order-your-layers',
      'https://docs.docker.com/build/cache/invalidation/',
    ],
  },
  *checkStage(context, stage) {
    if ((context.facts.history?.commits.length ?? 0) < fewest) return;
    for (const step of [...stage.steps].reverse()) {
      const order = step.fromOnbuild || !isCostly(step) ? undefined : orderOf(context, step);
      const found = order && report(context, order);
      if (found) yield found;
      if (found) break;
    }
  },
};
