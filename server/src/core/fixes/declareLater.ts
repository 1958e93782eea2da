import type { Step } from '../build/graph.ts';
import { isCostly } from '../cache/cost.ts';
import { type EnvironmentUse, environmentUse, isToolVariable, mentions } from '../cache/environmentUse.ts';
import { type Fix, moveInstructions, removeInstructions } from '../fixes.ts';
import { callsOf } from '../managers/calls.ts';
import { named } from '../prose.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { installStep } from './installStep.ts';

/** An ARG or ENV with the instructions that only pass it on, and the costly steps between it and its first use. */
export interface EarlyDeclaration {
  readonly chain: readonly Step[];
  /** Costly steps of the stage that run again with every new value without using it. */
  readonly needless: readonly Step[];
  /** The step to declare it before: it uses the variable, or could, or passes it on; undefined where nothing in the stage does. */
  readonly firstUse: Step | undefined;
  readonly context: ContextSnapshot | undefined;
}

/** The last of the steps that run again for nothing, as a message that has named one of them names it. */
export const lastOf = (needless: EarlyDeclaration['needless']): string => {
  const last = needless.length > 1 ? needless.at(-1) : undefined;
  return last ? named(last) : 'that step';
};

const names = (step: Step): string[] => step.instruction.properties.map(({ name }) => name);

const uses = (step: Step, carried: ReadonlySet<string>, context: ContextSnapshot | undefined): EnvironmentUse[] =>
  [...carried].map((name) => {
    const use = environmentUse(step, name);
    return use === 'unlikely' && context && namedByProject(step, name, context) ? 'reads' : use;
  });

/** Whether a file that an install reads names the variable: a lifecycle script of the project itself, for instance. */
function namedByProject(step: Step, name: string, context: ContextSnapshot): boolean {
  const names = ({ 0: before = '', 1: after = '' }: readonly string[]) => !/\w$/.test(before) && !/^\w/.test(after);
  return (
    installStep(step, context)?.inputs.files.some((path) => {
      const parts = context.text(path)?.split(name) ?? [];
      return parts.slice(1).some((after, at) => names([parts[at] ?? '', after]));
    }) ?? false
  );
}

/** Whether an install runs scripts of the project itself that nobody has read. */
function runsUnread(step: Step, context: ContextSnapshot | undefined): boolean {
  const install = context && installStep(step, context);
  if (!install) return false;
  const { obstacles, files } = install.inputs;
  const isUnread = (path: string) =>
    /\.([cm]?[jt]sx?|sh|py|rb|php|exs|scala|gradle|kts)$/.test(path) && context.text(path) === undefined;
  return install.installsProject || obstacles.length > 0 || files.some(isUnread);
}

/** An ENV or LABEL that expands one of the variables and so can only come after it; an ARG that declares the same once more. */
const passesOn = (step: Step, carried: ReadonlySet<string>): boolean =>
  step.keyword === 'ENV' || step.keyword === 'LABEL'
    ? [...carried].some((name) => mentions(step.instruction.rest.text, name))
    : step.keyword === 'ARG' && names(step).length > 0 && names(step).every((name) => carried.has(name));

const callsGit = (step: Step, verb: RegExp): boolean =>
  callsOf(step).some(({ program, args }) => program === 'git' && args.some(({ text }) => verb.test(text)));

/** Whether a later step checks out in this clone what the variable names: a clone from before the new commit does not have it. */
const isClonedFor = (step: Step, carried: ReadonlySet<string>): boolean =>
  callsGit(step, /^(clone|fetch|pull)$/) &&
  step.stage.steps
    .slice(step.index + 1)
    .some(
      (later) =>
        [...carried].some((name) => mentions(later.instruction.rest.text, name)) &&
        callsGit(later, /^(checkout|reset|switch|worktree)$/),
    );

/** Whether a step sets a variable that the chain expands: the chain must not pass it. */
const feeds = (step: Step, chain: readonly Step[]): boolean =>
  names(step).some((name) => chain.some(({ instruction }) => mentions(instruction.rest.text, name)));

/**
 * Follows a declaration down its stage to the first step that uses it, or could. `together`: later declarations that are of use only when they
 * move as well, whose variables count like its own.
 */
export function examineDeclaration(
  declaration: Step,
  context: ContextSnapshot | undefined,
  together: readonly Step[] = [],
): EarlyDeclaration {
  const found = follow(declaration, context, together, ['reads', 'may']);
  // What no text names is there for those that look it up by themselves: `ARG CRYPTOGRAPHY_DONT_BUILD_RUST=1`.
  const isUnnamed = found.firstUse === undefined && found.chain.length === 1;
  return isUnnamed ? follow(declaration, context, together, ['reads', 'may', 'unlikely']) : found;
}

function follow(
  declaration: Step,
  context: ContextSnapshot | undefined,
  together: readonly Step[],
  counted: readonly EnvironmentUse[],
): EarlyDeclaration {
  const carried = new Set(names(declaration));
  const chain = [declaration];
  const needless: Step[] = [];
  for (const step of declaration.stage.steps.slice(declaration.index + 1)) {
    if (together.includes(step) || passesOn(step, carried)) {
      chain.push(step);
      if (step.keyword !== 'LABEL') for (const name of names(step)) carried.add(name);
      continue;
    }
    const isUsed = uses(step, carried, context).some((use) => counted.includes(use)) || isClonedFor(step, carried);
    if (isUsed || feeds(step, chain)) return trimmed({ chain, needless, firstUse: step, context });
    if (isCostly(step)) needless.push(step);
  }
  return trimmed({ chain, needless, firstUse: undefined, context });
}

/** What passes the variable on below the last needless step is late enough already: it counts as the first use. */
function trimmed(found: EarlyDeclaration): EarlyDeclaration {
  const { chain, needless, firstUse } = found;
  const last = needless.at(-1)?.index ?? 0;
  const late = chain.slice(1).find(({ index }) => index > last);
  return { ...found, chain: chain.filter(({ index }) => index < last), firstUse: late ?? firstUse };
}

function passed(found: EarlyDeclaration, moved: readonly Step[]): Step[] {
  const first = moved[0];
  if (!first) return [];
  return first.stage.steps.slice(first.index + 1, found.firstUse?.index).filter((step) => !moved.includes(step));
}

/** Safe where no step that is passed can read the variables; install scripts of dependencies know no name that is the application's own. */
function isSafe(found: EarlyDeclaration, moved: readonly Step[], isOwnName: boolean): boolean {
  const carried = new Set(moved.filter(({ keyword }) => keyword !== 'LABEL').flatMap(names));
  if ([...carried].some(isToolVariable)) return false;
  return passed(found, moved).every((step) =>
    uses(step, carried, found.context).every(
      (use) => use === 'never' || (use === 'unlikely' && isOwnName && !runsUnread(step, found.context)),
    ),
  );
}

/** Whether an ARG says all that an earlier one says. */
const declaresAgain = (later: Step, earlier: Step | undefined): boolean =>
  later.keyword === 'ARG' &&
  earlier?.keyword === 'ARG' &&
  earlier.instruction.properties.every(({ name, value }) =>
    later.instruction.properties.some((each) => each.name === name && each.value === value),
  );

/**
 * Moves the declaration, with what passes it on, to just before its first use, or below the last step that does not need it.
 * `isOwnName`: the variable's name belongs to the application, so that no dependency's install script looks it up.
 */
export function declareLater(dockerfile: Dockerfile, what: string, found: EarlyDeclaration, isOwnName: boolean): Fix[] {
  const last = found.needless.at(-1);
  const { chain: moved } = found;
  if (!last || moved.length === 0) return [];
  const target = found.firstUse ?? last.stage.steps[last.index + 1];
  const again = target && moved.length === 1 && declaresAgain(target, moved[0]) ? target.instruction : undefined;
  if (again)
    return [
      {
        title: `Remove ${what}, which line ${again.line + 1} declares`,
        applicability: isSafe(found, moved, isOwnName) ? 'safe' : 'suggestion',
        edits: removeInstructions(
          dockerfile,
          moved.map(({ instruction }) => instruction),
        ),
      },
    ];
  const place = target ? { before: target.instruction } : { after: last.instruction };
  const where = target ? `down to line ${target.instruction.line + 1}` : 'below the steps that do not use it';
  return [
    {
      title: `Move ${what} ${where}`,
      applicability: isSafe(found, moved, isOwnName) ? 'safe' : 'suggestion',
      edits: moveInstructions(
        dockerfile,
        moved.map(({ instruction }) => instruction),
        place,
      ),
    },
  ];
}
