import { type Step, stageAncestors } from '../build/graph.ts';
import { filledBefore, helpEdits, joinDeletions, ownerOf, unknownOwner } from '../fixes/cacheMounts.ts';
import { type Misplaced, misplacedMounts } from '../fixes/misplaced.ts';
import { parentEdits } from '../fixes/mountParents.ts';
import { completed, isPlainMount } from '../fixes/mountUse.ts';
import { noFix, type Plan } from '../fixes/plan.ts';
import { type Edit, isBroken } from '../fixes.ts';
import { accountOf } from '../managers/account.ts';
import { defeatersOf } from '../managers/defeaters.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** Whether layers of the stage are in the image, or another stage stands on them: what moves into a mount is missing there. */
const isContinued = ({ graph }: RuleContext, { stage }: Step): boolean =>
  graph.target === stage ||
  graph.stages.some((other) => [...stageAncestors(other)].some((step) => step.stage === stage));

/** A later call of the manager that finds what the mount keeps only if it has the mount too. */
const laterUse = ({ mount: { step }, invocation: { manager } }: Misplaced): Step | undefined =>
  step.stage.steps.find(
    (later) =>
      later.index > step.index &&
      invocationsOf(later).some(
        (each) => each.manager === manager && (each.action === 'build' || each.action === 'consume'),
      ),
  );

function plan(context: RuleContext, misplaced: Misplaced): Plan {
  const { mount, invocation, location } = misplaced;
  const { step } = mount;
  const owner = ownerOf(step);
  if (owner === undefined) return { fixes: [], refusal: unknownOwner(step) };
  if (!isPlainMount(context.dockerfile, mount) || isBroken(context.dockerfile, step.instruction))
    return noFix('the mount is written in a way that must be changed by hand.');
  if (filledBefore(step, location.path))
    return noFix(`an earlier step puts files into ${location.path}, which the mount would hide.`);
  if (location.class !== 'A' && isContinued(context, step))
    return noFix(
      `what ${invocation.manager.title} puts there may be needed in the image, and would then be in the mount only.`,
    );
  const later = location.class === 'A' ? undefined : laterUse(misplaced);
  if (later)
    return noFix(
      `the RUN on line ${later.instruction.line + 1} needs what the mount would keep out of the layer. Correct both by hand.`,
    );
  return corrected(context, misplaced, owner);
}

function corrected({ dockerfile }: RuleContext, { mount, invocation, location }: Misplaced, owner: string): Plan {
  const calls = invocationsOf(mount.step).filter(({ manager }) => manager === invocation.manager);
  const help = helpEdits(
    dockerfile,
    calls.map((each) => ({
      invocation: each,
      defeaters: defeatersOf(each),
      companions: (each.manager.companions?.(each.call) ?? []).filter(({ kind }) => kind !== 'variable'),
    })),
  );
  if (typeof help === 'string') return { fixes: [], refusal: help };
  const parents = parentEdits(dockerfile, [{ step: mount.step, locations: [location] }]);
  if (typeof parents === 'string') return { fixes: [], refusal: parents };
  const { span, value = '' } = mount.mount.flag;
  const edit: Edit = {
    span,
    newText: `--mount=${completed(retargeted(value, location.path), location.sharing, owner)}`,
  };
  return {
    fixes: [
      {
        title: `Mount ${location.path} instead`,
        applicability: 'suggestion',
        edits: [...joinDeletions(dockerfile.text, [edit, ...help]), ...parents],
      },
    ],
    refusal: undefined,
  };
}

/** The mount's keys with another target. */
const retargeted = (keys: string, path: string): string =>
  keys
    .split(',')
    .map((key) => (/^(target|dst|destination)=/i.test(key) ? `${key.slice(0, key.indexOf('='))}=${path}` : key))
    .join(',');

function report(context: RuleContext, misplaced: Misplaced): Report {
  const { mount, invocation, location } = misplaced;
  const { title, id } = invocation.manager;
  const { fixes, refusal } = plan(context, misplaced);
  const { isRoot, name, home } = accountOf(mount.step);
  const because = !isRoot && home && location.path.startsWith(`${home}/`) ? `, in the home of ${name}` : '';
  const place = id === 'apk' ? 'keeps packages only where it finds the folder' : 'keeps its downloads in';
  return {
    span: mount.mount.flag.span,
    message: [
      `${title} ${place} ${location.path}${because}, not in ${mount.target}: this mount keeps ${id === 'apk' ? 'no packages' : 'nothing'}, and everything is fetched again whenever the step runs.`,
      refusal ?? `Mount ${location.path} instead.`,
    ].join(' '),
    related: [{ span: invocation.call.command.span, message: `Keeps its downloads in ${location.path}.` }],
    fixes,
  };
}

export const wrongCacheTarget: Rule = {
  id: 'wrong-cache-target',
  severity: 'warning',
  category: 'mounts',
  docs: {
    summary: 'A cache mount lies where the package manager does not keep its cache here',
    why: `A cache mount helps only at the path that the tool uses in this very step. That depends on the user (\`/root/.npm\` is not the cache of \`USER node\`), on variables of the image (\`GOPATH=/go\` in the \`golang\` image,
so not \`/root/go\`; \`GEM_HOME=/usr/local/bundle\` in the \`ruby\` image, so not \`/root/.gem\`), and on the tool: apk keeps packages in \`/etc/apk/cache\`, while \`/var/cache/apk\` gets its indexes only. A mount elsewhere stays
empty without a word.

Reported only for images whose variables are known, and where no step speaks of the path, for example to set it as the cache's folder.`,
    fix: 'Gives the mount the right target, with the owner and the lock that it needs there, and takes out flags and cleanups that would defeat it. A suggestion. There is no fix where the new place holds what later steps or the image need.',
    ignore: 'When a script that the Dockerfile does not show moves the cache to the mount.',
    bad: {
      dockerfile:
        'FROM node:22\nUSER node\nWORKDIR /home/node/app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm,uid=1000,gid=1000 npm ci\n',
      files: { 'package.json': '{"name":"app"}', 'package-lock.json': '{"lockfileVersion":3}' },
    },
    good: {
      dockerfile:
        'FROM node:22\nUSER node\nWORKDIR /home/node/app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci\n',
      files: { 'package.json': '{"name":"app"}', 'package-lock.json': '{"lockfileVersion":3}' },
    },
    references: [
      'https://docs.docker.com/build/cache/optimize/#use-cache-mounts',
      'https://wiki.alpinelinux.org/wiki/Local_APK_cache',
    ],
  },
  *checkStage(context, stage) {
    for (const step of stage.steps)
      for (const misplaced of misplacedMounts(step, context.facts.context)) yield report(context, misplaced);
  },
};
