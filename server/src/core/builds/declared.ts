import { cleanPath } from '../build/paths.ts';
import { bakeBuilds } from './bake.ts';
import { composeBuilds } from './compose.ts';
import { devcontainerBuilds } from './devcontainer.ts';
import { workflowBuilds } from './workflow.ts';

/** A build as a file of the workspace describes it, paths as written there. */
export interface WrittenBuild {
  /** Relative to the folder that the file's paths start from. */
  readonly context: string;
  /** Relative to `dockerfileFrom`. */
  readonly dockerfile: string;
  readonly dockerfileFrom: 'context' | 'base';
  readonly target?: string | undefined;
  /** Names and values of build arguments; undefined for a value that is not known here. */
  readonly args: ReadonlyMap<string, string | undefined>;
  /** Names of further contexts (`--build-context`). */
  readonly named: readonly string[];
  /** What names the context there, as a clause without the file: "build.context of service api". */
  readonly clause: string;
}

/** The same with absolute paths that lie in the workspace folder. */
export interface DeclaredBuild extends Pick<WrittenBuild, 'target' | 'args' | 'named'> {
  readonly kind: BuildFileKind;
  readonly dockerfile: string;
  readonly context: string;
  /** "build.context of service api in compose.yaml". */
  readonly reason: string;
}

/** In the order in which they count. */
export const buildFileKinds = ['compose', 'bake', 'devcontainer', 'workflow'] as const;
export type BuildFileKind = (typeof buildFileKinds)[number];

const names: Record<BuildFileKind, RegExp> = {
  compose: /(^|\/)(docker-)?compose([.-][^/]*)?\.ya?ml$/,
  bake: /(^|\/)docker-bake(\.override)?\.(hcl|json)$/,
  devcontainer: /(^|\/)\.devcontainer\/([^/]+\/)?devcontainer\.json$|(^|\/)\.devcontainer\.json$/,
  workflow: /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/,
};

/** Words without which there is no build in such a file: most need not be parsed. */
const words: Record<BuildFileKind, RegExp> = {
  compose: /\bbuild\b/,
  bake: /\btarget\b/,
  devcontainer: /\bdockerfile\b/i,
  workflow: /\bbuild-push-action@|\b(docker|podman|buildah)\b/,
};

const readers: Record<BuildFileKind, (text: string, file: string) => WrittenBuild[]> = {
  compose: composeBuilds,
  bake: bakeBuilds,
  devcontainer: devcontainerBuilds,
  workflow: workflowBuilds,
};

/** What a file at this path may describe builds as; undefined for all others. */
export const buildFileKind = (path: string): BuildFileKind | undefined =>
  buildFileKinds.find((kind) => names[kind].test(path));

/** Builds that one file may describe. */
const most = 500;

/**
 * The builds that a file describes; `file` and `top`, the workspace folder, are absolute. What hangs on variables that cannot be known,
 * and what leads out of the workspace folder, is left out. Never throws.
 */
export function declaredBuilds(file: string, text: string, top: string): DeclaredBuild[] {
  const kind = buildFileKind(file);
  if (!kind || !isShort(text) || !words[kind].test(text)) return [];
  const shown = file.startsWith(below(top)) ? file.slice(below(top).length) : file;
  return readers[kind](text, file)
    .slice(0, most)
    .flatMap(({ context: folder, dockerfile: path, dockerfileFrom, clause, ...rest }) => {
      const base = baseOf(kind, file);
      const context = inside(top, base, folder);
      const dockerfile =
        context === undefined ? undefined : inside(top, dockerfileFrom === 'context' ? context : base, path);
      if (context === undefined || dockerfile === undefined || isRemote(folder)) return [];
      return [{ ...rest, kind, context, dockerfile, reason: `${clause} in ${shown}` }];
    });
}

/** Real ones are: what is longer would hold up everything else while it is parsed. */
const isShort = (text: string): boolean => text.length <= 200_000 && text.split('\n').length <= 2000;

/** The folder that a file's paths start from. */
function baseOf(kind: BuildFileKind, file: string): string {
  const folder = file.slice(0, file.lastIndexOf('/'));
  return (kind === 'workflow' ? folder.replace(/\/\.github\/workflows$/, '') : folder) || '/';
}

const below = (folder: string): string => (folder === '/' ? '/' : `${folder}/`);

/** Undefined where the path leads out. */
function inside(top: string, from: string, path: string): string | undefined {
  if (path.includes('\0') || path.includes('\\')) return undefined;
  const absolute = cleanPath(path.startsWith('/') ? path : `${from}/${path}`);
  return absolute === top || absolute.startsWith(below(top)) ? absolute : undefined;
}

/** Contexts that are fetched: URLs, git addresses, images, other targets. */
const isRemote = (context: string): boolean => /^[\w+.-]+:|^git@|^~|^-$/.test(context);
