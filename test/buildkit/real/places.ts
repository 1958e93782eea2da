import { type BuildGraph, mountFrom, type Stage } from '../../../server/src/core/build/graph.ts';
import { numberOf } from './original.ts';

/** What others take of a stage. */
export interface Wanted {
  readonly path: string;
  /** What is copied there is a folder. */
  readonly folder: boolean;
}

/** What other stages take of each. */
export function wantedFiles(graph: BuildGraph, written: string): ReadonlyMap<Stage, readonly Wanted[]> {
  const wanted = new Map<Stage, Wanted[]>();
  const add = (stage: Stage | undefined, paths: readonly Wanted[]) => {
    if (stage) wanted.set(stage, [...(wanted.get(stage) ?? []), ...paths]);
  };
  for (const step of graph.stages.flatMap(({ steps }) => steps)) {
    const { copy, mounts } = step;
    if (copy?.from?.kind === 'stage') {
      const folder = copy.sources.length === 1 && isFolder(written, copy.destination);
      add(
        copy.from.stage,
        copy.sources.map(({ text }) => ({ path: text, folder })),
      );
    }
    for (const mount of mounts) {
      const from = mountFrom(graph, step, mount);
      if (from?.kind === 'stage')
        add(from.stage, [{ path: mount.source ?? '', folder: !/\.|\/s?bin\//.test(mount.source ?? '') }]);
    }
  }
  return wanted;
}

/** Whether the Dockerfile takes a path for a folder, as far as its text tells. */
const isFolder = (written: string, destination: string): boolean => {
  const path = destination.replace(/\/$/, '');
  return (
    path !== '' &&
    !destination.endsWith('/') &&
    new RegExp(`(WORKDIR\\s+"?${escaped(path)}"?\\s|\\s${escaped(path)}/)`).test(written)
  );
};

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export const literal = (path: string): string => path.replace(/\[[^\]]*\]|[*?]/g, 'x').replace(/\$\{?\w+\}?/g, '');

/** Makes what the image would have had, or a command would have made. */
export function makeFiles(stage: Stage, wanted: readonly Wanted[]): string {
  const places = new Map(wanted.map(({ path, folder }) => [literal(`/${path.replace(/^\/+/, '')}`), folder]));
  const paths = [...places.keys()].filter((path) => path !== '/');
  if (paths.length === 0) return '';
  const content = numberOf(stage.name ?? '') % 2 === 0 ? 'made' : '$(ls -R . 2>/dev/null | head -n 300 | md5sum)';
  const make = paths.map((place) => {
    const isFolderOfOthers = places.get(place) || paths.some((other) => other.startsWith(`${place}/`));
    const file = place.endsWith('/') ? `${place}made` : isFolderOfOthers ? `${place}/made` : place;
    return `{ [ -e "${place}" ] || { mkdir -p "${file.slice(0, file.lastIndexOf('/')) || '/'}" && echo ${content} > "${file}"; }; }`;
  });
  return `\nSHELL ["/bin/sh", "-c"]\nRUN ${make.join(' && ')}`;
}
