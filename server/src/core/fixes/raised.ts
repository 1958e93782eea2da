import type { Step } from '../build/graph.ts';
import { mentions } from '../cache/environmentUse.ts';
import type { Model } from '../cache/model.ts';
import { type Fix, isBroken, moveInstructions } from '../fixes.ts';
import { invocationsByCommand } from '../managers/invocations.ts';
import { named } from '../prose.ts';
import { isHarmless } from './harmless.ts';
import type { InstallStep } from './installStep.ts';
import type { Situation } from './manifestsFirst.ts';
import { mayConfigure, placesOf } from './moveBelow.ts';

/** Variables that an installer of system packages, or the shell, looks at. */
const environment = /^(DEBIAN_|APT_|LANG|LC_|TZ$|PATH$|HOME$|LD_|SHELL|XDG_)|proxy$/i;

/** Whether a RUN installs packages of the system and does nothing else: it reads nothing that a COPY brings. */
function installsSystem(step: Step): boolean {
  if (!step.script?.complete || step.mounts.some(({ type }) => type === 'bind')) return false;
  const calls = invocationsByCommand(step);
  return step.script.commands.every((command) => {
    const found = calls.get(command);
    if (!found) return isHarmless(command);
    const { manager, call, action } = found;
    const isOfFile = action !== 'clean' && call.args.some(({ text }) => /^["']?\.{0,2}\//.test(text));
    return !manager.inputs && !manager.obstacle?.(call) && !isOfFile;
  });
}

/** Whether a RUN builds or installs a project, and leaves the system's package manager as it is. */
function isOfProject(step: Step): boolean {
  const calls = invocationsByCommand(step);
  return (
    step.script?.complete === true &&
    step.script.commands.every((command) => {
      const found = calls.get(command);
      return found ? found.manager.inputs !== undefined : isHarmless(command);
    })
  );
}

function isPassed(model: Model, step: Step, install: Step): boolean {
  const { keyword, instruction } = step;
  if (step.copy) return !placesOf(model, step).some(mayConfigure);
  if (keyword === 'RUN') return isOfProject(step);
  if (/^(USER|SHELL|VOLUME|ONBUILD)$/.test(keyword)) return false;
  return instruction.properties.every(
    ({ name }) => !environment.test(name) && !mentions(install.instruction.rest.text, name),
  );
}

/** For system packages that something in between keeps the COPY from moving below: they move above it instead. */
export function raised(
  { dockerfile, model }: Pick<Situation, 'dockerfile' | 'model'>,
  copy: Step,
  installs: readonly InstallStep[],
): Fix | undefined {
  const steps = installs.map(({ step }) => step);
  const isRaised = (install: Step): boolean => {
    const between = install.stage.steps.slice(copy.index, install.index).filter((step) => !steps.includes(step));
    return (
      install.stage === copy.stage &&
      !isBroken(dockerfile, install.instruction) &&
      installsSystem(install) &&
      between.every((step) => !step.fromOnbuild && isPassed(model, step, install))
    );
  };
  const [first] = steps;
  if (!first || !steps.every(isRaised)) return undefined;
  const passed = copy.stage.steps.slice(copy.index, steps.at(-1)?.index);
  const passesBuild = passed.some((step) => step.keyword === 'RUN' && !steps.includes(step));
  return {
    title: `Move ${steps.length > 1 ? `${steps.length} installs` : named(first)} above the ${copy.keyword}`,
    // A build may take what is installed into account.
    applicability: passesBuild ? 'suggestion' : 'safe',
    edits: moveInstructions(
      dockerfile,
      steps.map(({ instruction }) => instruction),
      { before: copy.instruction },
    ),
  };
}
