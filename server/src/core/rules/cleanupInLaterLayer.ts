import { ancestors, type Step } from '../build/graph.ts';
import { broughtBy } from '../cache/brought.ts';
import { absolute } from '../cache/placement.ts';
import { isShipped } from '../cache/shipped.ts';
import { isMounted } from '../fixes/cacheMounts.ts';
import { cachesOf } from '../fixes/mountUse.ts';
import { moveToEnd } from '../fixes/moveToEnd.ts';
import { callsOf } from '../managers/calls.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Call, Invocation } from '../managers/manager.ts';
import { bytes, listing, named, sentences } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** Less than this is not worth a word. */
const fewestBytes = 1_000_000;

/** What a command removes although earlier layers hold it. */
interface Leftover {
  readonly call: Call;
  /** The steps whose layers hold it, oldest first; at least one. */
  readonly holders: readonly Step[];
  /** Known for files of the context. */
  readonly bytes?: number | undefined;
  /** What to do instead, as a sentence. */
  readonly advice: string;
  /** Whether the command can go to the end of the only holder. */
  readonly movable: boolean;
}

const fills = new Set(['install', 'fetch', 'index', 'self', 'build']);

/** Whether a call leaves something in its cache that the layer keeps. */
function leaves({ facts }: RuleContext, step: Step, invocation: Invocation): boolean {
  const { manager, call, action } = invocation;
  if (!fills.has(action) || manager.defeaters(call).some(({ kind }) => kind !== 'command')) return false;
  // Debian's images empty the archives after each install; what stays is what an update fetched.
  if (manager.id === 'apt' && action !== 'index') return false;
  const places = cachesOf(invocation, facts.context).filter(({ path }) => path !== undefined);
  return places.length > 0 && !places.some(({ path }) => isMounted(step, path ?? ''));
}

function isCleaned(step: Step, { manager, call }: Invocation): boolean {
  return invocationsOf(step).some(
    (later) =>
      later.manager === manager && later.action === 'clean' && later.call.command.span.start > call.command.span.start,
  );
}

/** `rm -rf /var/lib/apt/lists/*`, `npm cache clean` in another RUN than the install. */
function cacheLeftover(context: RuleContext, step: Step, call: Call): Leftover | undefined {
  const managers = invocationsOf(step)
    .filter((each) => each.call.command === call.command && each.action === 'clean')
    .map(({ manager }) => manager)
    .filter(({ id }) => id !== 'apt' || call.program === 'rm' || call.program === 'find');
  const own = invocationsOf(step).some(
    ({ manager, action, call: other }) =>
      managers.includes(manager) && action !== 'clean' && other.command.span.start < call.command.span.start,
  );
  if (managers.length === 0 || own) return undefined;
  const holders = [...ancestors(step)].filter((each) =>
    invocationsOf(each).some(
      (invocation) =>
        managers.includes(invocation.manager) && leaves(context, each, invocation) && !isCleaned(each, invocation),
    ),
  );
  return holders.length === 0
    ? undefined
    : { call, holders, movable: true, advice: 'Clean up in the RUN that fills the cache, or give it a cache mount.' };
}

const removers: Readonly<Record<string, readonly string[]>> = {
  'apt-get': ['purge', 'remove', 'autopurge'],
  apt: ['purge', 'remove', 'autopurge'],
  apk: ['del'],
  dnf: ['remove', 'erase'],
  yum: ['remove', 'erase'],
  microdnf: ['remove'],
  zypper: ['remove', 'rm'],
};

/** Whether a call installs a package of this name; apk's virtual packages are named by an option. */
const installs = ({ action, call }: Invocation, name: string): boolean =>
  action === 'install' &&
  call.args.some(
    ({ value }) => value !== undefined && (value.replace(/[=<>~].*$/, '') === name || value === `--virtual=${name}`),
  );

/** `apt-get purge gcc` in another RUN than `apt-get install gcc`. */
function packageLeftover(step: Step, call: Call): Leftover | undefined {
  const words = call.args.map(({ value }) => value ?? '');
  const verb = words.find((word) => !word.startsWith('-'));
  if (!verb || !Object.hasOwn(removers, call.program) || !removers[call.program]?.includes(verb)) return undefined;
  const names = words.filter((word) => word !== verb && /^[\w.+-]+$/.test(word) && !/^-{1,2}\w/.test(word));
  const installers = (each: Step) =>
    invocationsOf(each).some((invocation) => names.some((name) => installs(invocation, name)));
  if (installers(step)) return undefined;
  const holders = [...ancestors(step)].filter(installers);
  return holders.length === 0
    ? undefined
    : {
        call,
        holders,
        movable: false,
        advice: 'Remove the packages in the RUN that installs them, or do what needs them in a stage of its own.',
      };
}

/** `npm prune --omit=dev` in another RUN than `npm ci`. */
function pruneLeftover(step: Step, call: Call): Leftover | undefined {
  if (!/^(npm|pnpm)$/.test(call.program) || call.args[0]?.value !== 'prune') return undefined;
  const hasInstalled = (each: Step): boolean =>
    invocationsOf(each).some(
      ({ manager, action, call: other }) =>
        manager.id === call.program && action === 'install' && other.cwd !== undefined && other.cwd === call.cwd,
    );
  const holders = hasInstalled(step) ? [] : [...ancestors(step)].filter(hasInstalled);
  return holders.length === 0
    ? undefined
    : {
        call,
        holders,
        movable: false,
        advice: 'Install what the build needs in another stage, and copy or install only the rest here.',
      };
}

/** The places that a removal names; undefined for one that depends on what the shell finds. */
function targetsOf({ program, args, cwd }: Call): string[] {
  if (program !== 'rm') return [];
  return args
    .filter(({ text }) => !text.startsWith('-'))
    .map(({ value, text }) => value ?? (/^[\w./-]+\/\*$/.test(text) ? text.slice(0, -2) : undefined))
    .filter((path) => path !== undefined && (path.startsWith('/') || cwd !== undefined))
    .map((path) => absolute(path ?? '/', cwd))
    .filter((path) => path !== '/');
}

/** Files that `curl -o`, `wget -O` and `git clone` leave at one of the paths. */
const downloadsTo = (step: Step, paths: readonly string[]): boolean =>
  step.keyword === 'RUN' &&
  callsOf(step).some(({ program, args, cwd }) => {
    const words = args.map(({ value }) => value ?? '');
    const named = words.filter(
      (_, at) =>
        (program === 'curl' && /^(-o|--output|-[a-zA-Z]*o)$/.test(words[at - 1] ?? '')) ||
        (program === 'wget' && /^(-O|--output-document|-[a-zA-Z]*O)$/.test(words[at - 1] ?? '')) ||
        (program === 'git' && words[0] === 'clone' && at === words.length - 1 && at > 1 && !words[at]?.includes(':')),
    );
    return named.some((path) => path !== '' && (path.startsWith('/') || cwd) && paths.includes(absolute(path, cwd)));
  }) &&
  !callsOf(step).some((call) => targetsOf(call).some((target) => paths.includes(target)));

/** `rm /tmp/tool.tar.gz` of what a COPY, an ADD or a download in another RUN put there. */
function fileLeftover({ model, facts }: RuleContext, step: Step, call: Call): Leftover | undefined {
  const paths = targetsOf(call);
  if (paths.length === 0) return undefined;
  const where = { model, context: facts.context, paths };
  const before = [...ancestors(step)];
  const brought = before.map((each) => broughtBy(where, each)).filter((each) => each !== undefined);
  const downloads = before.filter((each) => downloadsTo(each, paths));
  const known = brought.reduce((sum, { amount }) => sum + (amount?.bytes ?? 0), 0);
  const isKnown = downloads.length === 0 && brought.every(({ amount }) => amount !== undefined);
  if ((brought.length === 0 && downloads.length === 0) || (isKnown && known < fewestBytes)) return undefined;
  return {
    call,
    holders: [...brought.map((each) => each.step), ...downloads],
    bytes: isKnown ? known : undefined,
    movable: false,
    advice:
      downloads.length > 0
        ? 'Download, use and remove it in one RUN.'
        : brought.some(({ step: { copy } }) => copy?.urls.length)
          ? 'ADD it in a stage of its own, and mount it from there where it is used, with RUN --mount=type=bind,from=….'
          : 'Mount it where it is used, with RUN --mount=type=bind, instead of copying it.',
  };
}

function leftoverOf(context: RuleContext, step: Step, call: Call): Leftover | undefined {
  if (!call.command.unconditional) return undefined;
  return (
    cacheLeftover(context, step, call) ??
    packageLeftover(step, call) ??
    pruneLeftover(step, call) ??
    fileLeftover(context, step, call)
  );
}

function report({ dockerfile }: RuleContext, leftover: Leftover): Report {
  const { call, holders, advice, movable } = leftover;
  const [holder, ...others] = holders;
  const plan = movable && holder && others.length === 0 ? moveToEnd(dockerfile, call, holder) : undefined;
  const size = leftover.bytes === undefined ? '' : ` (${bytes(leftover.bytes)})`;
  const where = listing(
    holders.map((each) => named(each)),
    2,
  );
  return {
    span: call.command.span,
    message: sentences(
      `What this removes stays in the ${holders.length > 1 ? 'layers' : 'layer'} of ${where}${size}: a later layer only hides it, and the image does not shrink.`,
      advice,
      plan?.refusal,
    ),
    related: holders.map(({ instruction }) => ({
      span: instruction.span,
      message: 'Its layer keeps what is removed later.',
    })),
    fixes: plan?.fixes ?? [],
  };
}

export const cleanupInLaterLayer: Rule = {
  id: 'cleanup-in-later-layer',
  severity: 'warning',
  category: 'layers',
  docs: {
    summary: 'A RUN removes what an earlier layer holds: the image does not shrink',
    why: `Every \`COPY\`, \`ADD\` and \`RUN\` makes a layer, and layers are only ever added. A file that one layer holds and a later one removes is hidden, but it is pushed, pulled and stored with the image all the same.

Reported are package caches and lists, packages, downloads and copied files that a later \`RUN\` of a stage that ships removes. Small files are left alone, and so are stages that only build: their layers are not part of the image.`,
    fix: `Moves the cleaning of a package cache to the end of the \`RUN\` that fills it. Safe when what runs in between has no use for the cache. Withheld where several steps fill it, or where the script cannot simply be
continued. Files and packages are moved by hand: something in between needs them, or they would not be there.`,
    ignore: 'When the image is squashed, or exported as a single layer.',
    bad: {
      dockerfile:
        'FROM debian:12 AS build\nRUN make tool.tar.gz\n\nFROM debian:12\nCOPY --from=build /tool.tar.gz /tmp/\nRUN tar -xzf /tmp/tool.tar.gz -C /opt && rm /tmp/tool.tar.gz\n',
    },
    good: {
      dockerfile:
        'FROM debian:12 AS build\nRUN make tool.tar.gz\n\nFROM debian:12\nRUN --mount=type=bind,from=build,source=/tool.tar.gz,target=/tmp/tool.tar.gz tar -xzf /tmp/tool.tar.gz -C /opt\n',
    },
    references: [
      'https://docs.docker.com/build/building/best-practices/#run',
      'https://docs.docker.com/reference/dockerfile/#run---mounttypebind',
    ],
  },
  *checkStage(context, stage) {
    if (!isShipped(context.graph, stage)) return;
    for (const step of stage.steps)
      for (const call of step.keyword === 'RUN' && !step.fromOnbuild ? callsOf(step) : []) {
        const leftover = leftoverOf(context, step, call);
        if (leftover) yield report(context, leftover);
      }
  },
};
