import type { Step } from '../build/graph.ts';
import { addKeys, type CacheMount, cacheMountsOf, cachesOf, isPlainMount, overlap } from '../fixes/mountUse.ts';
import type { Edit } from '../fixes.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { CacheLocation, Manager } from '../managers/manager.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';

/** Downloads of a language's packages come file by file under their final names; lists, indexes and outputs do not. */
const needsLock = (manager: Manager, location: CacheLocation): boolean =>
  location.sharing === 'locked' && (manager.inputs === undefined || location.class !== 'A');

/** The manager that cannot share the mounted directory with another build at the same time. */
const exclusiveUser = ({ facts }: RuleContext, step: Step, { target }: CacheMount): Manager | undefined =>
  invocationsOf(step).find((invocation) =>
    cachesOf(invocation, facts.context).some(
      (location) => location.path && needsLock(invocation.manager, location) && overlap(target, location.path),
    ),
  )?.manager;

function lock({ text }: Dockerfile, mount: CacheMount): Edit {
  const { span } = mount.mount.flag;
  const written = /\bsharing=[^,]*/i.exec(text.slice(span.start, span.end));
  if (!written) return addKeys(mount, ',sharing=locked');
  const start = span.start + written.index;
  return { span: { start, end: start + written[0].length }, newText: 'sharing=locked' };
}

function report(context: RuleContext, step: Step, mount: CacheMount): Report | undefined {
  const isShared = mount.mount.sharing === 'shared' && !mount.mount.readOnly;
  const manager = isShared ? exclusiveUser(context, step, mount) : undefined;
  if (!manager) return undefined;
  return {
    span: mount.mount.flag.span,
    message: `${manager.title} cannot share ${mount.target} with another build, or another stage, that runs at the same time: it ${failure(manager)}. Add \`sharing=locked\`, so that one waits for the other.`,
    fixes: isPlainMount(context.dockerfile, mount)
      ? [{ title: 'Add sharing=locked', applicability: 'safe', edits: [lock(context.dockerfile, mount)] }]
      : [],
  };
}

/**
 * apt's locks lie in the mounted folders. zypper's is /run/zypp.pid, pacman's /var/lib/pacman/db.lck, apk's is beside its database, all in the container's own file system;
 * dnf 4 (dnf/lock.py) writes a process number, which is another process's in another container.
 */
function failure({ id, inputs }: Manager): string {
  if (inputs !== undefined) return 'damages what the other one reads';
  return id === 'apt'
    ? 'fails where it cannot get its lock'
    : 'has no lock that holds between containers, so that both may write the same files at once';
}

export const unlockedCacheMount: Rule = {
  id: 'unlocked-cache-mount',
  severity: 'warning',
  category: 'mounts',
  docs: {
    summary: 'A cache mount of a tool that cannot share it is not locked',
    why: `The default is \`sharing=shared\`: all builds that use the mount at the same time see the same directory, and so do the stages of one build, which run in parallel, and the platforms of a multi-platform build. apt then
fails with *Could not get lock*; dnf, zypper, apk and pacman have no lock that holds between containers; Gradle, Maven and others damage each other's state. With \`sharing=locked\` a build waits until the other one is done.`,
    fix: 'Adds `sharing=locked`. Safe: the image stays the same. The step runs once more, because BuildKit puts `sharing` into the key of a mount with the default `id`.',
    ignore: 'When the builder never runs two builds, stages or platforms at the same time.',
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
  *checkStage(context, stage) {
    for (const step of stage.steps)
      for (const mount of cacheMountsOf(step)) {
        const found = report(context, step, mount);
        if (found) yield found;
      }
  },
};
