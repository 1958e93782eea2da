import { parseGlob } from '../core/context/glob.ts';
import type { Listing } from '../core/context/listing.ts';
import { managers } from '../core/managers/index.ts';
import type { Entry } from '../core/workspace.ts';
import type { Disk } from './disk.ts';

const mostBytesOfFile = 512 * 1024;
const mostBytes = 16 * 1024 * 1024;
const mostFiles = 2000;

const names = [...new Set(managers.flatMap(({ manifests }) => manifests))];
const exact = new Set(names.filter((name) => !/[*?[{]/.test(name)));
const globs = names.filter((name) => !exact.has(name)).map(parseGlob);

/** Folders of what was installed: their manifests are nobody's input. */
const installed = /(^|\/)(node_modules|vendor|\.venv|venv|site-packages|\.git|bower_components|target)\//;

/** Whether a package manager reads this file's text. */
export function isManifest({ path, type, size }: Entry): boolean {
  if (type !== 'file' || size > mostBytesOfFile || installed.test(path)) return false;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return exact.has(name) || globs.some((glob) => glob.matches(name));
}

/** Texts of the manifests among the entries, of the outer folders first; those that are no text are left out. */
export async function readManifests(disk: Disk, root: string, entries: Listing): Promise<Map<string, string>> {
  const depth = ({ path }: Entry): number => path.split('/').length;
  const wanted = entries.filter(isManifest).sort((a, b) => depth(a) - depth(b));
  const texts = new Map<string, string>();
  let bytes = 0;
  for (const { path, size } of wanted.slice(0, mostFiles)) {
    bytes += size;
    if (bytes > mostBytes) break;
    const text = (await disk.read(`${root}/${path}`))?.toString('utf8');
    if (text !== undefined && !text.includes('\0')) texts.set(path, text.replace(/^\uFEFF/, ''));
  }
  return texts;
}
