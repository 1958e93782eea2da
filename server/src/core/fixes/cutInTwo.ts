import type { Step } from '../build/graph.ts';
import { within } from '../cache/placement.ts';
import { isBroken } from '../fixes.ts';
import { invocationsOf } from '../managers/invocations.ts';
import { codeBefore } from '../syntax/continued.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import { baseName } from '../syntax/path.ts';
import type { ShellCommand, ShellScript } from '../syntax/shell.ts';
import type { ContextSnapshot } from '../workspace.ts';
import type { InstallAndBuild } from './installAndBuild.ts';
import type { Cut } from './manifestsFirst.ts';
import { type CacheMount, cacheMountsOf, cachesOf, overlap } from './mountUse.ts';

/** What changes the shell itself, so that later commands of the same RUN see it. */
const changesShell =
  /^(\.|alias|cd|declare|eval|exec|export|local|popd|pushd|readonly|set|shopt|source|trap|ulimit|umask|unset)$/;

const isState = ({ words, within }: ShellCommand): boolean =>
  within.length === 0 && (words.length === 0 || changesShell.test(words[0]?.value ?? ''));

/** State that a second shell gets from the same words, as they depend on nothing that ran before. */
const isRepeatable = (command: ShellCommand, text: string): boolean =>
  isState(command) && /^(cd|export|set)?$/.test(command.words[0]?.value ?? '') && !/`|\$\(|\n/.test(text);

const brief = ({ words }: ShellCommand): string => {
  const text = words.map((word) => word.text).join(' ');
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
};

/**
 * Where a RUN can be cut between its installs and its build, so that the halves do what the whole did; or why it cannot, as the end of
 * "There is no fix: …".
 */
export function cutInTwo(
  dockerfile: Dockerfile,
  both: InstallAndBuild,
  ships: boolean,
  context: ContextSnapshot | undefined,
): Cut | string {
  const { step, install } = both;
  const { script, instruction } = step;
  if (
    !script?.complete ||
    instruction.form === 'exec' ||
    instruction.heredocs.length > 0 ||
    isBroken(dockerfile, instruction)
  )
    return 'the RUN is a heredoc, a JSON array, or a script that cannot be read.';
  const right = firstOfRight(step, script, install.invocations.at(-1)?.call.command);
  const gap = right && gapBefore(dockerfile, right);
  if (!right || !gap) return `\`${brief(right ?? both.build)}\` is not joined to the install by a plain \`&&\`.`;
  const left = script.commands.filter(({ span }) => span.end <= gap.span.start);
  const prefix = prefixOf(dockerfile, left);
  const rest = script.commands.filter(({ span }) => span.start >= right.span.start);
  const reason =
    badJoint(dockerfile, step, script, prefix, rest) ??
    badState(left.slice(prefix.length)) ??
    badMount(both) ??
    (ships ? badRemoval(rest) : undefined);
  if (reason) return reason;
  const dropped = downloadsOnly(both, rest, context);
  const flags = instruction.flags
    .filter(({ span }) => !dropped.some(({ mount }) => mount.flag.span.start === span.start))
    .map(({ span }) => dockerfile.text.slice(span.start, span.end));
  const repeated = prefix.map(
    ({ span }, at) =>
      dockerfile.text.slice(span.start, span.end) + (left[at + 1]?.connector?.operator === '&&' ? ' &&' : ';'),
  );
  // They speak of what comes next.
  const above = gap.comments.map((comment) => comment + dockerfile.eol).join('');
  return { span: gap.span, start: above + ['RUN', ...flags, ...repeated, ''].join(' ') };
}

/** Cache mounts that hold what the installs download, and that no call behind them uses. */
function downloadsOnly(
  { step, install }: InstallAndBuild,
  right: readonly ShellCommand[],
  context: ContextSnapshot | undefined,
): CacheMount[] {
  const later = invocationsOf(step).filter(({ call }) => right.includes(call.command));
  const [own, others] = [install.invocations, later].map((calls) => calls.flatMap((call) => cachesOf(call, context)));
  return cacheMountsOf(step).filter(
    ({ target }) =>
      own?.some(({ path, class: kind }) => kind === 'A' && path !== undefined && within(target, path) !== undefined) &&
      others?.every(({ path }) => path !== undefined && !overlap(path, target)),
  );
}

/** The first command behind the installs, the cleaning of their caches left to them. */
function firstOfRight(step: Step, { commands }: ShellScript, last: ShellCommand | undefined): ShellCommand | undefined {
  const cleans = new Set(invocationsOf(step).flatMap(({ call, action }) => (action === 'clean' ? [call.command] : [])));
  return commands.find((command) => last && command.span.start >= last.span.end && !cleans.has(command));
}

interface Gap {
  readonly span: Cut['span'];
  readonly comments: readonly string[];
}

/** The operator before a command with the blanks, line breaks and comments before it; undefined where more than blanks and breaks stands behind it. */
function gapBefore({ text }: Dockerfile, { within, connector, span }: ShellCommand): Gap | undefined {
  if (within.length > 0 || !connector || !/^(&&|;|\n)$/.test(connector.operator)) return undefined;
  const { end, comments } = codeBefore(text, connector.span.start);
  const between = text.slice(connector.span.end, span.start);
  return /^(?:\s|[\\`]\r?\n)*$/.test(between) ? { span: { start: end, end: span.start }, comments } : undefined;
}

/** `cd web && export A=1 && …`: what both halves begin with. */
function prefixOf({ text }: Dockerfile, left: readonly ShellCommand[]): ShellCommand[] {
  const end = left.findIndex((command) => !isRepeatable(command, text.slice(command.span.start, command.span.end)));
  return left.slice(0, end === -1 ? left.length : end);
}

const setsErrexit = ({ words }: ShellCommand): boolean =>
  words[0]?.value === 'set' && words.some(({ value }) => /^(-[a-z]*e[a-z]*|errexit)$/.test(value ?? ''));

/** With `||`, `&`, or `;` a command runs although one before it failed; between two RUNs it does not. */
function badJoint(
  { text }: Dockerfile,
  step: Step,
  { commands }: ShellScript,
  prefix: readonly ShellCommand[],
  right: readonly ShellCommand[],
): string | undefined {
  const { start, end } = step.instruction.restSpan;
  if (/\|\||(?<![&>|])&(?![&>\d])/.test(text.slice(start, end))) return 'its commands are joined by `||` or `&`.';
  const strict = prefix.some(setsErrexit);
  const loose = (joined: readonly ShellCommand[]): boolean =>
    joined.some(({ within, connector }) => within.length === 0 && /^(;|\n)$/.test(connector?.operator ?? ''));
  const isLoose = !strict && loose(right);
  return isLoose || commands.some(({ within }) => within.includes('function'))
    ? 'its commands are joined by `;`, so that one may fail without ending the RUN.'
    : undefined;
}

const badState = (left: readonly ShellCommand[]): string | undefined => {
  const state = left.find(isState);
  return state && `\`${brief(state) || 'a variable'}\`, before the build, holds for the build as well.`;
};

function badMount({ step, install }: InstallAndBuild): string | undefined {
  const written = new Set(install.invocations.flatMap(({ manager }) => manager.writes ?? []));
  const mount = step.mounts.find(
    ({ type, target }) =>
      type === 'bind' || type === 'tmpfs' || (type === 'cache' && (!target || written.has(baseName(target)))),
  );
  return mount && `what is written to the mount at ${mount.target ?? 'an unknown place'} may not outlast the RUN.`;
}

/** What the build removes again would stay in the layer of the install. */
function badRemoval(right: readonly ShellCommand[]): string | undefined {
  const removal = right.find(({ words: [program, ...args] }) => {
    const name = program?.value ?? '';
    return (
      name === 'rm' ||
      args.some(({ value }) =>
        /^(prune|autoclean|autoremove|purge|remove|del|-delete|--production|--omit=dev)$/.test(value ?? ''),
      )
    );
  });
  return removal && `what \`${brief(removal)}\` takes away would stay in the layer of the install.`;
}
