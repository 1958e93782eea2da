import type { Mount, Step } from '../build/graph.ts';
import { baseName } from '../cache/placement.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Report, Rule } from '../rule.ts';

/** Directories that a program needs when it runs, not only while it is built. */
const runtime = new Set(['node_modules', '.venv', 'venv', 'site-packages', 'dist-packages']);

const holdsInstall = (step: Step, name: string): boolean =>
  runtime.has(name) ||
  invocationsOf(step).some(
    ({ manager, action }) => action === 'install' && (manager.writes ?? []).includes(name) && name === 'vendor',
  );

/** Whether the RUN itself takes what it needs out of the mounted directory. */
const copiesOut = (step: Step, target: string): boolean =>
  step.script?.commands.some(
    ({ words }) =>
      /^(cp|mv|rsync|tar|install)$/.test(baseName(words[0]?.value ?? '')) &&
      words.slice(1).some(({ text }) => text.includes(target) || text.includes(baseName(target))),
  ) ?? true;

function report(step: Step, mount: Mount): Report | undefined {
  const { target } = mount;
  if (
    mount.type !== 'cache' ||
    target === undefined ||
    !holdsInstall(step, baseName(target)) ||
    copiesOut(step, target)
  )
    return undefined;
  return {
    span: mount.flag.span,
    message: `What this RUN installs into ${target} is in the mount only, not in the image: later steps and the running container find the directory empty. Mount the package manager's download cache instead, and let it install into the layer.`,
  };
}

export const mountedInstallDirectory: Rule = {
  id: 'mounted-install-directory',
  severity: 'warning',
  category: 'mounts',
  docs: {
    summary: '`node_modules`, a virtual environment or the like is a cache mount: it is empty at run time',
    why: 'The content of a cache mount is in no layer. A `node_modules` or `.venv` that is mounted while the install runs is gone in the next step, and in the image that ships. The cache that belongs into a mount is the download cache: `/root/.npm`, `/root/.cache/pip`, `/root/.cache/uv` and so on.',
    fix: 'None: which directory to mount depends on the tool. missing-cache-mount offers it once the mount is gone.',
    ignore: 'When the result leaves the mount in another way in the same RUN.',
    bad: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm --mount=type=cache,target=/app/node_modules npm ci\n',
      files: { 'package.json': '{"name":"app"}', 'package-lock.json': '{"lockfileVersion":3}' },
    },
    good: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
      files: { 'package.json': '{"name":"app"}', 'package-lock.json': '{"lockfileVersion":3}' },
    },
    references: ['https://github.com/moby/buildkit/issues/2147'],
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
