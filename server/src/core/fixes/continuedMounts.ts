import type { Stage, Step } from '../build/graph.ts';
import { callsOf } from '../managers/calls.ts';
import { invocationsByCommand, invocationsOf } from '../managers/invocations.ts';
import type { Manager } from '../managers/manager.ts';
import { resolve } from '../managers/paths.ts';
import type { ShellCommand } from '../syntax/shell.ts';
import type { ContextSnapshot } from '../workspace.ts';
import type { Unmounted } from './cacheMounts.ts';
import { isHarmless } from './harmless.ts';
import { cachesOf, mountAt, overlap } from './mountUse.ts';
import { neverDownloads } from './offlineReaders.ts';

/** Stages that are built FROM this one, each other's included. */
export const continuationsOf = (stages: readonly Stage[], stage: Stage): Stage[] =>
  stages
    .filter(({ base }) => base.kind === 'stage' && base.stage === stage)
    .flatMap((each) => [each, ...continuationsOf(stages, each)]);

/** Programs that read and write the files they are given, and nothing else. */
const withFiles = /^(cat|chgrp|chmod|chown|cp|du|find|install|jar|ln|ls|mkdir|mv|rm|rmdir|strip|tar|touch|unzip|zip)$/;

/** Whether a RUN needs nothing of what a manager keeps in these folders (absolute): it calls other managers, and commands that touch none of them. */
export function isSelfContained(step: Step, manager: Manager, folders: readonly string[]): boolean {
  const calls = invocationsByCommand(step);
  return (
    step.script?.complete === true &&
    step.script.commands.every(
      (command) =>
        calls.get(command)?.manager !== manager &&
        (calls.has(command) || isHarmless(command, ['/']) || staysAway(step, command, folders)),
    )
  );
}

/** Whether a command works on files by their names, none of which lies in the folders or holds one. */
function staysAway(step: Step, command: ShellCommand, folders: readonly string[]): boolean {
  const call = callsOf(step).find((each) => each.command === command);
  const cwd = call?.shellCwd;
  if (!call || cwd === undefined || !withFiles.test(call.program) || command.redirects.length > 0) return false;
  const isApart = (path: string): boolean => folders.every((folder) => !overlap(folder, path));
  return [cwd, ...call.args.map(({ value, text }) => value ?? text)].every((word) =>
    word.startsWith('-')
      ? /^-(?!(exec|ok|T|-files-from))[^/]*$/.test(word)
      : /^(?!.*[*?][^/]*\/\.\.)[\w./@+*?:=,-]+$/.test(word) && isApart(resolve(cwd, word)),
  );
}

/**
 * The RUNs of the stages that continue a stage which need the same mounts there: each fetches what it misses. The stage itself where one of its RUNs
 * may need what the mounts would keep out of the layers and cannot have them as well.
 */
export function continuedMounts(
  continuations: readonly Stage[],
  manager: Manager,
  locations: Unmounted['locations'],
  context: ContextSnapshot | undefined,
): readonly Unmounted[] | Stage {
  const folders = locations.map(({ path }) => path);
  const found: Unmounted[] = [];
  for (const stage of continuations)
    for (const step of stage.steps) {
      if (step.keyword !== 'RUN' || isSelfContained(step, manager, folders)) continue;
      const each = unmountedIn(step, manager, locations, context);
      if (!each) return stage;
      found.push(each);
    }
  return found;
}

function unmountedIn(
  step: Step,
  manager: Manager,
  locations: Unmounted['locations'],
  context: ContextSnapshot | undefined,
): Unmounted | undefined {
  const invocations = invocationsOf(step).filter((each) => each.manager === manager);
  const covered = new Set<string | undefined>(locations.map(({ path }) => path));
  const fits =
    !step.fromOnbuild &&
    invocations.length > 0 &&
    invocations.every(
      (each) =>
        each.action !== 'clean' &&
        !neverDownloads(each) &&
        cachesOf(each, context).every((place) => place.class !== 'B' || covered.has(place.path)),
    ) &&
    !locations.some(({ path }) => mountAt(step, path));
  return fits ? { step, invocations, locations } : undefined;
}
