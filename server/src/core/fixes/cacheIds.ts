import { targetPlatform } from '../build/globals.ts';
import type { BuildGraph, Step } from '../build/graph.ts';
import { baseImage } from '../managers/images.ts';
import { invocationsOf } from '../managers/invocations.ts';

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
function releaseOf({ stage }: Step): string | undefined {
  const { repository = '', tag } = baseImage(stage);
  const number = /^\d+(\.\d\d)?/.exec(tag)?.[0] ?? '';
  const key = `${repository}:${repository === 'debian' ? number.replace(/\..*/, '') : number}`;
  return codename.exec(tag)?.[0] ?? (Object.hasOwn(byNumber, key) ? byNumber[key] : undefined);
}

const platformOf = ({ options }: BuildGraph, { stage }: Step): string => stage.platform ?? targetPlatform(options);

/** Steps of equal release and platform have the same package lists. */
export const systemOf = (graph: BuildGraph, step: Step): string => `${releaseOf(step)} ${platformOf(graph, step)}`;

/** What keeps the package lists of two stages apart: a name for the one of `step` where it differs from that of `other`. */
export function listsApart(graph: BuildGraph, step: Step, other: Step): string | undefined {
  const [mine, theirs] = [releaseOf(step), releaseOf(other)];
  if (mine !== undefined && theirs !== undefined && mine !== theirs) return mine;
  const platform = platformOf(graph, step);
  return platform === platformOf(graph, other) ? undefined : platform.replace(/^[^/]*\//, '').replaceAll('/', '-');
}

/** The name that an id of apt's cache needs because an earlier stage has lists of its own; undefined where none has. */
export const listsName = (graph: BuildGraph, step: Step): string | undefined =>
  graph.stages
    .slice(0, step.stage.index)
    .filter((stage) => graph.reachable.has(stage))
    .flatMap(({ steps }) => steps.find((each) => invocationsOf(each).some(({ manager }) => manager.id === 'apt')) ?? [])
    .map((other) => listsApart(graph, step, other))
    .find((name) => name !== undefined);

/** `id=` for a mount that must not be the one at its target in general. */
export const idFor = (target: string, name: string): string => `,id=${target.slice(1).replaceAll('/', '-')}-${name}`;
