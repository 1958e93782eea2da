import type { Stage, Step } from '../build/graph.ts';

/** One side of an operation that enters its key, as messages tell them apart. */
export type Aspect =
  | 'command'
  | 'environment'
  | 'user'
  | 'workdir'
  | 'mounts'
  | 'network'
  | 'security'
  | 'hostname'
  | 'platform'
  | 'sources'
  | 'destination'
  | 'owner'
  | 'mode'
  | 'exclude'
  | 'options'
  | 'epoch'
  | 'layout'
  | 'image';

/** What an operation is, its inputs left out: BuildKit digests it into the key (CacheMap in solver/llbsolver/ops). */
export interface Definition {
  readonly parts: ReadonlyMap<Aspect, string>;
  /** All parts in one text: equal texts are equal operations. */
  readonly text: string;
}

export function definition(kind: string, parts: readonly (readonly [Aspect, unknown])[]): Definition {
  const texts = parts.map(([aspect, value]) => [aspect, JSON.stringify(value)] as const);
  return { parts: new Map(texts), text: JSON.stringify([kind, texts]) };
}

/** Where an operation's files come from. `vertex`: what another operation, or an image, left; `name`: of a named context whose files are known. */
export type Source =
  | { readonly kind: 'context'; readonly name: string | undefined }
  | { readonly kind: 'vertex'; readonly vertex: Vertex | undefined }
  | { readonly kind: 'remote'; readonly url: string; readonly checksum: string | undefined };

/** Files of a source as BuildKit digests them (cache/contenthash): a path, or all that a glob matches, without what is excluded. */
export interface Selector {
  /** Absolute and cleaned, within the source. Of `--parents` the part before the pattern. */
  readonly path: string;
  /** True where the path's wildcards count: COPY, not a mount. */
  readonly glob: boolean;
  /** The pattern of a `--parents`, relative to the path. */
  readonly parents: string | undefined;
  readonly exclude: readonly string[];
  /** False where a variable in it is not known: its files cannot be told then. */
  readonly known: boolean;
}

/** An input that counts by the content of what is selected. */
export interface ContentInput {
  readonly source: Source;
  readonly selectors: readonly Selector[];
}

/** One operation of the build, or an image: what BuildKit gives a key and caches. */
export interface Vertex {
  /**
   * Of a named context that is a folder: FROM it is another file system in every build, since its key is that of the client's session
   * (`CacheKey` in source/local/source.go).
   */
  readonly folder?: string | undefined;
  /** Undefined for an image. */
  readonly step: Step | undefined;
  readonly stage: Stage | undefined;
  readonly definition: Definition;
  /** Inputs that count by their own key: what the operation runs on. Undefined in it stands for an empty file system. */
  readonly parents: readonly (Vertex | undefined)[];
  readonly contents: readonly ContentInput[];
}
