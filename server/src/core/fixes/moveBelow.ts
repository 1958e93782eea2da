import type { Step } from '../build/graph.ts';
import { mentions } from '../cache/environmentUse.ts';
import type { Model } from '../cache/model.ts';
import { absolute, destinationOf, imagePath, within } from '../cache/placement.ts';
import { invocationsByCommand } from '../managers/invocations.ts';
import { isHarmless } from './harmless.ts';

/** More files than this are taken for the folder that they go to. */
const manyFiles = 10;

/** Folders that every image has. */
const standard =
  /^\/(usr|usr\/(local|share|src|bin|lib|sbin)|usr\/local\/(bin|sbin|lib|share|etc)|opt|srv|home|var|var\/(lib|log|cache)|etc|root|tmp|mnt|run)$/;

/** The topmost part of a path that a COPY may have to make: a step that needs this folder has to come after it. */
function made(path: string): string {
  const parts = path.split('/').slice(1);
  const at = parts.findIndex((_, index) => !standard.test(`/${parts.slice(0, index + 1).join('/')}`));
  return at === -1 ? path : `/${parts.slice(0, at + 1).join('/')}`;
}

/** Where a COPY writes: its files one by one where they are few, else the folder. */
export function placesOf(model: Model, copy: Step): string[] {
  const folder = destinationOf(copy) ?? '/';
  const selection = copy.copy?.from ? undefined : model.selection(copy);
  if (!selection?.known || selection.files.length > manyFiles) return [made(folder)];
  const places = selection.files.map((file) => imagePath(copy, file, model.context));
  return places.every((place) => place !== undefined) ? [...new Set(places.map(made))] : [made(folder)];
}

const isApart = (a: string, b: string): boolean => within(a, b) === undefined && within(b, a) === undefined;

/** Folders in which tools of the system look for their settings and certificates, and for each other. */
const ofSystem = /^\/(etc|root|home|usr|lib|lib64|bin|sbin|opt|var|tmp|run)(\/|$)/;
const ownPrograms = /^\/usr\/local\/(s?bin|share)\/[^/]+|^\/(opt|home|usr\/src|var\/www)\/[^/]+/;

/** Whether what is put there may change what the system's tools do. */
export const mayConfigure = (place: string): boolean =>
  place === '/' || (ofSystem.test(place) && !ownPrograms.test(place));

/** Whether a RUN neither reads nor writes any of the places. System packages are taken for what they are: nobody's project. */
function leavesAlone(step: Step, places: readonly string[]): boolean {
  if (!step.script?.complete || step.mounts.some(({ type }) => type === 'bind' || type === 'tmpfs')) return false;
  const calls = invocationsByCommand(step);
  return step.script.commands.every((command) => {
    const found = calls.get(command);
    if (!found) return isHarmless(command, places);
    const { manager, call, action } = found;
    return action === 'clean' || (!manager.inputs && !manager.obstacle?.(call));
  });
}

const isPassed = (step: Step, copy: Step, places: readonly string[]): boolean => {
  const { keyword, instruction } = step;
  if (keyword === 'RUN') return leavesAlone(step, places);
  if (step.copy) return places.every((place) => isApart(destinationOf(step) ?? '/', place));
  if (keyword === 'WORKDIR')
    return (
      copy.instruction.args.at(-1)?.text.startsWith('/') === true &&
      places.every((place) => within(place, absolute(step.workdir)) === undefined)
    );
  if (/^(VOLUME|ONBUILD|SHELL)$/.test(keyword)) return false;
  return !instruction.properties.some(({ name }) => mentions(copy.instruction.rest.text, name));
};

/** Whether a COPY can stand below a later step of its stage, and every step in between does what it did. `along` moves with it. */
export function canMoveBelow(model: Model, copy: Step, last: Step, along: readonly Step[]): boolean {
  if (!copy.copy || copy.fromOnbuild || copy.copy.link || copy.instruction.heredocs.length > 0) return false;
  const places = placesOf(model, copy);
  if (places.some(mayConfigure)) return false;
  return copy.stage.steps
    .slice(copy.index + 1, last.index + 1)
    .every((step) => along.includes(step) || (!step.fromOnbuild && isPassed(step, copy, places)));
}
