import type { BuildOptions } from '../build/graph.ts';
import type { Config } from '../config.ts';
import type { BuildFacts } from '../workspace.ts';

/**
 * How a Dockerfile is built, as far as the settings and the workspace's own builds tell. Settings count more. Targets of the workspace's
 * builds only add to what is built: others may build the last stage.
 */
export const buildOptions = ({ buildArgs, target }: Config, builds: BuildFacts | undefined): BuildOptions => ({
  args: { ...builds?.args, ...buildArgs },
  passed: builds?.passed,
  target,
  otherTargets: builds?.targets,
  namedContexts: builds?.namedContexts,
});
