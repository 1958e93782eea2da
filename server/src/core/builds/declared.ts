import { cleanPath } from '../build/paths.ts';
import { bakeBuilds } from './bake.ts';
import { composeBuilds } from './compose.ts';
import { devcontainerBuilds } from './devcontainer.ts';
import { parseDotEnv } from './dotenv.ts';
import { noVariables, type Variables } from './interpolate.ts';
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
  /** The context hangs on the `.env` beside the file. */
  readonly usesEnv?: boolean | undefined;
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

const readers: Record<BuildFileKind, (text: string, file: string, env: Variables) => WrittenBuild[]> = {
  compose: composeBuilds,
  bake: bakeBuilds,
  devcontainer: devcontainerBuilds,
  workflow: workflowBuilds,
};

/** What a file at this path may describe builds as; undefined for all others. */
export const buildFileKind = (path: string): BuildFileKind | undefined =>
  buildFileKinds.find((kind) => names[kind].test(path));

/** The `.env` that takes part in what a file describes; undefined where none can. */
export const envFileOf = (file: string, text: string): string | undefined =>
  buildFileKind(file) === 'compose' && /\$/.test(text) && words.compose.test(text)
    ? `${file.slice(0, file.lastIndexOf('/'))}/.env`
    : undefined;

const unknown: Variables = () => ({ value: undefined });

/** Builds that one file may describe. */
const most = 500;

/**
 * The builds that a file describes; `file` and `top`, the workspace folder, are absolute. What hangs on variables that cannot be known,
 * and what leads out of the workspace folder, is left out. `env`: the text of its `.env`, null where there is one that cannot be read.
 * Never throws.
 */
export function declaredBuilds(file: string, text: string, top: string, env?: string | null): DeclaredBuild[] {
  const kind = buildFileKind(file);
  if (!kind || !isShort(text) || !words[kind].test(text)) return [];
  const shown = file.startsWith(below(top)) ? file.slice(below(top).length) : file;
  const variables = env === undefined ? noVariables : (env !== null && parseDotEnv(env)) || unknown;
  return readers[kind](text, file, variables)
    .slice(0, most)
    .flatMap(({ context: folder, dockerfile: path, dockerfileFrom, clause, usesEnv, ...rest }) => {
      const base = baseOf(kind, file);
      const context = inside(top, base, folder);
      const dockerfile =
        context === undefined ? undefined : inside(top, dockerfileFrom === 'context' ? context : base, path);
      if (context === undefined || dockerfile === undefined || isRemote(folder)) return [];
      return [
        {
          ...rest,
          kind,
          context,
          dockerfile,
          reason: `${clause} in ${shown}${usesEnv ? ' and the .env beside it' : ''}`,
        },
      ];
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

/** A path from a folder, made absolute; undefined where it leads out of `top`. */
export function inside(top: string, from: string, path: string): string | undefined {
  if (path.includes('\0') || path.includes('\\')) return undefined;
  const absolute = cleanPath(path.startsWith('/') ? path : `${from}/${path}`);
  return absolute === top || absolute.startsWith(below(top)) ? absolute : undefined;
}

/** Contexts that are fetched: URLs, git addresses, images, other targets. */
const isRemote = (context: string): boolean => /^[\w+.-]+:|^git@|^~|^-$/.test(context);
