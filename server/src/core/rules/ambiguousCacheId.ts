import { type BuildGraph, reachableStages } from '../build/graph.ts';
import { cacheIdOf } from '../cache/mountDefinition.ts';
import { within } from '../cache/placement.ts';
import { idFor, isOneSystem, listsApart, systemOf } from '../fixes/cacheIds.ts';
import { addKeys, type CacheMount, cacheMountsOf, cachesOf, isPlainMount } from '../fixes/mountUse.ts';
import type { Edit, Fix } from '../fixes.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { CacheLocation } from '../managers/manager.ts';
import { line } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** A cache mount with what is kept in it. */
interface Use {
  readonly mount: CacheMount;
  readonly id: string;
  /** The package managers whose caches lie in it. */
  readonly managers: readonly string[];
  readonly locations: readonly CacheLocation[];
}

function useOf({ facts }: RuleContext, mount: CacheMount): Use {
  const kept = invocationsOf(mount.step).flatMap((invocation) =>
    cachesOf(invocation, facts.context)
      .filter(({ path }) => path !== undefined && within(mount.target, path) !== undefined)
      .map((location) => ({ location, id: invocation.manager.id })),
  );
  return {
    mount,
    id: cacheIdOf(mount.mount),
    managers: [...new Set(kept.map(({ id }) => id))],
    locations: kept.map(({ location }) => location),
  };
}

/** The mounts of ids that lie at several targets or on several systems: the others cannot be at odds, whoever uses them. */
function sharedMounts(graph: BuildGraph): CacheMount[] {
  const mounts = reachableStages(graph).flatMap(({ steps }) => steps.flatMap(cacheMountsOf));
  const first = new Map<string, CacheMount>();
  const shared = new Set<string>();
  for (const mount of mounts) {
    const id = cacheIdOf(mount.mount);
    const other = first.get(id) ?? mount;
    first.set(id, other);
    if (other.target !== mount.target || !isOneSystem(graph, other.step.stage, mount.step.stage)) shared.add(id);
  }
  return mounts.filter(({ mount }) => shared.has(cacheIdOf(mount)));
}

interface Conflict {
  readonly use: Use;
  readonly other: Use;
  readonly why: string;
  /** What makes an id of its own. */
  readonly suffix: string;
}

/** Different directories of different tools under one id. */
function ofManagers(use: Use, other: Use): Conflict | undefined {
  const [mine] = use.managers;
  const [theirs] = other.managers;
  if (
    !mine ||
    !theirs ||
    use.mount.target === other.mount.target ||
    use.managers.some((id) => other.managers.includes(id))
  )
    return undefined;
  return {
    use,
    other,
    suffix: mine,
    why: `is also the one at ${other.mount.target} for ${theirs} on ${line(other.mount.step.instruction)}: both tools get one and the same directory, and what one of them cleans up or does not know is the other's`,
  };
}

/** apt deletes the lists of what it has no source for at each update. */
function ofLists(graph: BuildGraph, use: Use, other: Use): Conflict | undefined {
  if (!use.managers.includes('apt') || !other.managers.includes('apt')) return undefined;
  const suffix = listsApart(graph, use.mount.step.stage, other.mount.step.stage);
  if (suffix === undefined) return undefined;
  return {
    use,
    other,
    suffix,
    why: `is shared with ${line(other.mount.step.instruction)}, which stands on another release or platform than ${suffix}: each apt-get update deletes the lists of the other, so that both fetch them again whenever they run`,
  };
}

/** What of two uses of one id decides whether they are at odds. */
const kindOf = (graph: BuildGraph, { mount: { target, step }, managers }: Use): string =>
  [target, managers.join(), managers.includes('apt') ? systemOf(graph, step.stage) : ''].join('\n');

function* conflicts(graph: BuildGraph, uses: readonly Use[]): Generator<Conflict> {
  const byId = new Map<string, Map<string, Use>>();
  for (const use of uses) {
    const kinds = byId.get(use.id) ?? new Map<string, Use>();
    byId.set(use.id, kinds);
    const kind = kindOf(graph, use);
    for (const other of kinds.values()) {
      const found = ofManagers(use, other) ?? ofLists(graph, use, other);
      if (found) yield found;
      if (found) break;
    }
    if (!kinds.has(kind)) kinds.set(kind, use);
  }
}

/** Gives a mount an id of its own. */
function renamed({ dockerfile }: RuleContext, { use, suffix }: Conflict): Edit | undefined {
  const { mount } = use;
  if (!isPlainMount(dockerfile, mount)) return undefined;
  const { flag, id } = mount.mount;
  if (id === undefined) return addKeys(mount, idFor(mount.target, suffix));
  const at = flag.valueSpan?.start;
  const found = /(^|,)id=([^,]*)/.exec(flag.value ?? '');
  const end = at === undefined || !found ? undefined : at + found.index + found[0].length;
  return end === undefined ? undefined : { span: { start: end, end }, newText: `-${suffix}` };
}

function report(context: RuleContext, all: readonly Conflict[]): Report | undefined {
  const [first] = all;
  if (!first) return undefined;
  const edits = all.map((each) => renamed(context, each));
  const known = edits.filter((edit) => edit !== undefined);
  const isSafe = all.every(
    ({ use }) => !use.managers.includes('apt') && use.locations.every((location) => location.class === 'A'),
  );
  const fix: Fix = {
    title: 'Give the cache an id of its own',
    applicability: isSafe ? 'safe' : 'suggestion',
    edits: known,
  };
  const { use, other, why } = first;
  return {
    span: use.mount.mount.flag.span,
    message: `The cache with the id ${use.id} ${why}. Give each of them an id.`,
    related: [{ span: other.mount.mount.flag.span, message: 'The same cache.' }],
    fixes: known.length === edits.length ? [fix] : [],
  };
}

export const ambiguousCacheId: Rule = {
  id: 'ambiguous-cache-id',
  severity: 'information',
  category: 'mounts',
  docs: {
    summary: 'One cache mount serves different package managers, releases of a distribution or platforms',
    why: `A cache mount is known by its \`id\`, which is its target where none is given, and by nothing else: neither the stage nor the image nor the platform makes a difference. Two tools under one id find each other's files.

Two releases of Debian or Ubuntu, or two platforms in one build, that share apt's lists take them away from each other: \`apt-get update\` deletes every list for which it has no source. Without \`sharing=locked\` that may happen while the other one installs.

Tools that keep one directory apart by themselves (pip, npm and others on any image; apk and dnf on any release) may share an id, and are not reported.`,
    fix: 'Adds an `id`, or makes it longer, on all mounts of the step that came second. Safe for download caches; a suggestion for apt, where a step may count on lists that another stage fetched.',
    ignore: 'When the stages are never built on the same builder.',
    bad: {
      dockerfile:
        'FROM debian:bookworm AS tools\nRUN rm -f /etc/apt/apt.conf.d/docker-clean\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y jq\n\nFROM debian:trixie\nRUN rm -f /etc/apt/apt.conf.d/docker-clean\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y curl\nCOPY --from=tools /usr/bin/jq /usr/local/bin/\n',
    },
    good: {
      dockerfile:
        'FROM debian:bookworm AS tools\nRUN rm -f /etc/apt/apt.conf.d/docker-clean\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y jq\n\nFROM debian:trixie\nRUN rm -f /etc/apt/apt.conf.d/docker-clean\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked,id=var-lib-apt-trixie --mount=type=cache,target=/var/cache/apt,sharing=locked,id=var-cache-apt-trixie apt-get update && apt-get install -y curl\nCOPY --from=tools /usr/bin/jq /usr/local/bin/\n',
    },
    references: [
      'https://docs.docker.com/reference/dockerfile/#run---mounttypecache',
      'https://manpages.debian.org/trixie/apt/apt-get.8.en.html',
    ],
  },
  *check(context) {
    const { graph } = context;
    const uses = sharedMounts(graph).map((mount) => useOf(context, mount));
    const found = [...conflicts(graph, uses)];
    for (const step of new Set(found.map(({ use }) => use.mount.step))) {
      const told = report(
        context,
        found.filter(({ use }) => use.mount.step === step),
      );
      if (told) yield told;
    }
  },
};
