import { type BuildGraph, buildGraph } from '../../build/graph.ts';
import { allContextSources } from '../../cache/contextReads.ts';
import { otherDockerfiles } from '../../context/dockerfiles.ts';
import { folderOf } from '../../context/path.ts';
import { parseDockerfile } from '../../syntax/dockerfile.ts';
import { perObject } from '../../syntax/memo.ts';
import type { ContextSnapshot } from '../../workspace.ts';

/** Another Dockerfile in the folder of the build context. */
export interface Sibling {
  readonly path: string;
  readonly graph: BuildGraph;
  /** Whether it is likely built with the folder it lies in, so that what it copies whole is not this context. */
  readonly isApart: boolean;
}

const most = 60;
const graphs = new Map<string, BuildGraph>();

function graphOf(text: string): BuildGraph {
  const graph = graphs.get(text) ?? buildGraph(parseDockerfile(text), { args: {} });
  if (graphs.size > 4 * most) graphs.clear();
  graphs.set(text, graph);
  return graph;
}

/** The other Dockerfiles of a context's folder that have no ignore file of their own: a pattern that is right for one may break another. */
export const siblingsIn = perObject((context: ContextSnapshot): readonly Sibling[] =>
  otherDockerfiles(context)
    .filter(([path]) => context.exists(`${path}.dockerignore`) !== true)
    .slice(0, most)
    .map(([path, text]) => {
      const graph = graphOf(text);
      return { path, graph, isApart: isApart(context, path, graph) };
    }),
);

/** Folders that hold what an image needs, seldom what is built. */
const helping =
  /(^|\/)\.?(docker|dockerfiles?|build|ci|deploy(ment)?|devcontainer|containers?|images?|package|ops|infra)(\/|$)/i;

function isApart(context: ContextSnapshot, path: string, graph: BuildGraph): boolean {
  const folder = folderOf(path);
  if (folder === '' || helping.test(folder)) return false;
  const named = allContextSources(graph).filter((source) => source.known && source.path !== '');
  return named.every((source) => /[*?[]/.test(source.path) || context.exists(`${folder}/${source.path}`) === true);
}
