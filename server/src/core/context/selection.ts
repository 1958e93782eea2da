/** The files of the build context that a COPY, an ADD or a bind mount reads. */
export interface Selection {
  /** Context-relative paths of files and symlinks, sorted. Empty and `known: false` without a context. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** False where the context is not known or the sources cannot be resolved. */
  readonly known: boolean;
  /** Sources that match nothing in the context. */
  readonly missing: readonly string[];
  has(path: string): boolean;
}
