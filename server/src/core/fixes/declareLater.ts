import type { Step } from '../build/graph.ts';
import { isCostly } from '../cache/cost.ts';
import { type EnvironmentUse, environmentUse, isToolVariable, mentions } from '../cache/environmentUse.ts';
import { type Fix, moveInstructions } from '../fixes.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';

/** An ARG or ENV with the instructions that only pass it on, and the costly steps between it and its first use. */
export interface EarlyDeclaration {
  readonly chain: readonly Step[];
  /** Costly steps of the stage that run again with every new value without using it. */
  readonly needless: readonly Step[];
  /** The step to declare it before: it uses the variable, or could, or passes it on; undefined where nothing in the stage does. */
  readonly firstUse: Step | undefined;
}

const names = (step: Step): string[] => step.instruction.properties.map(({ name }) => name);

const uses = (step: Step, carried: ReadonlySet<string>): EnvironmentUse[] =>
  [...carried].map((name) => environmentUse(step, name));

/** An ENV or LABEL that expands one of the variables and so can only come after it. */
const passesOn = ({ keyword, instruction }: Step, carried: ReadonlySet<string>): boolean =>
  (keyword === 'ENV' || keyword === 'LABEL') && [...carried].some((name) => mentions(instruction.rest.text, name));

/** Whether a step sets a variable that the chain expands: the chain must not pass it. */
const feeds = (step: Step, chain: readonly Step[]): boolean =>
  names(step).some((name) => chain.some(({ instruction }) => mentions(instruction.rest.text, name)));

/**
 * Follows a declaration down its stage to the first step that uses it, or could. `together`: later declarations that are of use only when they
 * move as well, whose variables count like its own.
 */
export function examineDeclaration(declaration: Step, together: readonly Step[] = []): EarlyDeclaration {
  const carried = new Set(names(declaration));
  const chain = [declaration];
  const needless: Step[] = [];
  for (const step of declaration.stage.steps.slice(declaration.index + 1)) {
    if (together.includes(step) || passesOn(step, carried)) {
      chain.push(step);
      if (step.keyword !== 'LABEL') for (const name of names(step)) carried.add(name);
      continue;
    }
    const isUsed = uses(step, carried).some((use) => use === 'reads' || use === 'may');
    if (isUsed || feeds(step, chain)) return trimmed(chain, needless, step);
    if (isCostly(step)) needless.push(step);
  }
  return trimmed(chain, needless, undefined);
}

/** What passes the variable on below the last needless step is late enough already: it counts as the first use. */
function trimmed(chain: readonly Step[], needless: readonly Step[], firstUse: Step | undefined): EarlyDeclaration {
  const last = needless.at(-1)?.index ?? 0;
  const late = chain.slice(1).find(({ index }) => index > last);
  return { chain: chain.filter(({ index }) => index < last), needless, firstUse: late ?? firstUse };
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
    uses(step, carried).every((use) => use === 'never' || (use === 'unlikely' && isOwnName)),
  );
}

/**
 * Moves the declaration, with what passes it on, to just before its first use, or below the last step that does not need it.
 * `isOwnName`: the variable's name belongs to the application, so that no dependency's install script looks it up.
 */
export function declareLater(dockerfile: Dockerfile, what: string, found: EarlyDeclaration, isOwnName: boolean): Fix[] {
  const last = found.needless.at(-1);
  const { chain: moved } = found;
  if (!last || moved.length === 0) return [];
  const target = found.firstUse ?? last.stage.steps[last.index + 1];
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
