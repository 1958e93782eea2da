import type { ContextRoot } from '../context/root.ts';
import type { BuildFacts } from '../workspace.ts';
import { buildFileKinds, type DeclaredBuild } from './declared.ts';

/** How the files of a workspace build one Dockerfile. */
export interface BuildPlan {
  /** Distinct folders, of the kind of file that counts first; the most often named first where one is. */
  readonly contexts: readonly ContextRoot[];
  /** All folders that any file names. */
  readonly candidates: readonly ContextRoot[];
  readonly facts: BuildFacts | undefined;
}

/** Folders that one Dockerfile is judged in. */
const mostContexts = 3;

export function planOf(dockerfile: string, all: readonly DeclaredBuild[]): BuildPlan {
  const builds = all.filter((build) => build.dockerfile === dockerfile);
  const first = buildFileKinds.find((kind) => builds.some((build) => build.kind === kind));
  return {
    contexts: rootsOf(builds.filter(({ kind }) => kind === first)).slice(0, mostContexts),
    candidates: rootsOf(builds),
    facts: builds.length > 0 ? factsOf(builds) : undefined,
  };
}

function rootsOf(builds: readonly DeclaredBuild[]): ContextRoot[] {
  const folders = new Map<string, ContextRoot>();
  for (const { context, reason } of builds)
    if (!folders.has(context)) folders.set(context, { folder: context, reason });
  return [...folders.values()];
}

/** A value counts where all that pass one pass the same. */
function factsOf(builds: readonly DeclaredBuild[]): BuildFacts {
  const values = new Map<string, Set<string | undefined>>();
  for (const [name, value] of builds.flatMap(({ args }) => [...args]))
    values.set(name, (values.get(name) ?? new Set()).add(value));
  const args: Record<string, string> = {};
  const passed: string[] = [];
  for (const [name, [value, ...others]] of values) {
    if (value !== undefined && others.length === 0) args[name] = value;
    else passed.push(name);
  }
  return {
    args,
    passed,
    targets: [...new Set(builds.flatMap(({ target }) => target ?? []))],
    namedContexts: [...new Set(builds.flatMap(({ named }) => named))],
  };
}
