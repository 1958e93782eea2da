import { ancestors, type Step } from '../build/graph.ts';
import { absolute, within } from '../cache/placement.ts';
import { type Edit, type Fix, isBroken, removeInstructions, sameEdit } from '../fixes.ts';
import { accountOf } from '../managers/account.ts';
import { callsOf } from '../managers/calls.ts';
import { emptiedBy, isRemoval, removalsOf, removesAround, thinnedBy } from '../managers/cleanups.ts';
import { defeatersOf } from '../managers/defeaters.ts';
import type { CacheLocation, Companion, Defeater, Invocation } from '../managers/manager.ts';
import { removalOf } from '../managers/removal.ts';
import { line, listing } from '../prose.ts';
import { codeBefore } from '../syntax/continued.ts';
import type { Dockerfile, Instruction } from '../syntax/dockerfile.ts';
import { contains, overlaps } from '../syntax/span.ts';
import { idFor } from './cacheIds.ts';
import { parentEdits } from './mountParents.ts';
import { overlap } from './mountUse.ts';
import type { Plan } from './plan.ts';

/** A RUN that lacks mounts over the caches of one manager. */
export interface Unmounted {
  readonly step: Step;
  /** All calls of the manager in the RUN, cleanups included, in order. */
  readonly invocations: readonly Invocation[];
  /** Known paths that no mount covers. */
  readonly locations: readonly (CacheLocation & { readonly path: string })[];
  /** Sets the caches apart from those of other stages at the same places. */
  readonly name?: string | undefined;
  /** The id that a mount at a place has to have, to be the one that other steps use. */
  readonly idAt?: (path: string) => string | undefined;
}

/** Whether a mount of the step (cache, tmpfs or bind) lies over the path. */
export const isMounted = (step: Step, path: string): boolean =>
  step.mounts.some(({ target }) => target !== undefined && within(absolute(target), path) !== undefined);

/** Mounts over the caches of all the steps, with what keeps them from helping taken out; or why there is no fix. */
export function cacheMounts(dockerfile: Dockerfile, title: string, unmounted: readonly Unmounted[]): Plan {
  const edits: Edit[] = [];
  for (const each of unmounted) {
    const made = editsFor(dockerfile, each);
    if (typeof made === 'string') return { fixes: [], refusal: made };
    edits.push(...made);
  }
  const parents = parentEdits(dockerfile, unmounted);
  if (typeof parents === 'string') return { fixes: [], refusal: parents };
  const joined = [...joinDeletions(dockerfile.text, edits), ...parents];
  const applicability = parents.length > 0 ? 'suggestion' : applicabilityOf(unmounted);
  const gone = lost(unmounted);
  const fullTitle = gone.length > 0 ? `${title}, without ${listing(gone)}` : title;
  return { fixes: [{ title: fullTitle, applicability, edits: joined }], refusal: undefined };
}

/** What keeps these mounts from helping a call. */
const defeatersIn = ({ locations }: Unmounted, invocation: Invocation): readonly Defeater[] =>
  defeatersOf(invocation).filter(({ compiled }) => !compiled || locations.some((location) => location.compiled));

/** Whether it was there for more than a small image: whoever runs the image may miss a variable, a build may rely on compiling everything. */
const isMissed = ({ kind, compiled }: Defeater): boolean => kind === 'variable' || compiled === true;

/** What goes and could be missed. */
const lost = (unmounted: readonly Unmounted[]): string[] => {
  const defeaters = unmounted.flatMap((each) => each.invocations.flatMap((call) => defeatersIn(each, call)));
  return [...new Set(defeaters.filter(isMissed).map(({ what }) => what))];
};

/**
 * Identical edits once. Neighbouring commands that are taken out one by one share the break between them. Where the last of them ends the script, what joins the
 * first to the command before it goes as well.
 */
export function joinDeletions(text: string, edits: readonly Edit[]): Edit[] {
  const joined: Edit[] = [];
  const unique = edits.filter((edit, at) => edits.findIndex((other) => sameEdit(edit, other)) === at);
  for (const edit of unique.sort((a, b) => a.span.start - b.span.start)) {
    const last = joined.at(-1);
    if (last?.newText !== '' || edit.newText !== '' || edit.span.start > last.span.end) {
      joined.push(edit);
      continue;
    }
    const end = Math.max(last.span.end, edit.span.end);
    const sharesBreak = overlaps(last.span, edit.span) && edit.span.end >= last.span.end;
    const endsScript = /^[ \t]*(\r?\n|$)/.test(text.slice(end, end + 400));
    const start = sharesBreak || endsScript ? codeBefore(text, last.span.start).end : last.span.start;
    joined[joined.length - 1] = { span: { start, end }, newText: '' };
  }
  return joined;
}

/** Class A loses nothing but downloads; what needs another command or variable in the RUN, or changes an ENV, alters the image, if only a little. */
const applicabilityOf = (unmounted: readonly Unmounted[]): Fix['applicability'] =>
  lost(unmounted).length === 0 &&
  unmounted.every(
    ({ locations, invocations }) =>
      locations.every((location) => location.class === 'A') &&
      invocations.every(
        (each) => companionsOf(each).length === 0 && locations.every(({ path }) => !cleansMore(each, path)),
      ),
  )
    ? 'safe'
    : 'suggestion';

/** A cleanup goes, so that it needs nothing. */
const companionsOf = ({ manager, call, action }: Invocation): readonly Companion[] =>
  action === 'clean' ? [] : (manager.companions?.(call) ?? []);

/** Whether a cleanup, which goes, empties more than the cache, or may: `rm -rf /root/.cache`, `rm -rf $(poetry config cache-dir)`. */
const cleansMore = ({ action, call }: Invocation, path: string): boolean =>
  action === 'clean' &&
  ((isRemoval(call) && call.args.some(({ text }) => /\$\(|`/.test(text))) ||
    emptiedBy(call).some((folder) => folder !== path && within(folder, path) !== undefined));

function editsFor(dockerfile: Dockerfile, unmounted: Unmounted): Edit[] | string {
  const { step, invocations, locations } = unmounted;
  if (isBroken(dockerfile, step.instruction))
    return `There is no fix: BuildKit would refuse the RUN on ${line(step.instruction)} as it is.`;
  const owner = invocations.every(({ call }) => starterOf(call.command)) ? '' : ownerOf(step);
  if (owner === undefined) return unknownOwner(step);
  const hidden = locations.find(({ path }) => filledBefore(step, path));
  if (hidden) return `There is no fix: an earlier step puts files into ${hidden.path}, which the mount would hide.`;
  const thinner = thinnerOf(unmounted);
  if (thinner) return `There is no fix: \`find ${thinner}\` would delete files of the cache as well.`;
  const others = otherRemovals(unmounted);
  if (typeof others === 'string') return others;
  const help = helpEdits(dockerfile, [
    ...invocations.map((invocation) => ({
      invocation,
      defeaters: defeatersIn(unmounted, invocation),
      companions: companionsOf(invocation),
    })),
    ...others,
  ]);
  return typeof help === 'string' ? help : [mountEdit(dockerfile, unmounted, owner), ...help];
}

/** The folder in which a `find` of the RUN deletes files by name, those in the mounts among them. conda then takes the packages in its cache for corrupted. */
const thinnerOf = ({ step, invocations, locations }: Unmounted): string | undefined =>
  callsOf(step)
    .flatMap(thinnedBy)
    .find(
      (folder) =>
        locations.some(({ path }) => overlap(folder, path)) &&
        (folder !== '/' || invocations.some(({ manager }) => manager.id === 'conda')),
    );

/** Removals of what the mounts would lie over, where no manager keeps its cache by default: `rm` fails at a mount point. Or why there is no fix. */
function otherRemovals({ step, invocations, locations }: Unmounted): Hindered[] | string {
  const [first] = invocations;
  const others = callsOf(step).filter((call) => isRemoval(call) && !invocations.some((each) => each.call === call));
  const above = others.find((call) => locations.some(({ path }) => removesAround(call, path)));
  if (above)
    return `There is no fix: \`${above.program}\` removes a folder in the same RUN that the mount would lie in.`;
  return others.flatMap((call) => {
    const defeaters = removalsOf(call, (folder) => locations.some(({ path }) => path === folder));
    return first && defeaters.length > 0
      ? { invocation: { manager: first.manager, call, action: 'clean' }, defeaters, companions: [] }
      : [];
  });
}

/** A call, what keeps a cache mount from helping it, and what it lacks. */
export interface Hindered {
  readonly invocation: Invocation;
  readonly defeaters: readonly Defeater[];
  readonly companions: readonly Companion[];
}

/** What makes the cache mounts of a RUN help its calls, in their order; or the sentence that says why there is no fix. */
export function helpEdits(dockerfile: Dockerfile, calls: readonly Hindered[]): Edit[] | string {
  const edits: Edit[] = [];
  // A cleanup may be taken out: what has to come first goes before the first call that stays.
  const first = calls.find(({ invocation }) => invocation.action !== 'clean')?.invocation.call.command;
  for (const { invocation, defeaters, companions } of calls) {
    const { program, command } = invocation.call;
    for (const companion of companions) {
      const edit = companionEdit(companion, companion.kind === 'command' ? (first ?? command) : command);
      if (!edit)
        return `There is no fix: \`${program}\` is nested in a condition, and a command would have to go before it.`;
      edits.push(edit);
    }
    for (const defeater of defeaters) {
      const removed = defeaterEdits(dockerfile, invocation, defeater);
      if (typeof removed === 'string') return `There is no fix: ${removed}`;
      edits.push(...removed);
    }
  }
  return edits;
}

/** A number that USER takes from a variable, as written: another build may pass another one, which a mount expands as well. */
function numberOf(step: Step, uid: number | undefined): number | string | undefined {
  const written = [...ancestors(step)].findLast(({ keyword }) => keyword === 'USER')?.instruction.rest.text ?? '';
  const [, variable] = /^(\$\w+|\$\{\w+\})(:|\s*$)/.exec(written) ?? [];
  return step.user.split(':')[0] === String(uid) ? (variable ?? uid) : uid;
}

/** `,uid=1000,gid=1000` for a user other than root; undefined where the ids are not known. */
export function ownerOf(step: Step): string | undefined {
  const { isRoot, uid: known, gid } = accountOf(step);
  if (isRoot) return '';
  const uid = numberOf(step, known);
  const [, group = ''] = step.user.split(':');
  const groupId = gid ?? (/^\d+$/.test(group) ? group : undefined);
  return uid === undefined ? undefined : `,uid=${uid}${groupId === undefined ? '' : `,gid=${groupId}`}`;
}

/** Why no mount can be given to the user of a step. */
export const unknownOwner = ({ user }: Step): string =>
  `There is no fix: the mount must belong to ${user ? `the user \`${user}\`` : "the image's own user"}, whose uid is not known.`;

/** Whether an earlier step puts files into a folder, which a mount there would hide. */
export const filledBefore = (step: Step, path: string): boolean =>
  [...ancestors(step)].some(
    ({ copy, workdir }) => copy && within(path, absolute(copy.destination, workdir)) !== undefined,
  );

const keyOf = (name: string, value: string | undefined): string => (value === undefined ? '' : `,${name}=${value}`);

const mountEdit = (dockerfile: Dockerfile, { step, locations, name, idAt }: Unmounted, owner: string): Edit =>
  addMounts(
    dockerfile,
    step.instruction,
    locations.map(
      ({ path, sharing }) =>
        `--mount=type=cache${keyOf('id', idAt?.(path))},target=${path}${sharing === 'locked' ? ',sharing=locked' : ''}${name ? idFor(path, name) : ''}${owner}`,
    ),
  );

/** Adds mounts (`--mount=…`) behind the options that a RUN has; several get a line each, and so does one below options that stand above the command. */
export function addMounts(dockerfile: Dockerfile, instruction: Instruction, mounts: readonly string[]): Edit {
  const { text, escape: goOn, eol } = dockerfile;
  const [last, other] = [...instruction.flags].reverse();
  const at = (last?.span ?? instruction.keywordSpan).end;
  const end = gapEnd(text, at);
  const goesOnBelow = text[end] === goOn;
  const sharesLine =
    other !== undefined && last !== undefined && !text.slice(other.span.end, last.span.start).includes('\n');
  if (last && goesOnBelow && !sharesLine) {
    const own = /(?:^|\n)([ \t]*)$/.exec(text.slice(Math.max(0, last.span.start - 400), last.span.start))?.[1];
    const indent = own ?? /^[^\n]\s*?\n([ \t]*)/.exec(text.slice(end, end + 400))?.[1] ?? '    ';
    return {
      span: { start: at, end: at },
      newText: mounts.map((mount) => ` ${goOn}${eol}${indent}${mount}`).join(''),
    };
  }
  const separator = mounts.length > 1 ? ` ${goOn}${eol}    ` : ' ';
  if (mounts.length < 2 || goesOnBelow) return { span: { start: at, end: at }, newText: ` ${mounts.join(separator)}` };
  return { span: { start: at, end }, newText: ` ${mounts.join(separator)}${separator}` };
}

/** End of the blanks at `at`, so that what follows moves to a line of its own without them. */
function gapEnd(text: string, at: number): number {
  let end = at;
  while (text[end] === ' ' || text[end] === '\t') end++;
  return end;
}

/** What makes root of the user for one command. */
const starterOf = ({ words }: Invocation['call']['command']): string | undefined =>
  /^(sudo|doas)$/.exec(words[0]?.value ?? '')?.[0];

function companionEdit(companion: Companion, command: Invocation['call']['command']): Edit | undefined {
  if (companion.kind === 'words') return { span: { start: companion.at, end: companion.at }, newText: companion.text };
  const at = { start: command.span.start, end: command.span.start };
  if (companion.kind === 'variable') return { span: at, newText: `${companion.name}=${companion.value} ` };
  const starter = starterOf(command);
  const text = starter ? `${starter} ${companion.text}` : companion.text;
  const start = companion.before?.span.start ?? at.start;
  return command.within.length === 0 ? { span: { start, end: start }, newText: `${text} && ` } : undefined;
}

/** The edits that take a defeater of a call away, or the sentence that says why a person must. */
export function defeaterEdits(dockerfile: Dockerfile, { call }: Invocation, defeater: Defeater): Edit[] | string {
  if (defeater.kind === 'variable')
    return variableEdits(dockerfile, defeater) ?? `${defeater.what} must be taken out by hand.`;
  const removal = removalOf(dockerfile.text, call, defeater);
  return 'refusal' in removal ? removal.refusal : [removal];
}

/** Takes one variable out of an ENV or ARG, or the whole instruction where it sets nothing else. */
function variableEdits(dockerfile: Dockerfile, { span }: Defeater): Edit[] | undefined {
  const instruction = dockerfile.instructions.find((candidate) => contains(candidate.span, span));
  if (!instruction || isBroken(dockerfile, instruction)) return undefined;
  if (instruction.keyword !== 'ENV' && instruction.keyword !== 'ARG') return undefined;
  const { properties } = instruction;
  if (properties.length === 1) return removeInstructions(dockerfile, [instruction]);
  const at = properties.findIndex((property) => contains(property.span, span));
  const property = properties[at];
  const neighbour = properties[at === 0 ? 1 : at - 1];
  if (!property || !neighbour) return undefined;
  return [
    {
      span:
        at === 0
          ? { start: property.span.start, end: neighbour.span.start }
          : { start: neighbour.span.end, end: property.span.end },
      newText: '',
    },
  ];
}
