import { ancestors, type Stage, type Step } from '../build/graph.ts';
import { churnOf } from '../cache/churn.ts';
import type { Selection } from '../cache/model.ts';
import { absolute } from '../cache/placement.ts';
import { type InstallStep, installStep } from '../fixes/installStep.ts';
import { manifestsFirst, reachOf } from '../fixes/manifestsFirst.ts';
import type { Fix } from '../fixes.ts';
import { bytes, listing, named, plural, share } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** A COPY that brings more than the installs after it read. */
interface Cause {
  readonly copy: Step;
  readonly selection: Selection;
  /** Files that no install needs; undefined where the context is not known. */
  readonly excess: number | undefined;
}

/** COPY and ADD whose files an install cannot do without knowing: configuration of the system rather than of the project. */
const configuresSystem = (destination: string): boolean =>
  /^\/(etc|usr|root|home|opt|tmp|bin|sbin|lib|var)?$/.test(destination.replace(/(?<=.)\/$/, '')) ||
  /^\/(etc|usr\/local\/etc)\//.test(destination);

/** More files than this through a wildcard are no list of manifests any more. */
const manyMatches = 10;

/** Whether a COPY brings whole folders: one that names files is its author's own list of what is needed. */
function isBroad({ copy }: Step, selection: Selection, { facts }: RuleContext): boolean {
  if (!copy || copy.from) return false;
  const paths = copy.sources.map(({ text }) => absolute(text).slice(1));
  if (paths.some((path) => path === '' || facts.context?.get(path)?.type === 'directory')) return true;
  return selection.known && selection.files.length > copy.sources.length + manyMatches;
}

function causeOf(context: RuleContext, copy: Step, installs: readonly InstallStep[]): Cause | undefined {
  if ((copy.keyword !== 'COPY' && copy.keyword !== 'ADD') || copy.fromOnbuild || !copy.copy) return undefined;
  const selection = context.model.selection(copy);
  if (!isBroad(copy, selection, context)) return undefined;
  const needed = new Set(installs.flatMap(({ inputs }) => inputs.files));
  const excess = selection.known ? selection.files.filter((file) => !needed.has(file)).length : undefined;
  return excess === 0 ? undefined : { copy, selection, excess };
}

/** Installs of a stage that no broad COPY should precede, in order. */
const installsOf = ({ facts }: RuleContext, stage: Stage): InstallStep[] =>
  stage.steps.flatMap((step) => {
    const install = step.fromOnbuild ? undefined : installStep(step, facts.context);
    return install && !install.installsProject ? [install] : [];
  });

function* check(context: RuleContext): Generator<Report> {
  const reported = new Set<Step>();
  for (const stage of context.graph.stages) {
    if (!context.graph.reachable.has(stage)) continue;
    const installs = installsOf(context, stage);
    const causes = causesOf(context, installs);
    const widest = causes.reduce<Cause | undefined>(
      (most, cause) => ((most?.excess ?? -1) >= (cause.excess ?? 0) ? most : cause),
      undefined,
    );
    if (!widest || reported.has(widest.copy)) continue;
    reported.add(widest.copy);
    const hit = installs.filter((install) => isHitBy(widest.copy, install));
    yield* reports(context, widest, causes, hit);
  }
}

/** Whether a file of the COPY runs the install again for nothing: it comes after, and is not what the COPY is there for. */
const isHitBy = (copy: Step, install: InstallStep): boolean =>
  (copy.stage !== install.step.stage || copy.index < install.step.index) &&
  !(install.isSystem && configuresSystem(copy.copy?.destination ?? '/'));

function causesOf(context: RuleContext, installs: readonly InstallStep[]): Cause[] {
  const last = installs.at(-1);
  if (!last) return [];
  return [...ancestors(last.step)].flatMap((step) => {
    const hit = installs.filter((install) => isHitBy(step, install));
    const cause = hit.length > 0 ? causeOf(context, step, hit) : undefined;
    return cause ? [cause] : [];
  });
}

/** One report for the installs that the fix can put above the COPY, one for those that it cannot, with what stands in the way. */
function* reports(
  context: RuleContext,
  cause: Cause,
  causes: readonly Cause[],
  installs: readonly InstallStep[],
): Generator<Report> {
  const { dockerfile, model, facts } = context;
  const copies = causes.map(({ copy }) => copy).filter(({ stage }) => stage === cause.copy.stage);
  const situation = { dockerfile, model, context: facts.context, copies, installs };
  const { movable, refusal } = reachOf(situation);
  const [first, rest] = [installs.slice(0, movable), installs.slice(movable)];
  if (first.length > 0) {
    const plan = manifestsFirst({ ...situation, installs: first });
    yield report(context, cause, first, plan.refusal ?? advice(first), plan.fixes);
  }
  if (rest.length > 0) yield report(context, cause, rest, refusal ?? '', []);
}

const report = (
  context: RuleContext,
  cause: Cause,
  installs: readonly InstallStep[],
  advised: string,
  fixes: readonly Fix[],
): Report => ({
  span: cause.copy.instruction.span,
  message: [consequence(context, cause, installs), past(context, cause, installs), advised].filter(Boolean).join(' '),
  related: installs.map(({ step, invocations }) => ({
    span: invocations[0]?.call.command.span ?? step.instruction.keywordSpan,
    message: `Runs again whenever a file of the ${cause.copy.keyword} on line ${cause.copy.instruction.line + 1} changes.`,
  })),
  fixes,
});

function consequence(
  context: RuleContext,
  { copy, selection, excess }: Cause,
  installs: readonly InstallStep[],
): string {
  const [first] = installs;
  if (!first) return '';
  const follow = context.model.consequences(first.step).runs.length;
  const also = installs.length > 1 ? ` (and ${plural(installs.length - 1, 'more install')})` : '';
  const after = follow > 0 ? `, and the ${plural(follow, 'step')} after it` : '';
  const what = `${copy.keyword} ${copy.instruction.rest.text.replace(/\s+/g, ' ')}`;
  if (excess === undefined)
    return `Every file of ${what} is part of the cache key of what follows: a change of any of them runs ${named(first.step)}${also}${after} again.`;
  const more = context.facts.context?.truncated ? 'at least ' : '';
  return `${what} brings ${more}${plural(selection.files.length, 'file')} (${bytes(selection.bytes)}), ${reads(installs, selection)}. A change of any of them runs ${named(first.step)}${also}${after} again.`;
}

function reads(installs: readonly InstallStep[], selection: Selection): string {
  const [first] = installs;
  const several = installs.length > 1;
  const who = several || !first ? 'the installs' : first.title;
  const verb = (plain: string) => (several ? plain : `${plain}s`);
  if (installs.some(({ inputs }) => inputs.obstacles.length > 0))
    return `more than ${who} ${verb('need')} to find ${several ? 'their' : 'its'} dependencies`;
  const needed = [...new Set(installs.flatMap(({ inputs }) => inputs.files))].filter((file) =>
    selection.has(file),
  ).length;
  return needed === 0 ? `none of which ${who} ${verb('read')}` : `of which ${who} ${verb('read')} ${needed}`;
}

/** What the past says: how many commits run the install again, and how many would have to. */
function past({ facts }: RuleContext, { selection }: Cause, installs: readonly InstallStep[]): string {
  if (installs.some(({ inputs }) => inputs.obstacles.length > 0)) return '';
  const needed = new Set(installs.flatMap(({ inputs }) => inputs.files));
  const now = churnOf(facts.history, selection);
  const then = now && churnOf(facts.history, { known: true, has: (path) => needed.has(path) });
  if (!now || !then || now.touching <= then.touching) return '';
  const had =
    needed.size > 0
      ? `, ${share(then.touching, then.commits)} changed what ${installs.length > 1 ? 'the installs read' : 'it reads'}`
      : '';
  return `${share(now.touching, now.commits)} of the last ${now.commits} commits did so${had}.`;
}

const advice = (installs: readonly InstallStep[]): string => {
  const files = listing([...new Set(installs.flatMap(({ inputs }) => inputs.files))], 3);
  return files ? `Copy only ${files} before the install, and the rest after it.` : 'Put the install above it.';
};

export const copyBeforeInstall: Rule = {
  id: 'copy-before-install',
  severity: 'warning',
  category: 'order',
  docs: {
    summary: 'A COPY brings more files than the dependency install after it reads',
    why: `The content of every file that a \`COPY\` selects is part of its cache key, and a step that runs again makes every step after it run again. With \`COPY . .\` before \`npm ci\`, each
edit of a source file, a test or the README downloads and installs all dependencies anew, although \`npm ci\` reads only a few manifests. Copied first and alone, the manifests change in about a quarter of
commits (measured over 135 repositories); the install stays cached for the rest.

The message counts the files of the real build context, after \`.dockerignore\`, and where the git history is available says how many commits ran the install for nothing. Stages built \`FROM\` another one
are followed.`,
    fix: `Copies exactly the files that the install reads — manifests, lock files, configuration, the manifests of all workspaces, patches, files that lifecycle scripts need — with the ownership flags of the original
\`COPY\`, and moves that \`COPY\` below the install. It is safe when the install follows its lock file, everything it reads is known, and what it writes (\`node_modules\`) is kept out of the context. There is no fix,
and the message says why, where a lifecycle script, a path dependency or an instruction in between may read the other files, where the same \`RUN\` also builds, or where the \`COPY\` lies in another stage.`,
    ignore: 'When the install really reads the sources, for example through a `postinstall` script that compiles them.',
    bad: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN --mount=type=cache,target=/root/.npm npm ci\nCMD ["node", "server.js"]\n',
      files: {
        'package.json': '{"name":"app"}',
        'package-lock.json': '{"lockfileVersion":3}',
        'server.js': '',
        '.dockerignore': 'node_modules\n',
      },
    },
    good: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
      files: {
        'package.json': '{"name":"app"}',
        'package-lock.json': '{"lockfileVersion":3}',
        'server.js': '',
        '.dockerignore': 'node_modules\n',
      },
    },
    references: [
      'https://docs.docker.com/build/cache/optimize/#order-your-layers',
      'https://docs.docker.com/build/cache/invalidation/',
    ],
  },
  check,
};
