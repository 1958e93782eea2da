import { endOfFolder, indexOf } from '../context/listing.ts';
import { byName } from '../context/names.ts';
import { folderOf } from '../context/path.ts';
import { perObject } from '../syntax/memo.ts';
import { baseName } from '../syntax/path.ts';
import type { ContextSnapshot } from '../workspace.ts';

/** How many letters differ, are missing, too many or swapped; more than `most` count as one more. */
export function editDistance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : replaced;
      row.push(Math.min(replaced, swapped, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** So many letters of a name may be wrong: few of a short one, whose ending tells nothing. */
function tolerance(name: string): number {
  const { length } = name.replace(/(?<=.)\.\w+$/, '');
  return length < 4 ? 0 : length < 8 ? 1 : 2;
}

/**
 * The path of the context that somebody meant who wrote one that is not there: another case, a slip in one of its parts, or a file of the
 * same name in the one other folder that has it.
 */
export function nearestPath(context: ContextSnapshot, path: string): string | undefined {
  const ofContext = known(context);
  if (!ofContext.has(path) && ofContext.size < most) ofContext.set(path, slip(context, path) ?? moved(context, path));
  return ofContext.get(path);
}

const known = perObject((_: ContextSnapshot) => new Map<string, string | undefined>());

/** More wrong paths than somebody types in one sitting. */
const most = 300;

/** Another case, another name in the same folder, or the same name in a folder that is called nearly the same. */
function slip(context: ContextSnapshot, path: string): string | undefined {
  const candidates = new Set([
    ...(lowerCase(context).get(path.toLowerCase()) ?? []),
    ...inFolder(context, folderOf(path)),
    ...(byName(context).get(baseName(path)) ?? []).filter((other) => context.get(other)),
  ]);
  const found = [...candidates].filter((other) => isNear(path, other));
  return found.length === 1 ? found[0] : undefined;
}

const lowerCase = perObject((context: ContextSnapshot): ReadonlyMap<string, readonly string[]> => {
  const paths = new Map<string, string[]>();
  for (const { path } of context.entries) {
    const key = path.toLowerCase();
    const same = paths.get(key);
    if (same) same.push(path);
    else paths.set(key, [path]);
  }
  return paths;
});

/** More files than this are no folder in which somebody means a certain one. */
const mostFiles = 2000;

function* inFolder({ entries }: ContextSnapshot, folder: string): Generator<string> {
  const start = folder === '' ? -1 : indexOf(entries, folder);
  if (folder !== '' && start < 0) return;
  const end = endOfFolder(entries, start);
  let count = 0;
  for (let index = start + 1; index < end && count < mostFiles; count++) {
    const entry = entries[index];
    if (!entry) return;
    yield entry.path;
    index = entry.type === 'directory' ? endOfFolder(entries, index) : index + 1;
  }
}

function isNear(path: string, other: string): boolean {
  if (path.toLowerCase() === other.toLowerCase()) return true;
  const parts = path.split('/');
  const others = other.split('/');
  if (others.length !== parts.length) return false;
  const [wrong, ...more] = [...parts.keys()].filter((at) => parts[at] !== others[at]);
  return wrong !== undefined && more.length === 0 && isSlip(parts[wrong] ?? '', others[wrong] ?? '');
}

/** Names that differ in a number are different on purpose. */
const isSlip = (a: string, b: string): boolean =>
  (a[0] === b[0] || a.at(-1) === b.at(-1)) &&
  a.replace(/\d/g, '0') !== b.replace(/\d/g, '0') &&
  editDistance(a, b, tolerance(a)) <= tolerance(a);

/** Names that many folders have say nothing. */
const common = /^(index|main|app|config|default|init|README|LICENSE|package|setup)\b/i;

function moved(context: ContextSnapshot, path: string): string | undefined {
  const name = baseName(path);
  // A folder that is not there is made before the build, or belongs to another context.
  if (path.includes('/') && !context.get(folderOf(path))) return undefined;
  if (!/.\.[A-Za-z]\w*$/.test(name) || common.test(name)) return undefined;
  const found = (byName(context).get(name) ?? []).filter((other) => context.get(other)?.type === 'file');
  return found.length === 1 && folderOf(found[0] ?? '') !== folderOf(path) ? found[0] : undefined;
}
