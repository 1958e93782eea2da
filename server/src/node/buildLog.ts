import { loggedSteps } from '../core/cache/buildLog.ts';
import type { BuildLog } from '../core/workspace.ts';
import type { Disk } from './disk.ts';

/** Where the log of a build lies. */
export interface LogPlace {
  /** As the user wrote it. */
  readonly name: string;
  /** Absolute. */
  readonly file: string;
}

/** The output of a long build with all that its tools say is some megabytes. */
const mostBytes = 16_000_000;

/** PowerShell's `>` writes UTF-16, with a byte order mark. */
const decode = (bytes: Buffer): string =>
  bytes.toString(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf16le' : 'utf8').replace(/^\uFEFF/, '');

/** @returns the log, or as a clause why there is none. Never rejects. */
export async function readBuildLog(disk: Disk, { name, file }: LogPlace): Promise<BuildLog | string> {
  const found = await disk.stat((await disk.realPath(file)) ?? file);
  if (!found) return 'there is no such file';
  if (!found.isFile()) return 'it is not a regular file';
  if (found.size > mostBytes) return `it is larger than ${mostBytes / 1e6} MB`;
  const bytes = await disk.read(file);
  if (!bytes) return 'it cannot be read';
  const steps = loggedSteps(decode(bytes));
  return steps.length > 0 ? { name, steps } : 'it has no step that ran, as docker build --progress=plain prints them';
}
