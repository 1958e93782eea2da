import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { Disk } from './disk.ts';

/** sha256 of files, read only when asked for, and again only when their size or time has changed. */
export interface Digests {
  /** By path relative to `root`; files that cannot be read are left out. */
  of(root: string, paths: readonly string[]): Promise<Map<string, string>>;
}

export function rememberDigests(disk: Disk): Digests {
  const known = new Map<string, { readonly stamp: string; readonly digest: string }>();
  const digestOf = async (location: string): Promise<string | undefined> => {
    const stats = await disk.stat(location);
    if (!stats?.isFile()) return undefined;
    const stamp = `${stats.size} ${stats.mtimeMs} ${stats.ctimeMs} ${stats.ino}`;
    const remembered = known.get(location);
    if (remembered?.stamp === stamp) return remembered.digest;
    const digest = await sha256(location).catch(() => undefined);
    if (digest !== undefined) known.set(location, { stamp, digest });
    return digest;
  };
  return {
    async of(root, paths) {
      const digests = new Map<string, string>();
      for (const path of paths) {
        const digest = await digestOf(`${root}/${path}`);
        if (digest !== undefined) digests.set(path, digest);
      }
      return digests;
    },
  };
}

async function sha256(location: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(location), hash);
  return hash.digest('hex');
}
