import { ancestors, type Step } from '../build/graph.ts';
import { churnOf, type Files } from '../cache/churn.ts';
import type { Model, Selection } from '../cache/model.ts';
import { absolute, destinationOf } from '../cache/placement.ts';
import { bytes, capital, named, plural, share, thousands } from '../prose.ts';
import type { Facts } from '../workspace.ts';
import type { InstallStep } from './installStep.ts';

/** What is known of the build. */
export interface Known {
  readonly model: Model;
  readonly facts: Facts;
}

/** A COPY that brings more than the installs after it read. */
export interface Cause {
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
function isBroad({ copy }: Step, selection: Selection, { facts }: Known): boolean {
  if (!copy || copy.from) return false;
  const paths = copy.sources.map(({ text }) => absolute(text).slice(1));
  if (paths.some((path) => path === '' || facts.context?.get(path)?.type === 'directory')) return true;
  return selection.known && selection.files.length > copy.sources.length + manyMatches;
}

function causeOf(context: Known, copy: Step, installs: readonly InstallStep[]): Cause | undefined {
  if ((copy.keyword !== 'COPY' && copy.keyword !== 'ADD') || copy.fromOnbuild || !copy.copy) return undefined;
  const selection = context.model.selection(copy);
  if (!isBroad(copy, selection, context)) return undefined;
  const needed = new Set(installs.flatMap(({ inputs }) => inputs.files));
  const read = [...needed].filter((file) => selection.has(file)).length;
  const excess = selection.known ? selection.files.length - read : undefined;
  return excess === 0 || isForInstalls(context, copy, selection, needed, read) || isChosen(copy, installs)
    ? undefined
    : { copy, selection, excess };
}

const namesRoot = ({ copy }: Step): boolean =>
  copy !== undefined && copy.from === undefined && copy.sources.some(({ text }) => absolute(text) === '/');

/**
 * Whether somebody has picked a folder for installs of which nobody knows all that they read: their scripts may want it, and the rest of the project comes
 * behind them.
 */
const isChosen = (copy: Step, installs: readonly InstallStep[]): boolean =>
  !namesRoot(copy) &&
  installs.every(
    ({ inputs, step }) =>
      inputs.obstacles.length > 0 && step.stage.steps.some((later) => later.index > step.index && namesRoot(later)),
  );

/** Fewer commits say nothing. */
const enoughCommits = 20;

/** Whether a folder is there for the installs: they read at least half of it, and in the past the rest hardly ever ran them again by itself. */
function isForInstalls(
  { facts }: Known,
  step: Step,
  selection: Selection,
  needed: ReadonlySet<string>,
  read: number,
): boolean {
  if (read * 2 < selection.files.length || !selection.known) return false;
  if (namesRoot(step)) return false;
  const now = churnOf(facts.history, selection);
  return (
    now !== undefined &&
    now.commits >= enoughCommits &&
    now.touching - (churnOf(facts.history, exactly(needed))?.touching ?? 0) < now.commits / 100
  );
}

/** Whether a file of the COPY runs the install again for nothing: it comes after, and is not what the COPY is there for. */
export const isHitBy = (copy: Step, install: InstallStep): boolean =>
  (copy.stage !== install.step.stage || copy.index < install.step.index) &&
  !(install.isSystem && configuresSystem(copy.copy?.destination ?? '/')) &&
  !(install.isElsewhere && runsOutOf(install.step, destinationOf(copy)));

/** Whether a RUN uses what lies below a place: `/scripts/download.sh … && npm install` in what that fetched. */
const runsOutOf = ({ script }: Step, place = '/'): boolean =>
  place !== '/' &&
  (script?.commands.some(({ words }) => words.some(({ text }) => text.includes(`${place}/`))) ?? false);

/** Every broad COPY in the file system of the installs, oldest first. */
export function causesOf(context: Known, installs: readonly InstallStep[]): Cause[] {
  const last = installs.at(-1);
  if (!last) return [];
  return [...ancestors(last.step)].flatMap((step) => {
    const hit = installs.filter((install) => isHitBy(step, install));
    const cause = hit.length > 0 ? causeOf(context, step, hit) : undefined;
    return cause ? [cause] : [];
  });
}

/** Whether the past says that the files hardly ever change, among the commits that change anything in the build context. */
export function isQuiet({ facts }: Known, { selection }: Cause): boolean {
  const churn = churnOf(facts.history, selection);
  const all = facts.history?.commits.filter((paths) => paths.length > 0).length ?? 0;
  return churn !== undefined && all >= enoughCommits && churn.touching < all / 100;
}

/** The COPY that brings most of what no install needs. */
export const widestOf = (causes: readonly Cause[]): Cause | undefined =>
  causes.reduce<Cause | undefined>(
    (most, cause) => ((most?.excess ?? -1) >= (cause.excess ?? 0) ? most : cause),
    undefined,
  );

/** "COPY . . brings 214 files (3.1 MB), of which npm ci reads 2. A change of any of them runs … again." */
export function consequence(
  context: Known,
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

const sets = new Map<string, Files>();

/** More sets than one document asks about while it is edited. */
const mostSets = 50;

/** One and the same object for the same files, as commits are counted once for each. */
function exactly(names: ReadonlySet<string>): Files {
  const key = [...names].sort().join('\n');
  const files = sets.get(key) ?? { known: true, has: (path: string) => names.has(path) };
  if (sets.size >= mostSets) sets.clear();
  sets.set(key, files);
  return files;
}

/** What the past says: how many commits run the install again, and how many would have to. */
export function past({ facts }: Known, { selection }: Cause, installs: readonly InstallStep[]): string {
  if (installs.some(({ inputs }) => inputs.obstacles.length > 0)) return '';
  const needed = new Set(installs.flatMap(({ inputs }) => inputs.files));
  const now = churnOf(facts.history, selection);
  const then = now && churnOf(facts.history, exactly(needed));
  if (!now || !then || now.touching <= then.touching) return '';
  const had =
    needed.size > 0
      ? `, ${share(then.touching, then.commits)} changed what ${installs.length > 1 ? 'the installs read' : 'it reads'}`
      : '';
  return capital(`${share(now.touching, now.commits)} of the last ${thousands(now.commits)} commits did so${had}.`);
}
