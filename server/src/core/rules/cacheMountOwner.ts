import type { BuildGraph, Stage, Step } from '../build/graph.ts';
import { cacheIdOf } from '../cache/mountDefinition.ts';
import { within } from '../cache/placement.ts';
import { ownerOf } from '../fixes/cacheMounts.ts';
import { addKeys, type CacheMount, cacheMountsOf, isPlainMount } from '../fixes/mountUse.ts';
import { accountOf } from '../managers/account.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** Whether a mode lets everybody write, or the group where the mount has one. */
function isOpen({ mount: { options } }: CacheMount): boolean {
  const mode = options.get('mode') ?? '';
  return /[2367]$/.test(mode) || (options.has('gid') && /[2367].$/.test(mode));
}

/** Programs that run a command as another user: who then writes to the mount is not known. */
const switches = /\b(sudo|doas|su|gosu|su-exec|runuser|setpriv|chroot)\b/;

/** The user who may not write to a new mount; undefined for root, and where it is not clear who that is. */
function stranger(step: Step): string | undefined {
  const { isRoot, name } = accountOf(step);
  if (isRoot || name === '' || name.includes('$') || step.instruction.heredocs.length > 0) return undefined;
  const isClear = step.script?.complete === true && !switches.test(step.instruction.rest.text);
  return isClear ? name : undefined;
}

/** Whether another RUN makes the same mount first with an owner or a mode, or changes them. */
const isMadeElsewhere = ({ stages }: BuildGraph, { mount }: CacheMount): boolean =>
  stages
    .flatMap(({ steps }) => steps.flatMap(cacheMountsOf))
    .some(
      (other) =>
        other.mount !== mount &&
        cacheIdOf(other.mount) === cacheIdOf(mount) &&
        (other.mount.options.has('uid') ||
          other.mount.options.has('mode') ||
          /\bch(own|mod)\b/.test(other.step.instruction.rest.text)),
    );

/** Where only root ever writes: a RUN of another user gets there through a program that becomes root by itself. */
const ofSystem = /^\/(var\/(cache|lib)\/(apt|dnf|yum|libdnf5|zypp|pacman|apk)|etc\/apk)(\/|$)/;

/** The mounts that their RUN's user may not write to, if no other RUN sees to that. */
const closedMounts = ({ steps }: Stage): CacheMount[] =>
  steps.flatMap(cacheMountsOf).filter((mount) => {
    const { options, readOnly, from } = mount.mount;
    return (
      !(readOnly || from !== undefined || options.has('uid') || isOpen(mount) || ofSystem.test(mount.target)) &&
      stranger(mount.step) !== undefined
    );
  });

function report({ graph, dockerfile }: RuleContext, mount: CacheMount): Report | undefined {
  const { step } = mount;
  const { options, flag } = mount.mount;
  const name = stranger(step);
  if (isMadeElsewhere(graph, mount)) return undefined;
  if (within('/root', mount.target) !== undefined)
    return {
      span: flag.span,
      message: `This RUN runs as ${name}, and ${mount.target} lies in the home of root, which hardly any image lets another user enter: the tool fails, or goes without its cache. Mount the folder where it keeps its cache as ${name}, with uid and gid.`,
      fixes: [],
    };
  const owner = ownerOf(step);
  const isEditable = owner !== undefined && !options.has('gid') && isPlainMount(dockerfile, mount);
  return {
    span: flag.span,
    message: `This RUN runs as ${name}, but a new cache mount belongs to root and nobody else can write there: the tool fails, or goes without its cache. Add the uid and gid of ${name}${owner === undefined ? ', which are not known here' : ''}.`,
    fixes: isEditable
      ? [{ title: `Give the mount to ${name}`, applicability: 'suggestion', edits: [addKeys(mount, owner)] }]
      : [],
  };
}

export const cacheMountOwner: Rule = {
  id: 'cache-mount-owner',
  severity: 'warning',
  category: 'mounts',
  docs: {
    summary: 'A cache mount under a non-root USER belongs to root',
    why: "A cache mount that does not exist yet is created with uid 0, gid 0 and mode 0755, whatever `USER` says. A tool that runs as another user cannot write there: npm fails, pip works without a cache. `uid`, `gid` and `mode` are part of the step's key, so adding them runs it once more.",
    fix: 'Adds `uid=` and `gid=` where they are known: numeric users, users that an earlier `RUN` creates with a number, and the users of well-known images. A suggestion, because a mount that exists already keeps its owner: give it a new `id`, or clear the build cache. There is none for a target in /root: no owner of the mount lets another user in there.',
    ignore: 'When the mount was first created elsewhere with the right owner.',
    bad: {
      dockerfile:
        'FROM node:22\nUSER node\nWORKDIR /home/node/app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/home/node/.npm npm ci\n',
      files: { 'package.json': '{"name":"app"}', 'package-lock.json': '{"lockfileVersion":3}' },
    },
    good: {
      dockerfile:
        'FROM node:22\nUSER node\nWORKDIR /home/node/app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci\n',
      files: { 'package.json': '{"name":"app"}', 'package-lock.json': '{"lockfileVersion":3}' },
    },
    references: [
      'https://docs.docker.com/reference/dockerfile/#run---mounttypecache',
      'https://github.com/moby/buildkit/issues/1237',
    ],
  },
  *check(context) {
    const counts = context.ofEachStage((stage) => closedMounts(stage).length);
    for (const stage of context.graph.reachable)
      for (const mount of counts[stage.index] ? closedMounts(stage) : []) {
        const found = report(context, mount);
        if (found) yield found;
      }
  },
};
