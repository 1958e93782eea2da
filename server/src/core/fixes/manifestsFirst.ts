import type { Step } from '../build/graph.ts';
import { mentions } from '../cache/environmentUse.ts';
import type { Model, Selection } from '../cache/model.ts';
import { absolute, imagePath, join, within } from '../cache/placement.ts';
import { parseGlob } from '../context/glob.ts';
import { parseIgnore } from '../context/ignore.ts';
import { folderOf } from '../context/path.ts';
import { hasWildcards } from '../context/pick.ts';
import { type Edit, insertLines, moveInstructions } from '../fixes.ts';
import { invocationsByCommand } from '../managers/invocations.ts';
import type { Invocation } from '../managers/manager.ts';
import { isWithin, normalize } from '../managers/paths.ts';
import { line, listing, named } from '../prose.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import { perObject } from '../syntax/memo.ts';
import { baseName } from '../syntax/path.ts';
import type { Span } from '../syntax/span.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { canPassWorkdir, withAbsolute } from './absoluteCopy.ts';
import { copyLines } from './copyLines.ts';
import { isHarmless } from './harmless.ts';
import type { InstallStep } from './installStep.ts';
import type { Plan } from './plan.ts';
import type { Postponed } from './postponed.ts';
import { replaces } from './prunes.ts';

export interface Situation {
  readonly dockerfile: Dockerfile;
  readonly model: Model;
  readonly context: ContextSnapshot | undefined;
  /** The broad COPYs, in order; they move below the installs. */
  readonly copies: readonly Step[];
  readonly installs: readonly InstallStep[];
  /** Where the last install's RUN is cut in two, so that the COPYs go between its halves. */
  readonly cut?: Cut | undefined;
  /** What the last install leaves for later. */
  readonly postponed?: Postponed | undefined;
}

/** `span` between two commands of a RUN gives way to the end of its first half and `start`, with which the second one begins. */
export interface Cut {
  readonly span: Span;
  readonly start: string;
}

const refuse = (refusal: string): Plan => ({ fixes: [], refusal });

/** How many of the installs, from the first on, can run before the broad COPYs; and what bars the next one, as a sentence. */
export interface Reach {
  readonly movable: number;
  readonly refusal: string | undefined;
}

/** How far down the broad COPYs can move. */
export function reachOf(situation: Situation): Reach {
  const { context, copies, installs } = situation;
  const [copy] = copies;
  const stop = (refusal: string, movable = 0): Reach => ({ movable, refusal: `There is no fix: ${refusal}` });
  if (!context || !copy) return stop('the build context is not known here.');
  if (context.truncated) return stop('the build context is too large to be known completely.');
  for (const [at, install] of installs.entries()) {
    if (install.step.stage !== copy.stage)
      return stop(`the ${copy.keyword} lies in another stage than the install. Split that stage by hand.`, at);
    const reason = barrier(situation, context, install);
    if (reason) return stop(reason, at);
  }
  return { movable: installs.length, refusal: undefined };
}

/** Copy what the installs read, install, then copy the rest: for installs that `reachOf` says can move. */
export function manifestsFirst(situation: Situation): Plan {
  return situation.context ? plan(situation, situation.context) : refuse('The build context is not known here.');
}

/** Why an install cannot run before the broad COPYs, as the end of "There is no fix: …". */
function barrier(situation: Situation, context: ContextSnapshot, install: InstallStep): string | undefined {
  if (install.invocations.some(replaces))
    return `the RUN on ${line(install.step.instruction)} takes away what the steps above it were built with. Install for production in a stage of its own.`;
  const [obstacle] = install.inputs.obstacles;
  if (obstacle) return obstacle;
  const [other] = install.alsoRuns;
  if (other)
    return `the same RUN also runs \`${other.length > 40 ? `${other.slice(0, 39)}…` : other}\`, which may read or change the other files. Give the install a RUN of its own.`;
  const overwritten = brought(situation, install);
  if (overwritten)
    return `${overwritten} is in the build context and would overwrite what the install put there. Add it to the ignore file first.`;
  const between = inBetween(situation, install).find((step) => !isPassable(situation, context, step));
  if (between?.keyword === 'WORKDIR')
    return `${named(between)}, in between, changes where the relative destination of the COPY leads.`;
  return between && `${named(between)}, in between, may depend on the copied files or change them.`;
}

/** What the install writes that a broad COPY would bring from the context. */
function brought({ model, copies }: Situation, { invocations }: InstallStep): string | undefined {
  const written = writtenBy(invocations);
  if (written.size === 0) return undefined;
  for (const copy of copies) {
    const found = firstNamed(model.selection(copy), written);
    if (found) return found;
  }
  return undefined;
}

const searched = perObject((_: Selection) => new Map<string, string | undefined>());

/** The first path in a selection whose last part is one of the names; a large selection is searched once for them. */
function firstNamed(selection: Selection, names: ReadonlySet<string>): string | undefined {
  const known = searched(selection);
  const key = [...names].join('/');
  if (known.has(key)) return known.get(key);
  const found = searchNamed(selection, names);
  known.set(key, found);
  return found;
}

function searchNamed({ files }: Selection, names: ReadonlySet<string>): string | undefined {
  for (const file of files) {
    const parts = file.split('/');
    const at = parts.findIndex((part) => names.has(part));
    if (at !== -1) return parts.slice(0, at + 1).join('/');
  }
  return undefined;
}

/** Steps that the first broad COPY passes on its way below the install, the other broad COPYs left out. */
function inBetween({ copies }: Situation, { step: install }: InstallStep): Step[] {
  const first = copies[0]?.index ?? install.index;
  return install.stage.steps.slice(first + 1, install.index).filter((step) => !copies.includes(step));
}

function isPassable(situation: Situation, context: ContextSnapshot, step: Step): boolean {
  const moved = situation.copies.filter(({ index }) => index < step.index);
  const folders = moved.map((copy) => absolute(copy.copy?.destination ?? '/', copy.workdir));
  if (step.copy) return isSameOrApart(situation, context, step, moved, folders);
  if (step.keyword === 'RUN')
    return situation.installs.some((install) => install.step === step) || leavesAlone(step, folders);
  if (step.keyword === 'WORKDIR') return moved.every((copy) => canPassWorkdir(situation.dockerfile, copy));
  if (step.keyword === 'VOLUME' || step.keyword === 'ONBUILD') return false;
  const set = step.instruction.properties.map(({ name }) => name);
  return !moved.some(({ instruction }) => set.some((name) => mentions(instruction.rest.text, name)));
}

function isSameOrApart(
  { model }: Situation,
  context: ContextSnapshot,
  step: Step,
  moved: readonly Step[],
  folders: readonly string[],
): boolean {
  const destination = absolute(step.copy?.destination ?? '/', step.workdir);
  const isApart = (place: string): boolean =>
    folders.every((folder) => within(folder, place) === undefined && within(place, folder) === undefined);
  if (isApart(destination)) return true;
  if (step.copy?.from || step.copy?.urls.length || step.copy?.heredocs.length) return false;
  const selection = model.selection(step);
  if (!selection.known || selection.missing.length > 0) return false;
  return selection.files.every((file) => {
    const place = imagePath(step, file, context);
    return (place !== undefined && isApart(place)) || moved.some((copy) => imagePath(copy, file, context) === place);
  });
}

function leavesAlone(step: Step, folders: readonly string[]): boolean {
  if (!step.script?.complete) return false;
  const calls = invocationsByCommand(step);
  return step.script.commands.every((command) => {
    const call = calls.get(command);
    return call
      ? call.action === 'self' ||
          call.action === 'clean' ||
          (call.manager.inputs === undefined && call.manager.obstacle?.(call.call) === undefined)
      : isHarmless(command, folders);
  });
}

function plan(situation: Situation, context: ContextSnapshot): Plan {
  const { dockerfile, copies, installs } = situation;
  const last = installs.at(-1)?.step;
  if (!last) return refuse('There is no install to move.');
  const moved = copies.filter(({ index }) => index < last.index);
  const lines = moveInstructions(
    dockerfile,
    moved.map(({ instruction }) => instruction),
    { after: last.instruction },
  );
  const moves = withAbsolute(dockerfile, lines, moved, last);
  const { cut, postponed } = situation;
  const edits = cut ? intoCut(dockerfile, moves, cut) : postponed ? withPostponed(dockerfile, moves, postponed) : moves;
  const copied = new Set<string>();
  for (const install of installs) {
    const lines = copyLines({ dockerfile, context, moved, install, copied });
    if (typeof lines === 'string') return refuse(`There is no fix: ${lines}`);
    if (lines.length > 0)
      edits.push(insertLines(dockerfile, lines.join(dockerfile.eol), { before: install.step.instruction }));
  }
  const ignoring = ignoreEdits(context, installs, moved);
  const locked = installs.every(({ invocations }) =>
    ofProject(invocations).every(({ manager, call }) => manager.isLocked?.(call) ?? true),
  );
  return {
    fixes: [
      {
        title: postponed ? `${title(moved, copied)}, where scripts run` : title(moved, copied),
        applicability:
          locked && ignoring.length === 0 && !postponed && !installs.some(asksManifest) ? 'safe' : 'suggestion',
        edits: [...edits, ...ignoring],
      },
    ],
    refusal: undefined,
  };
}

/** Whether a tool is installed with a manager that corepack picks by a package.json, where one is there: another one without it. */
const asksManifest = ({ invocations }: InstallStep): boolean =>
  invocations.some(({ manager, action }) => action === 'self' && /^(pnpm|yarn)$/.test(manager.id));

/** The lines that are moved go between the halves instead of behind the whole. */
function intoCut({ eol }: Dockerfile, moves: readonly Edit[], { span, start }: Cut): Edit[] {
  const lines = moves.at(-1)?.newText.trim() ?? '';
  return [...moves.slice(0, -1), { span, newText: `${eol}${lines}${eol}${start}` }];
}

/** The lines that are moved, and what they were waited for with. */
function withPostponed({ eol }: Dockerfile, moves: readonly Edit[], { edits, line }: Postponed): Edit[] {
  const place = moves.at(-1);
  if (!place) return [...edits];
  const newText = place.newText.endsWith('\n') ? `${place.newText}${line}${eol}` : `${place.newText}${eol}${line}`;
  return [...moves.slice(0, -1), ...edits, { ...place, newText }];
}

const title = (moved: readonly Step[], copied: ReadonlySet<string>): string =>
  copied.size > 0
    ? `Copy ${listing([...copied], 2)} first, the rest after the install`
    : `Move ${moved.length === 1 ? `the ${moved[0]?.keyword ?? 'COPY'}` : `${moved.length} instructions`} below the install`;

/** Calls that install a project's dependencies; those of tools named on the command line write nothing into the project. */
const ofProject = (invocations: readonly Invocation[]): Invocation[] =>
  invocations.filter(({ action }) => action !== 'self');

const writtenBy = (invocations: readonly Invocation[]): Set<string> =>
  new Set(ofProject(invocations).flatMap(({ manager }) => manager.writes ?? []));

/** What manifests name, wherever it lies. */
const elsewhere = /^\*\.(prisma|txt)$/;

/** The folders that hold a manifest: where the installs may write. Patches and what lifecycle scripts read lie elsewhere. */
function foldersOf({ inputs: { files }, invocations }: InstallStep): string[] {
  const globs = ofProject(invocations).flatMap(({ manager }) =>
    manager.manifests.filter((name) => !elsewhere.test(name)),
  );
  const manifests = [...new Set(globs)].map(parseGlob);
  const isManifest = (file: string) => manifests.some((glob) => glob.matches(baseName(file)));
  return [...new Set(files.filter(isManifest).map(folderOf))];
}

/** Whether a COPY may bring what lies at a path of the context: what its source names, or something around it. */
const brings = ({ copy }: Step, path: string): boolean =>
  copy?.sources.some(
    ({ text, known }) => !known || hasWildcards(text) || isWithin(path, normalize(text.replace(/^\/+/, ''))),
  ) === true;

/** Keeps out of the context what the installs write and a COPY behind them would bring, where the ignore file does not yet. */
function ignoreEdits(context: ContextSnapshot, installs: readonly InstallStep[], copies: readonly Step[]): Edit[] {
  const text = context.ignore?.text ?? '';
  const { matcher } = parseIgnore(text);
  const missing = new Set<string>();
  for (const install of installs)
    for (const name of writtenBy(install.invocations)) {
      const places = foldersOf(install).map((folder) => join(folder, name));
      if (places.some((each) => copies.some((copy) => brings(copy, each)) && !matcher.matches(each).ignored))
        missing.add(name);
    }
  if (missing.size === 0) return [];
  const [only, ...others] = missing;
  const own = others.length === 0 && !/^\s*!/m.test(text) ? new RegExp(`^/?${only}/?$`, 'm').exec(text) : undefined;
  if (own) {
    const span = { start: own.index, end: own.index + own[0].length };
    return [{ path: context.ignore?.path ?? '.dockerignore', span, newText: `**/${only}` }];
  }
  const lines = [...missing].map((name) => `**/${name}\n`).join('');
  const at = { start: text.length, end: text.length };
  return [
    {
      path: context.ignore?.path ?? '.dockerignore',
      span: at,
      newText: text === '' || text.endsWith('\n') ? lines : `\n${lines}`,
    },
  ];
}
