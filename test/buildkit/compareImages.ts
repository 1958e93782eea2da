import { createHash } from 'node:crypto';
import type { Configuration } from './engine.ts';
import type { TarEntry } from './tar.ts';

/** What two images may differ in. */
export interface Allowance {
  /** Absolute paths that may differ with all that is below, caches for instance. */
  readonly ignore?: readonly string[];
  /** Cache mounts that only the second image was built with: what is below their targets is in the first one alone. */
  readonly mounts?: readonly string[];
  /** The only absolute paths that count, with all that is below. */
  readonly only?: readonly string[];
}

/** One line for each file that differs in anything but its times. */
export function differencesOf(
  before: readonly TarEntry[],
  after: readonly TarEntry[],
  { ignore = [], mounts = [], only }: Allowance = {},
): string[] {
  const old = described(before, ignore);
  const mended = described(after, ignore);
  const counts = (path: string) => only?.some((each) => `/${path}/`.startsWith(`${each}/`)) ?? true;
  const paths = [...new Set([...old.keys(), ...mended.keys()])].filter(counts).sort();
  return paths.flatMap((path) => {
    const [was, is] = [old.get(path), mended.get(path)];
    if (was === is || mounts.some((target) => isOfMount(target, `/${path}`, was, is))) return [];
    return [`/${path}: ${was ?? 'not there'} → ${is ?? 'not there'}`];
  });
}

/** A mount keeps what is below it out of the image, and the folders that are there only for it. */
function isOfMount(target: string, path: string, was: string | undefined, is: string | undefined): boolean {
  if (path.startsWith(`${target}/`)) return is === undefined;
  return `${target}/`.startsWith(`${path}/`) && is === undefined && was?.startsWith('directory ') === true;
}

/** Without the folders that keep the two builds apart. */
function described(entries: readonly TarEntry[], ignore: readonly string[]): Map<string, string> {
  const left = ignore.map((path) => path.replace(/^\/+|\/+$/g, ''));
  const counts = ({ path }: TarEntry) =>
    !/^\.[ef]\d+-\d+$/.test(path) && !left.some((folder) => path === folder || path.startsWith(`${folder}/`));
  return new Map(entries.filter(counts).map((entry) => [entry.path, describe(entry)]));
}

const describe = ({ type, mode, uid, gid, target, content }: TarEntry): string =>
  [type, mode.toString(8), `${uid}:${gid}`, target, contentText(content)].filter((part) => part !== '').join(' ');

/** Short texts as they are, so that a difference explains itself. */
function contentText(content: Buffer): string {
  if (content.length === 0) return '';
  return content.length <= 200
    ? JSON.stringify(content.toString())
    : createHash('sha256').update(content).digest('hex');
}

/** Fields of the container in which the classic builder ran the last step, and of the builder itself. */
const ofBuilder = new Set(['Hostname', 'Domainname', 'Image', 'AttachStdin', 'AttachStdout', 'AttachStderr']);

/**
 * One line for each field in which two images' configurations differ. Variables in another order are the same; those that do not count are left
 * out.
 */
export function configurationDifferences(
  before: Configuration = {},
  after: Configuration = {},
  counts: (variable: string) => boolean = () => true,
): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !ofBuilder.has(name));
  const textOf = (name: string, value: unknown): string =>
    JSON.stringify(name === 'Env' && Array.isArray(value) ? variablesOf(value, counts) : inOrder(value));
  return names.flatMap((name) => {
    const [was, is] = [before, after].map((each) => textOf(name, each[name]));
    return was === is ? [] : [`${name} of the configuration: ${was} → ${is}`];
  });
}

const variablesOf = (pairs: readonly string[], counts: (variable: string) => boolean): string[] =>
  pairs.filter((pair) => counts(pair.slice(0, pair.indexOf('=')))).sort();

/** Labels and volumes are maps; a command is a list, whose order counts. */
function inOrder(value: unknown): unknown {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isMap ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)) : (value ?? null);
}
