import { targetPlatform } from '../build/globals.ts';
import type { BuildGraph, Stage } from '../build/graph.ts';
import { baseImage } from '../managers/images.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Manager } from '../managers/manager.ts';
import { cacheMountsOf } from './mountUse.ts';

const codename = /\b(buster|bullseye|bookworm|trixie|forky|sid|focal|jammy|noble|plucky|questing)\b/;
const byNumber: Readonly<Record<string, string>> = {
  'debian:10': 'buster',
  'debian:11': 'bullseye',
  'debian:12': 'bookworm',
  'debian:13': 'trixie',
  'ubuntu:20.04': 'focal',
  'ubuntu:22.04': 'jammy',
  'ubuntu:24.04': 'noble',
};

/** The release of Debian or Ubuntu on which a stage stands, as its image's tag names it; undefined where it does not. */
function releaseOf(stage: Stage): string | undefined {
  const { repository = '', tag } = baseImage(stage);
  const number = /^\d+(\.\d\d)?/.exec(tag)?.[0] ?? '';
  const key = `${repository}:${repository === 'debian' ? number.replace(/\..*/, '') : number}`;
  return codename.exec(tag)?.[0] ?? (Object.hasOwn(byNumber, key) ? byNumber[key] : undefined);
}

const platformOf = ({ options }: BuildGraph, { platform }: Stage): string => platform ?? targetPlatform(options);

/** Stages of equal release and platform have the same package lists. */
export const systemOf = (graph: BuildGraph, stage: Stage): string => `${releaseOf(stage)} ${platformOf(graph, stage)}`;

export const isOneSystem = (graph: BuildGraph, a: Stage, b: Stage): boolean =>
  (a.image === b.image && a.platform === b.platform) || systemOf(graph, a) === systemOf(graph, b);

/** What keeps the package lists of two stages apart: a name for the one of `stage` where it differs from that of `other`. */
export function listsApart(graph: BuildGraph, stage: Stage, other: Stage): string | undefined {
  const [mine, theirs] = [releaseOf(stage), releaseOf(other)];
  if (mine !== undefined && theirs !== undefined && mine !== theirs) return mine;
  const platform = platformOf(graph, stage);
  return platform === platformOf(graph, other) ? undefined : platform.replace(/^[^/]*\//, '').replaceAll('/', '-');
}

/** The name that an id of apt's cache needs because an earlier stage has lists of its own; undefined where none has. */
export const listsName = (graph: BuildGraph, stage: Stage): string | undefined =>
  graph.stages
    .slice(0, stage.index)
    .filter((other) => graph.reachable.has(other))
    .map((other) => {
      const name = listsApart(graph, stage, other);
      return name !== undefined && usesApt(other) ? name : undefined;
    })
    .find((name) => name !== undefined);

const usesApt = ({ steps }: Stage): boolean =>
  steps.some((step) => invocationsOf(step).some(({ manager }) => manager.id === 'apt'));

/** The id that the mounts of a manager at a place have, where it is the same for all of them: another one would start empty. */
export function idAt({ stages }: BuildGraph, manager: Manager, path: string): string | undefined {
  const mounts = stages
    .flatMap(({ steps }) => steps)
    .filter((step) => cacheMountsOf(step).length > 0 && invocationsOf(step).some((each) => each.manager === manager))
    .flatMap((step) => cacheMountsOf(step).filter(({ target }) => target === path));
  const ids = new Set(mounts.map(({ mount }) => (/[$"'\\]/.test(mount.flag.value ?? '$') ? undefined : mount.id)));
  return ids.size === 1 ? [...ids][0] : undefined;
}

/** `id=` for a mount that must not be the one at its target in general. */
export const idFor = (target: string, name: string): string => `,id=${target.slice(1).replaceAll('/', '-')}-${name}`;
