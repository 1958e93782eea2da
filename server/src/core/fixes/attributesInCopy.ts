import { ancestors, type Step } from '../build/graph.ts';
import { absolute, destinationOf, within } from '../cache/placement.ts';
import type { Fix } from '../fixes.ts';
import { baseImage } from '../managers/images.ts';
import { invocationsByCommand } from '../managers/invocations.ts';
import { named } from '../prose.ts';
import type { ShellCommand, ShellWord } from '../syntax/shell.ts';
import { isHarmless } from './harmless.ts';
import { noFix, type Plan } from './plan.ts';

/** A recursive `chown` or `chmod` of folders of the image. */
export interface Change {
  readonly step: Step;
  readonly command: ShellCommand;
  readonly flag: 'chown' | 'chmod';
  /** The owner or the mode, as written; undefined value where the shell makes it. */
  readonly value: ShellWord;
  /** The word `-R` or `--recursive`; undefined where it is joined with other options. */
  readonly recursive: ShellWord | undefined;
  /** Absolute folders. */
  readonly folders: readonly string[];
  /** COPY and ADD that put files there, or may, oldest first. */
  readonly copies: readonly Step[];
}

/** Gives the owner or mode to the COPYs and leaves the folder itself to the command, without its `-R`; or says what stands in the way. */
export function attributesInCopy(change: Change): Plan {
  const flag = flagOf(change);
  const reason = flag === undefined ? unclearValue(change) : (unclearFiles(change) ?? unclearUser(change, flag));
  if (reason !== undefined || flag === undefined || !change.recursive) return noFix(reason ?? 'it cannot be read.');
  const { start, end } = change.recursive.span;
  const copies = change.copies.filter(({ copy }) => copy?.[change.flag] === undefined);
  if (copies.length === 0) return noFix('no COPY of this stage brings the files.');
  const edits = copies.map(({ instruction: { flags, keywordSpan } }) => {
    const at = (flags.at(-1)?.span ?? keywordSpan).end;
    return { span: { start: at, end: at }, newText: ` ${flag}` };
  });
  const fix: Fix = {
    title: `Copy with ${flag}`,
    applicability: isProven(change) ? 'safe' : 'suggestion',
    edits: [...edits, { span: { start, end: end + 1 }, newText: '' }],
  };
  return { fixes: [fix], refusal: undefined };
}

/** Files of another stage keep their group under `chown user`, and that is not known here. */
const isProven = (change: Change): boolean =>
  change.folders.every((folder) => isMadeHere(change, folder)) &&
  (change.flag === 'chmod' || change.value.text.includes(':') || change.copies.every(({ copy }) => !copy?.from));

/** `--chown=` wants a group, which `chown user` leaves as it is: root's, for what COPY brings from the context. */
function flagOf({ flag, value: { value } }: Change): string | undefined {
  if (value === undefined) return undefined;
  if (flag === 'chmod') return /^[0-7]{3,4}$/.test(value) ? `--chmod=${value}` : undefined;
  if (/^[\w.-]+$/.test(value)) return `--chown=${value}:0`;
  return /^[\w.-]+:[\w.-]+$/.test(value) ? `--chown=${value}` : undefined;
}

const unclearValue = ({ flag, value }: Change): string =>
  flag === 'chmod'
    ? `COPY --chmod takes a number, not \`${value.text}\`.`
    : `what \`${value.text}\` means to a COPY is not known here.`;

/** Why the files below the folders are not exactly those that the COPYs bring. */
function unclearFiles({ step, command, recursive, flag, folders, copies, value }: Change): string | undefined {
  if (!recursive || command.within.length > 0 || !command.unconditional || step.script?.complete !== true)
    return `\`${flag}\` is nested in other commands, or has more options.`;
  const strange = copies.find((copy) => !isPlainCopy(copy, step, folders));
  if (strange) return `${named(strange)} also brings files to other places, unpacks them, or lies in another stage.`;
  const other = copies.find(({ copy }) => copy?.[flag] !== undefined && copy[flag] !== value.value);
  if (other) return `${named(other)} already sets another ${flag === 'chown' ? 'owner' : 'mode'}.`;
  const linked = copies.find(({ copy }) => copy?.link && (flag === 'chmod' || !/^\d+(:\d+)?$/.test(value.value ?? '')));
  if (linked) return `${named(linked)} has --link, which would lose its effect.`;
  const writer = [...ancestors(step)].find((each) => !copies.includes(each) && writesBelow(each, folders));
  if (writer) return `${named(writer)} may put files there as well.`;
  const first = commandsBefore(step, command).find((each) => !isAttribute(each) && !isHarmless(each, folders));
  return first && `\`${first.words[0]?.text ?? ''}\`, in the same RUN, may write there as well.`;
}

const isAttribute = ({ words }: ShellCommand): boolean => /^(chown|chmod)$/.test(words[0]?.value ?? '');

const commandsBefore = ({ script }: Step, { span }: ShellCommand): ShellCommand[] =>
  (script?.commands ?? []).filter((each) => each.span.start < span.start);

function isPlainCopy(each: Step, step: Step, folders: readonly string[]): boolean {
  if (each.fromOnbuild || each.stage !== step.stage || each.keyword !== 'COPY') return false;
  const destination = destinationOf(each) ?? '/';
  return !each.copy?.heredocs.length && folders.some((folder) => within(folder, destination) !== undefined);
}

/** Whether an earlier step may put something below the folders. */
function writesBelow(step: Step, folders: readonly string[]): boolean {
  if (step.keyword === 'WORKDIR') return folders.some((folder) => Boolean(within(folder, absolute(step.workdir))));
  // The COPYs that may are looked at one by one.
  if (step.copy) return false;
  if (step.keyword !== 'RUN') return step.keyword === 'ONBUILD';
  if (step.script?.complete !== true) return true;
  const installs = invocationsByCommand(step);
  return step.script.commands.some((command) => {
    const install = installs.get(command);
    if (!install) return !isHarmless(command, folders);
    const { cwd } = install.call;
    const isElsewhere = cwd !== undefined && folders.every((folder) => within(folder, cwd) === undefined);
    return install.manager.inputs !== undefined && install.action !== 'self' && !isElsewhere;
  });
}

const makesUsers = /^(useradd|adduser|groupadd|addgroup|usermod|groupmod)$/;

/** Why the user may not be there yet when the first COPY runs. */
function unclearUser({ step, command, flag, value, copies }: Change, written: string): string | undefined {
  if (flag === 'chmod' || /^--chown=\d+:\d+$/.test(written)) return undefined;
  const first = copies[0]?.index ?? step.index;
  const maker = step.stage.steps
    .slice(first, step.index)
    .find((each) => each.keyword === 'RUN' && mayMakeUsers(each, each.script?.commands ?? []));
  if (maker) return `${named(maker)} may be what creates ${value.text}. Create the user above the COPY.`;
  return mayMakeUsers(step, commandsBefore(step, command))
    ? `the same RUN creates ${value.text}. Create the user above the COPY.`
    : undefined;
}

const mayMakeUsers = (step: Step, commands: readonly ShellCommand[]): boolean =>
  step.script?.complete !== true ||
  commands.some((command) => makesUsers.test(command.words[0]?.value ?? '') || !isHarmless(command, ['/nowhere']));

const systemFolder = /^\/(bin|boot|dev|etc|go|home|lib\d*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)(\/|$)/;

/** Whether the folder and its parents are this file's own: nothing of the base image is in them, and a COPY makes no parent. */
function isMadeHere({ step, copies }: Change, folder: string): boolean {
  const isNew = step.stage.image === undefined ? step.stage.base.kind === 'scratch' : baseImage(step.stage).known;
  const isTop = folder.lastIndexOf('/') === 0;
  const first = copies[0]?.index ?? 0;
  const hasFolder = step.stage.steps
    .slice(0, first)
    .some(({ keyword, workdir, user }) => keyword === 'WORKDIR' && workdir === folder && user === '');
  return isNew && !systemFolder.test(folder) && (isTop || hasFolder);
}
