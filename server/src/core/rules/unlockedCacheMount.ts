import type { Mount, Step } from '../build/graph.ts';
import { within } from '../cache/placement.ts';
import type { Edit } from '../fixes.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** The manager that cannot share the mounted directory with another build at the same time. */
const exclusiveUser = (step: Step, { target }: Mount): string | undefined =>
  target === undefined
    ? undefined
    : invocationsOf(step).find(({ manager, call }) =>
        manager
          .caches(call)
          .some(
            ({ path, sharing }) =>
              sharing === 'locked' &&
              path !== undefined &&
              (within(target, path) ?? within(path, target)) !== undefined,
          ),
      )?.manager.title;

function lock({ dockerfile: { text } }: RuleContext, { flag }: Mount): Edit {
  const written = /,?\bsharing=\w+/i.exec(text.slice(flag.span.start, flag.span.end));
  if (!written) return { span: { start: flag.span.end, end: flag.span.end }, newText: ',sharing=locked' };
  const start = flag.span.start + written.index;
  return {
    span: { start, end: start + written[0].length },
    newText: `${written[0].startsWith(',') ? ',' : ''}sharing=locked`,
  };
}

function report(context: RuleContext, step: Step, mount: Mount): Report | undefined {
  const title = mount.type === 'cache' && mount.sharing === 'shared' ? exclusiveUser(step, mount) : undefined;
  if (!title) return undefined;
  return {
    span: mount.flag.span,
    message: `Two builds, or two stages of one build, that run at the same time share this directory, and ${title} cannot: it fails on its lock or damages what the other one reads. Add \`sharing=locked\`, so that one waits for the other.`,
    fixes: [{ title: 'Add sharing=locked', applicability: 'safe', edits: [lock(context, mount)] }],
  };
}

export const unlockedCacheMount: Rule = {
  id: 'unlocked-cache-mount',
  severity: 'warning',
  category: 'mounts',
  docs: {
    summary: 'A cache mount of a tool that cannot share it is not locked',
    why: `The default is \`sharing=shared\`: all builds that use the mount at the same time see the same directory. apt then fails with *Could not get lock*, and Gradle, Maven, dnf and others corrupt each other's
state. Stages of one build run in parallel too. \`sharing\` is in no cache key: changing it runs nothing again.`,
    fix: 'Adds `sharing=locked`. Safe: neither the image nor any cache key changes.',
    ignore: 'When the builder never runs two builds at the same time.',
    bad: {
      dockerfile:
        'FROM debian:12\nRUN rm -f /etc/apt/apt.conf.d/docker-clean\nRUN --mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y git\n',
    },
    good: {
      dockerfile:
        'FROM debian:12\nRUN rm -f /etc/apt/apt.conf.d/docker-clean\nRUN --mount=type=cache,target=/var/cache/apt,sharing=locked --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y git\n',
    },
    references: ['https://docs.docker.com/reference/dockerfile/#run---mounttypecache'],
  },
  *check(context) {
    for (const stage of context.graph.reachable)
      for (const step of stage.steps)
        for (const mount of step.fromOnbuild ? [] : step.mounts) {
          const found = report(context, step, mount);
          if (found) yield found;
        }
  },
};
