import { ancestors, type BuildGraph, type Stage, type Step, stageAncestors } from '../build/graph.ts';
import { cacheIdOf } from '../cache/mountDefinition.ts';
import { absolute, destinationOf, within } from '../cache/placement.ts';
import { isMounted } from '../fixes/cacheMounts.ts';
import { isHarmless } from '../fixes/harmless.ts';
import { type CacheMount, cacheMountsOf } from '../fixes/mountUse.ts';
import { commandLines, startSteps } from '../fixes/starts.ts';
import { invocationsOf } from '../managers/invocations.ts';
import { named } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { baseName } from '../syntax/path.ts';
import type { ShellCommand } from '../syntax/shell.ts';

const python = /^(python[\d.]*|pytest|flask|django-admin|uvicorn|gunicorn|celery)$/;

/** Folders that programs need when they run, and the programs that look there. */
const runtime: ReadonlyMap<string, RegExp> = new Map([
  ['node_modules', /^(node|nodejs|npm|npx|yarn|pnpm|bun|bunx|tsc|vite|next|nuxt|webpack|ng|jest|eslint|turbo|nx|pm2)$/],
  ['.venv', /^(python[\d.]*|uv|poetry|pdm|pytest|flask|django-admin|uvicorn|gunicorn|celery)$/],
  ['venv', python],
  ['site-packages', python],
  ['vendor', /^(php[\d.]*|composer|artisan|phpunit|php-fpm)$/],
]);

/** Whether the RUN installs into the mounted directory: its manager writes it, or it is where Python's packages go. */
function installsInto({ step, target }: CacheMount): boolean {
  const name = baseName(target);
  return invocationsOf(step).some(
    ({ manager, action }) =>
      action === 'install' &&
      (manager.writes?.includes(name) ||
        (manager.id === 'pip' && /^(\.?venv|site-packages)$/.test(name)) ||
        (manager.id === 'composer' && name === 'vendor')),
  );
}

/** Whether the RUN itself takes what it needs out of the mounted directory. */
const copiesOut = ({ step, target }: CacheMount): boolean =>
  step.script?.commands.some(
    ({ words }) =>
      /^(cp|mv|rsync|tar|install|zip|pex)$/.test(baseName(words[0]?.value ?? '')) &&
      words.slice(1).some(({ text }) => text.includes(baseName(target)) || /^\.\/?$|\*/.test(text)),
  ) ?? true;

/** Whether a step puts something into the directory again. */
function fills(step: Step, { target }: CacheMount): boolean {
  const destination = destinationOf(step);
  if (destination === undefined) return invocationsOf(step).some(({ action }) => action === 'install');
  const isAbove = step.copy?.from !== undefined && within(destination, target) !== undefined;
  return isAbove || within(target, destination) !== undefined;
}

const copiesFrom = ({ copy }: Step, { step, target }: CacheMount): boolean =>
  copy?.from?.kind === 'stage' &&
  [copy.from.stage, ...[...stageAncestors(copy.from.stage)].map(({ stage }) => stage)].includes(step.stage) &&
  copy.sources.some(({ text, known }) => known && within(target, absolute(text)) !== undefined);

const starts = ({ dockerfile }: RuleContext, step: Step, programs: RegExp): boolean =>
  commandLines(step, dockerfile).some(([program = '']) => programs.test(baseName(program)));

/** The first step that needs the directory and finds it empty. */
function needyStep(context: RuleContext, mount: CacheMount, programs: RegExp): Step | undefined {
  const later = stepsAfter(context.graph, mount.step);
  const copy = later.find((step) => copiesFrom(step, mount));
  const inherited = later.filter((step) => [...ancestors(step)].includes(mount.step));
  const filled = inherited.findIndex((step) => fills(step, mount));
  const until = filled < 0 ? inherited : inherited.slice(0, filled);
  const run = until.find(
    (step) => step.keyword === 'RUN' && !isMounted(step, mount.target) && starts(context, step, programs),
  );
  const { target } = context.graph;
  const start = filled < 0 && target ? startSteps(target).find((step) => inherited.includes(step)) : undefined;
  return copy ?? run ?? (start && starts(context, start, programs) ? start : undefined);
}

function stepsAfter({ stages, reachable }: BuildGraph, step: Step): Step[] {
  const all = stages.filter((stage) => reachable.has(stage)).flatMap(({ steps }) => steps);
  return all.slice(all.indexOf(step) + 1);
}

/** Whether the RUN does nothing but fill the directory, and no other RUN has the mount: then nobody ever sees what is in it. */
function isPointless({ graph }: RuleContext, { step, mount, target }: CacheMount): boolean {
  const others = graph.stages.flatMap(({ steps }) => steps.flatMap(cacheMountsOf));
  if (others.some((other) => other.step !== step && cacheIdOf(other.mount) === cacheIdOf(mount))) return false;
  const calls = new Map(invocationsOf(step).map(({ call, action }) => [call.command, action]));
  const isFilling = (command: ShellCommand): boolean =>
    calls.get(command) === 'install' || isVenv(command) || (!calls.has(command) && isHarmless(command, [target]));
  return step.script?.complete === true && step.script.commands.every(isFilling);
}

const isVenv = ({ words }: ShellCommand): boolean =>
  /^(python[\d.]*|uv|virtualenv)$/.test(baseName(words[0]?.value ?? '')) &&
  words.some(({ value }) => /venv|virtualenv/.test(value ?? ''));

function report(context: RuleContext, mount: CacheMount): Report | undefined {
  const programs = runtime.get(baseName(mount.target));
  if (!programs || !installsInto(mount) || copiesOut(mount)) return undefined;
  const needy = needyStep(context, mount, programs);
  if (!needy && !isPointless(context, mount)) return undefined;
  const effect = needy ? `${named(needy)} finds the directory empty` : 'nothing takes it out of there';
  return {
    span: mount.mount.flag.span,
    message: `What this RUN installs into ${mount.target} is in the mount only, not in the image: ${effect}. Mount the package manager's download cache instead, and let it install into the layer.`,
    related: needy ? [{ span: needy.instruction.keywordSpan, message: `Finds ${mount.target} empty.` }] : [],
  };
}

export const mountedInstallDirectory: Rule = {
  id: 'mounted-install-directory',
  severity: 'warning',
  category: 'mounts',
  docs: {
    summary: '`node_modules`, a virtual environment or the like is a cache mount: later steps find it empty',
    why: `The content of a cache mount is in no layer. A \`node_modules\` or \`.venv\` that is mounted while the install runs is gone in the next step, in stages that copy it, and in the image that ships. The cache that belongs
into a mount is the download cache: \`/root/.npm\`, \`/root/.cache/pip\`, \`/root/.cache/uv\` and so on. A \`RUN\` that installs, builds and lets only the result leave the mount is fine, and not reported.`,
    fix: 'None: which directory to mount depends on the tool. missing-cache-mount offers it once the mount is gone.',
    ignore: 'When the result leaves the mount in a way that the Dockerfile does not show.',
    bad: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm --mount=type=cache,target=/app/node_modules npm ci\nCMD ["node", "server.js"]\n',
      files: { 'package.json': '{"name":"app"}', 'package-lock.json': '{"lockfileVersion":3}' },
    },
    good: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCMD ["node", "server.js"]\n',
      files: { 'package.json': '{"name":"app"}', 'package-lock.json': '{"lockfileVersion":3}' },
    },
    references: [
      'https://github.com/moby/buildkit/issues/2147',
      'https://docs.docker.com/reference/dockerfile/#run---mounttypecache',
    ],
  },
  *check(context) {
    const mountsOf = ({ steps }: Stage) =>
      steps.flatMap(cacheMountsOf).filter(({ target }) => runtime.has(baseName(target)));
    const counts = context.ofEachStage((stage) => mountsOf(stage).length);
    for (const stage of context.graph.reachable)
      for (const mount of counts[stage.index] ? mountsOf(stage) : []) {
        const found = report(context, mount);
        if (found) yield found;
      }
  },
};
