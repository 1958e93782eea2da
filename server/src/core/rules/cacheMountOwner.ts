import type { Mount, Step } from '../build/graph.ts';
import { ownerOf } from '../fixes/cacheMounts.ts';
import type { Fix } from '../fixes.ts';
import type { Report, Rule } from '../rule.ts';

const isRoot = ({ user }: Step): boolean => user === '' || /^(root|0)(:|$)/.test(user);

/** Writable for everyone by its mode: the owner does not matter. */
const isOpen = ({ options }: Mount): boolean => /[2367]$/.test(options.get('mode') ?? '');

function report(step: Step, mount: Mount): Report | undefined {
  if (mount.type !== 'cache' || isRoot(step) || mount.readOnly || mount.options.has('uid') || isOpen(mount))
    return undefined;
  const owner = ownerOf(step);
  const at = mount.flag.span.end;
  const fixes: Fix[] = owner
    ? [
        {
          title: `Give the mount to ${step.user}`,
          applicability: 'suggestion',
          edits: [{ span: { start: at, end: at }, newText: owner }],
        },
      ]
    : [];
  return {
    span: mount.flag.span,
    message: `This RUN runs as ${step.user}, but a new cache mount belongs to root with mode 0755: writing there fails, or the tool goes without its cache. Add uid= and gid= of ${step.user}${owner ? '' : ' (not known here)'}.`,
    fixes,
  };
}

export const cacheMountOwner: Rule = {
  id: 'cache-mount-owner',
  severity: 'warning',
  category: 'mounts',
  docs: {
    summary: 'A cache mount under a non-root USER belongs to root',
    why: "A cache mount that does not exist yet is created with uid 0, gid 0 and mode 0755, whatever `USER` says. A tool that runs as another user cannot write there: some fail, others silently work without a cache. `uid`, `gid` and `mode` are part of the step's key, so adding them runs it once.",
    fix: 'Adds `uid=` and `gid=` where they are known: numeric users, and `node` in the official images. A suggestion, because the directory may already hold files of another owner.',
    ignore: 'When the mount was first created by another RUN with the right owner.',
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
  *check({ graph }) {
    for (const stage of graph.reachable)
      for (const step of stage.steps)
        for (const mount of step.fromOnbuild ? [] : step.mounts) {
          const found = report(step, mount);
          if (found) yield found;
        }
  },
};
