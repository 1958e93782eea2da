import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { snapshotOf } from '../../core/context/snapshot.ts';
import type { ContextSnapshot } from '../../core/workspace.ts';

/** The id that git gives a file's content: gitformat-object, "blob". Repositories of the other kind use sha256. */
export const blobId = (content: Uint8Array, algorithm: 'sha1' | 'sha256' = 'sha1'): string =>
  createHash(algorithm).update(`blob ${content.length}\0`).update(content).digest('hex');

/** Undefined for what cannot be read, or is too large to be read at once. */
export function contentOf({ root }: Pick<ContextSnapshot, 'root'>, file: string): Uint8Array | undefined {
  try {
    return readFileSync(path.join(root, file));
  } catch {
    return undefined;
  }
}

/** The context with a digest for every file, read when it is first asked for: a comparison looks only at what a step selects. */
export function withContents(context: ContextSnapshot): ContextSnapshot {
  const digests = new Map<string, string | undefined>();
  const digest = (file: string): string | undefined => {
    if (!digests.has(file)) {
      const content = contentOf(context, file);
      digests.set(file, content && blobId(content));
    }
    return digests.get(file);
  };
  return snapshotOf({ ...context, digest });
}
