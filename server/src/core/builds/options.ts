import type { BuildOptions } from '../build/graph.ts';
import type { Config } from '../config.ts';
import type { BuildFacts } from '../workspace.ts';

/**
 * How a Dockerfile is built, as far as the settings and the workspace's own builds tell. Settings count more. What the workspace's builds
 * pass only adds to what others do: these may pass nothing, and build the last stage.
 */
export const buildOptions = ({ buildArgs, target }: Config, builds: BuildFacts | undefined): BuildOptions => ({
  args: buildArgs,
  passed: builds && { ...Object.fromEntries(builds.passed.map((name) => [name, null])), ...builds.args },
  target,
  otherTargets: builds?.targets,
  namedContexts: builds?.namedContexts,
});
