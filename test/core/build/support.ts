import assert from 'node:assert/strict';
import { type BuildGraph, type BuildOptions, buildGraph, type Step } from '../../../server/src/core/build/graph.ts';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';

export const graphOf = (text: string, options: Partial<BuildOptions> = {}): BuildGraph =>
  buildGraph(parseDockerfile(text), { args: {}, ...options });

/** The last step of the last stage. */
export function last(text: string, options: Partial<BuildOptions> = {}): Step {
  const step = graphOf(text, options).stages.at(-1)?.steps.at(-1);
  assert.ok(step, text);
  return step;
}
