import { ancestors, familyOf, type Stage, type Step, stageAncestors } from '../build/graph.ts';
import { churnOf } from '../cache/churn.ts';
import { took } from '../cache/time.ts';
import { isSkipped } from '../fixes/branches.ts';
import { idAt, listsName } from '../fixes/cacheIds.ts';
import { cacheMounts, isMounted, type Unmounted } from '../fixes/cacheMounts.ts';
import { cacheReader } from '../fixes/cacheReader.ts';
import { continuationsOf, continuedMounts, isSelfContained } from '../fixes/continuedMounts.ts';
import { knowsMounts } from '../fixes/frontend.ts';
import { listReader, mayRefreshLists, refreshesLists } from '../fixes/listReader.ts';
import { misplacedMounts } from '../fixes/misplaced.ts';
import { cachesOf, mountAt } from '../fixes/mountUse.ts';
import { neverDownloads, offlineReader } from '../fixes/offlineReaders.ts';
import { noFix, type Plan } from '../fixes/plan.ts';
import { unmountedReaders } from '../fixes/unmountedReaders.ts';
import { variableUser } from '../fixes/variableUsers.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { CacheLocation, Invocation, Manager } from '../managers/manager.ts';
import { listing, sentences, share, thousands } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

const downloads = new Set(['install', 'fetch', 'build', 'self']);

/** The calls of one manager in one stage that download or compile without a mount to keep the results. */
interface Group {
  readonly manager: Manager;
  readonly stage: Stage;
  readonly steps: readonly Unmounted[];
}

function groupsOf(context: RuleContext, stage: Stage): Group[] {
  const byManager = new Map<Manager, Unmounted[]>();
  for (const step of stage.steps) {
    if (step.keyword !== 'RUN' || step.fromOnbuild) continue;
    for (const [manager, invocations] of callsByManager(step)) {
      const unmounted = unmountedOf(context, step, manager, invocations);
      if (unmounted) byManager.set(manager, [...(byManager.get(manager) ?? []), unmounted]);
    }
  }
  return [...byManager].map(([manager, steps]) => withBuilders(context, withLists(context, { manager, stage, steps })));
}

/** With what builds in stages that continue this one: it finds in the layers what the installs here leave, and would fetch it again from below a mount. */
function withBuilders(context: RuleContext, group: Group): Group {
  const { manager, stage } = group;
  if (hasClassB(group) || !group.steps.some(({ invocations }) => invocations.some(isOfProject))) return group;
  const later = continuationsOf(context.graph.stages, stage).flatMap(({ steps }) =>
    steps.flatMap((step) => {
      const calls = step.fromOnbuild ? [] : (callsByManager(step).get(manager) ?? []);
      const isTold = unmountedOf(context, step, manager, calls) !== undefined;
      return isTold ? [] : (unmountedOf(context, step, manager, calls, stage) ?? []);
    }),
  );
  return { ...group, steps: [...group.steps, ...later] };
}

/** The lists of apt stay in the layers where a later step may install from them. */
function withLists({ graph }: RuleContext, group: Group): Group {
  if (group.manager.id !== 'apt' || !group.steps.some(({ step }) => listReader(graph, step))) return group;
  const isOther = ({ path }: CacheLocation): boolean => path !== '/var/lib/apt';
  return { ...group, steps: group.steps.map((each) => ({ ...each, locations: each.locations.filter(isOther) })) };
}

function callsByManager(step: Step): Map<Manager, Invocation[]> {
  const calls = new Map<Manager, Invocation[]>();
  for (const call of invocationsOf(step)) calls.set(call.manager, [...(calls.get(call.manager) ?? []), call]);
  return calls;
}

function unmountedOf(
  context: RuleContext,
  step: Step,
  manager: Manager,
  invocations: readonly Invocation[],
  mended?: Stage,
): Unmounted | undefined {
  const users = invocations.filter(
    ({ action, call }) => (downloads.has(action) || action === 'consume') && !isSkipped(call, context.facts.context),
  );
  if (!users.some((each) => downloads.has(each.action) && !neverDownloads(each))) return undefined;
  // A mount in the wrong place is told by itself.
  if (misplacedMounts(step, context.facts.context).some(({ invocation }) => invocation.manager === manager))
    return undefined;
  const locations = users.flatMap((each) => cachesOf(each, context.facts.context));
  const open = locations.filter(
    (location): location is CacheLocation & { path: string } =>
      location.path !== undefined && !isMounted(step, location.path) && !mountAt(step, location.path),
  );
  const unique = open.filter(({ path }, at) => open.findIndex((other) => other.path === path) === at);
  const told = readBare(context, step, manager);
  const builds = users.every(({ action }) => action === 'build' || action === 'consume');
  // Who mounts one of a tool's places has chosen among them: Cargo's registry without its git checkouts, apt's archives without its lists.
  const chosen = new Set(locations.filter((each) => each.path && mountAt(step, each.path)).map((each) => each.class));
  const useful = unique.filter(
    (location) =>
      !told.has(location.path) &&
      !chosen.has(location.class) &&
      location.class !== 'C' &&
      // A build finds in the layers below what was fetched there.
      !(builds && !location.compiled && isFetchedAbove(step.stage, manager, location.path, mended)) &&
      (location.class !== 'B' || staysInBuild(context, step.stage, invocations)),
  );
  return useful.length > 0 ? { step, invocations, locations: useful } : undefined;
}

/** Places that an earlier RUN mounts: that they are missing here is told by itself. */
const readBare = ({ graph, facts }: RuleContext, step: Step, manager: Manager): Set<string> =>
  new Set(
    unmountedReaders(graph, step.stage, facts.context)
      .filter((each) => each.manager === manager && each.readers.some(({ call }) => call.step === step))
      .flatMap(({ mounts }) => mounts.map(({ location }) => location.path)),
  );

/** Dependencies of the project, which a later stage may want; those of a tool nobody looks at again. */
const isOfProject = ({ action }: Invocation): boolean => downloads.has(action) && action !== 'self';

/** Whether no image could miss what the mount keeps out of the layers: neither this stage nor one that continues it is there to be run. */
function staysInBuild({ graph }: RuleContext, stage: Stage, invocations: readonly Invocation[]): boolean {
  const next = continuationsOf(graph.stages, stage);
  const isRun = (each: Stage): boolean =>
    each === graph.target || each.steps.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
  return graph.target !== stage && !next.some(isRun) && (next.length === 0 || invocations.some(isOfProject));
}

const hasClassB = ({ steps }: Group): boolean =>
  steps.some(({ locations }) => locations.some((location) => location.class === 'B'));

/** A RUN of a stage that this one continues that fetches into the layers what the mount would lie over. */
const fetchedAbove = (stage: Stage, manager: Manager, paths: readonly string[]): Step | undefined =>
  [...stageAncestors(stage)].find(
    (step) =>
      invocationsOf(step).some((each) => each.manager === manager && isOfProject(each)) &&
      paths.some((path) => mountAt(step, path) === undefined),
  );

/** The same, where the RUNs of the stage `mended` have mounts. */
const isFetchedAbove = (stage: Stage, manager: Manager, path: string, mended: Stage | undefined): boolean =>
  (fetchedAbove(stage, manager, [path])?.stage ?? mended) !== mended;

/** A later step that may need what a class B mount keeps out of the layer, and that the fix would not cover. */
function uncovered(group: Group): Step | undefined {
  if (!hasClassB(group)) return undefined;
  const covered = new Set(group.steps.map(({ step }) => step));
  const first = group.steps[0]?.step.index ?? 0;
  const paths = group.steps.flatMap(({ locations }) => locations.map(({ path }) => path));
  return group.stage.steps
    .slice(first)
    .find((step) => step.keyword === 'RUN' && !covered.has(step) && !isSelfContained(step, group.manager, paths));
}

function report(context: RuleContext, group: Group): Report | undefined {
  const first = group.steps.find(({ step }) => dependsOnContext(step)) ?? group.steps[0];
  const call = first?.invocations.find(({ action }) => downloads.has(action));
  if (!first || !call) return undefined;
  const paths = [...new Set(group.steps.flatMap(({ locations }) => locations.map(({ path }) => path)))];
  const plan = plannedFix(context, group, paths);
  const where = paths.length > 1 ? `Cache mounts at ${listing(paths)} keep` : `A cache mount at ${paths[0]} keeps`;
  return {
    severity: dependsOnContext(first.step) ? undefined : 'hint',
    span: call.call.command.span,
    message: sentences(
      `${group.manager.title} ${group.steps.every(({ locations }) => locations.every(({ compiled }) => compiled)) ? 'compiles' : 'fetches'} everything again whenever this step runs${howOften(context, first.step)}. ${where} it between builds without a trace in the image.`,
      took(context, [first.step]),
      plan.refusal,
    ),
    related: group.steps
      .filter((each) => each !== first)
      .map(({ invocations, step }) => ({
        span: invocations[0]?.call.command.span ?? step.instruction.keywordSpan,
        message: 'The same here.',
      })),
    fixes: plan.fixes,
  };
}

/** Whether files of the build context can make the step run again; one that only the base image and its own text decide runs rarely. */
const dependsOnContext = (step: Step): boolean =>
  [...ancestors(step)].some(({ copy }) => copy !== undefined) || step.mounts.some(({ type }) => type === 'bind');

/** apt installs from lists: with a mount over them it would not see those of another RUN. */
function listsAreElsewhere({ steps }: Group): string | undefined {
  for (const { step, invocations } of steps) {
    const first = invocations.find(({ action }) => action !== 'clean');
    if (first?.manager.id !== 'apt' || refreshesLists(first)) continue;
    const how = mayRefreshLists(step, first.call.command.span.start) ? 'may install' : 'installs';
    return `the RUN on line ${step.instruction.line + 1} ${how} from package lists of another step.`;
  }
  return undefined;
}

function offlineRefusal(reader: Step, manager: Manager): string {
  const flag = '--no-restore';
  const isFlagged = (word: string): boolean =>
    invocationsOf(reader).some((each) => each.manager === manager && each.call.args.some(({ text }) => text === word));
  const advice = isFlagged(flag) && !isFlagged('--no-build') ? ` Without ${flag} it would fetch what it misses.` : '';
  return `the RUN on line ${reader.instruction.line + 1} works offline from what this step leaves in its layer. A cache mount may be empty where this step comes from the cache, and that RUN would fail.${advice}`;
}

function plannedFix({ dockerfile, graph, facts }: RuleContext, group: Group, paths: readonly string[]): Plan {
  const steps = group.steps.map(({ step }) => step);
  const [first] = steps;
  const reader = first && offlineReader(graph, first, group.manager);
  if (reader) return noFix(offlineRefusal(reader, group.manager));
  const shared = group.steps.flatMap(({ locations }) => locations.filter((location) => location.class === 'B'));
  const bases = shared.filter(({ path }, at) => shared.findIndex((other) => other.path === path) === at);
  const continuations = bases.length > 0 ? continuationsOf(graph.stages, group.stage) : [];
  const more = continuedMounts(continuations, group.manager, bases, facts.context);
  if ('steps' in more)
    return noFix(
      `the stage on line ${more.from.line + 1} continues this one, and may need what the mount would keep out of the layer. Add the same mount to every RUN that uses it.`,
    );
  const above = hasClassB(group) ? fetchedAbove(group.stage, group.manager, paths) : undefined;
  if (above)
    return noFix(
      `the mount would hide what the RUN on line ${above.instruction.line + 1} leaves in the layers. Add the same mount there as well.`,
    );
  const open = uncovered(group);
  if (open)
    return noFix(
      `the RUN on line ${open.instruction.line + 1} may need what the mount would keep out of the layer. Add the same mount to every RUN that uses it.`,
    );
  const needs = cacheReader(graph, [...steps, ...more.map(({ step }) => step)], paths);
  if (needs)
    return noFix(
      `the ${needs.keyword} on line ${needs.instruction.line + 1} needs what the mount would keep out of the layer.`,
    );
  const stale = listsAreElsewhere(group);
  if (stale) return noFix(stale);
  const other = variableUser(familyOf(graph, group.stage), group.steps);
  if (other)
    return noFix(
      `without ${other.variable}, which keeps the mount empty, the RUN on line ${other.step.instruction.line + 1} may leave downloads in the image.`,
    );
  return cacheMounts(
    dockerfile,
    `Keep ${listing(paths)} in ${paths.length > 1 ? 'cache mounts' : 'a cache mount'}`,
    group.manager.id === 'apt'
      ? group.steps.map((each) => ({ ...each, name: listsName(graph, each.step.stage) }))
      : [...group.steps, ...more].map((each) => ({ ...each, idAt: (path) => idAt(graph, group.manager, path) })),
  );
}

/** " (15% of the last 400 commits made it run)": how often what is before it changed. */
function howOften({ model, facts }: RuleContext, step: Step): string {
  const selections = [...ancestors(step), step]
    .map((each) => model.selection(each))
    .filter(({ known, files }) => known && files.length > 0);
  if (selections.length === 0) return '';
  const past = churnOf(facts.history, ...selections);
  return past && past.touching > 0
    ? ` (${share(past.touching, past.commits)} of the last ${thousands(past.commits)} commits made it run)`
    : '';
}

export const missingCacheMount: Rule = {
  id: 'missing-cache-mount',
  severity: 'information',
  category: 'mounts',
  hadolint: ['DL3042'],
  docs: {
    summary: 'An install, download or compile runs without a cache mount for what it fetches',
    why: `When a \`RUN\` misses the cache, it starts with an empty package cache: one changed dependency downloads all of them again. \`RUN --mount=type=cache\` gives the package manager a directory that
BuildKit keeps between builds. Its content is in no layer, and it never enters a cache key, so the mount makes misses cheap without making hits rarer.

There is one finding per stage and package manager. The target is the directory that the manager uses here, under the step's user, home, environment and base image.`,
    fix: `Adds the mounts to every \`RUN\` of the stage that uses the manager, with \`sharing=locked\` where it cannot share, \`uid\` and \`gid\` under a non-root \`USER\`, and takes out what would defeat them: \`--no-cache-dir\`, a cleanup
of the package lists, \`npm cache clean\`. Safe for pure download caches. A suggestion where something else must change, such as Debian's \`docker-clean\` hook or an \`ENV PIP_NO_CACHE_DIR\`, which its title then names, or where a non-root
user must first make the folders above the mount (\`RUN mkdir -p ~/.cache\`), which BuildKit would make root's. Where the install location itself is the cache (Go modules), the mount
goes on every \`RUN\` that needs it, those of stages built \`FROM\` this one as well, and never into a stage that ships.`,
    ignore:
      'When the builder keeps nothing between builds (ephemeral CI runners without a mount cache), or is not BuildKit.',
    bad: {
      dockerfile: 'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\n',
      files: { 'package.json': '{"name":"app"}', 'package-lock.json': '{"lockfileVersion":3}' },
    },
    good: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
      files: { 'package.json': '{"name":"app"}', 'package-lock.json': '{"lockfileVersion":3}' },
    },
    references: [
      'https://docs.docker.com/build/cache/optimize/#use-cache-mounts',
      'https://docs.docker.com/reference/dockerfile/#run---mounttypecache',
    ],
  },
  *checkStage(context, stage) {
    if (!knowsMounts(context.dockerfile, context.config.builder)) return;
    for (const group of groupsOf(context, stage)) {
      const found = report(context, group);
      if (found) yield found;
    }
  },
};
