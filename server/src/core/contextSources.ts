import type { BuildGraph } from './build/graph.ts';

/** What a Dockerfile reads from its context by COPY, ADD and bind mounts, as far as it can be known. */
export function contextSources({ stages }: BuildGraph): string[] {
  const steps = stages.flatMap((stage) => stage.steps);
  const copied = steps.flatMap(({ copy }) => {
    if (!copy || copy.from) return [];
    const known = copy.sources.filter(({ word }) => !word.text.includes('$')).map(({ text }) => text);
    return copy.parents ? known.map((source) => source.replace(/\/\*\*(\/.*)?$/, '')) : known;
  });
  const mounted = steps.flatMap(({ mounts }) =>
    mounts
      .filter(({ type, from }) => type === 'bind' && from === undefined)
      .map(({ source }) => source ?? '')
      .filter((source) => !source.includes('$')),
  );
  return [...new Set([...copied, ...mounted])];
}
