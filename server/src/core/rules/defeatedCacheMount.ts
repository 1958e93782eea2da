import type { Mount, Step } from '../build/graph.ts';
import { within } from '../cache/placement.ts';
import { defeaterEdits } from '../fixes/cacheMounts.ts';
import type { Fix } from '../fixes.ts';
import { defeatersOf } from '../managers/defeaters.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Defeater, Invocation } from '../managers/manager.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** The cache mount of the step under which the call keeps its downloads. */
const mountOver = (step: Step, { manager, call }: Invocation): Mount | undefined =>
  step.mounts.find(
    ({ type, target }) =>
      type === 'cache' &&
      target !== undefined &&
      manager.caches(call).some(({ path }) => path !== undefined && within(target, path) !== undefined),
  );

function fix({ dockerfile }: RuleContext, invocation: Invocation, defeater: Defeater): Fix[] {
  const edits = defeaterEdits(dockerfile, invocation, defeater);
  return typeof edits !== 'string' ? [{ title: `Remove ${defeater.what}`, applicability: 'suggestion', edits }] : [];
}

function* reports(context: RuleContext, step: Step): Generator<Report> {
  const seen = new Set<number>();
  for (const invocation of invocationsOf(step)) {
    const mount = mountOver(step, invocation);
    if (!mount) continue;
    for (const defeater of defeatersOf(invocation)) {
      if (seen.has(defeater.span.start)) continue;
      seen.add(defeater.span.start);
      yield {
        span: defeater.span,
        message: `\`${defeater.what}\` keeps the cache mount at ${mount.target} empty: ${invocation.manager.title} fetches everything again in every run. The mount is in no layer, so there is nothing to clean up. Remove it.`,
        related: [{ span: mount.flag.span, message: 'The cache mount that it defeats.' }],
        fixes: fix(context, invocation, defeater),
      };
    }
  }
}

export const defeatedCacheMount: Rule = {
  id: 'defeated-cache-mount',
  severity: 'warning',
  category: 'mounts',
  docs: {
    summary: 'A cache mount is emptied or bypassed in the same RUN',
    why: `A cache mount keeps what a package manager downloads between builds. A cleanup in the same \`RUN\` (\`apt-get clean\`, \`rm -rf /var/lib/apt/lists/*\`, \`npm cache clean\`) empties the mount, and a flag such
as \`--no-cache-dir\` keeps anything from getting there. Both are left-overs from times without mounts: what is in a mount is in no layer, so it makes no image larger.`,
    fix: 'Removes the flag or the cleanup. A suggestion: a cleanup may also free something outside the mount.',
    ignore: 'When the cleanup is meant to limit the size of the mount.',
    bad: {
      dockerfile:
        'FROM python:3.13\nCOPY requirements.txt ./\nRUN --mount=type=cache,target=/root/.cache/pip pip install --no-cache-dir -r requirements.txt\n',
      files: { 'requirements.txt': 'flask==3.1.0\n' },
    },
    good: {
      dockerfile:
        'FROM python:3.13\nCOPY requirements.txt ./\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n',
      files: { 'requirements.txt': 'flask==3.1.0\n' },
    },
    references: ['https://docs.docker.com/build/cache/optimize/#use-cache-mounts'],
  },
  *check(context) {
    for (const stage of context.graph.reachable)
      for (const step of stage.steps) if (step.keyword === 'RUN' && !step.fromOnbuild) yield* reports(context, step);
  },
};
