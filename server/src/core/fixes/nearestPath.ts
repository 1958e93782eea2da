import { folderOf } from '../context/path.ts';
import type { ContextSnapshot, Entry } from '../workspace.ts';

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

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
  return slip(context, path) ?? moved(context, path);
}

/** The same folder, and a name that is nearly the same. */
function slip({ entries }: ContextSnapshot, path: string): string | undefined {
  const parts = path.split('/');
  const near = ({ path: other }: Entry): boolean => {
    const others = other.split('/');
    if (others.length !== parts.length) return false;
    const wrong = parts.filter((part, at) => part !== others[at]);
    if (wrong.length !== 1) return other.toLowerCase() === path.toLowerCase();
    const [part = ''] = wrong;
    const found = others[parts.indexOf(part)] ?? '';
    if (part.toLowerCase() === found.toLowerCase()) return true;
    return isSlip(part, found);
  };
  const found = entries.filter(near);
  return found.length === 1 ? found[0]?.path : undefined;
}

/** Names that differ in a number are different on purpose. */
const isSlip = (a: string, b: string): boolean =>
  a.replace(/\d/g, '0') !== b.replace(/\d/g, '0') && editDistance(a, b, tolerance(a)) <= tolerance(a);

/** Names that many folders have say nothing. */
const common = /^(index|main|app|config|default|init|README|LICENSE|package|setup)\b/i;

function moved({ entries, get }: ContextSnapshot, path: string): string | undefined {
  const name = nameOf(path);
  // A folder that is not there is made before the build, or belongs to another context.
  if (path.includes('/') && !get(folderOf(path))) return undefined;
  if (!/.\.[A-Za-z]\w*$/.test(name) || common.test(name)) return undefined;
  const found = entries.filter(({ path: other, type }) => type === 'file' && nameOf(other) === name);
  return found.length === 1 && folderOf(found[0]?.path ?? '') !== folderOf(path) ? found[0]?.path : undefined;
}
