import { at, isTable, type Table, tableAt } from '../managers/documents.ts';

/** More images than these nobody builds in one job. */
const mostCombinations = 60;

/**
 * The combinations of a job's `strategy.matrix`; one empty one where it has none, or one that only a run can tell.
 * https://docs.github.com/actions/how-tos/write-workflows/choose-what-workflows-do/run-job-variations
 */
export function matrixOf(job: unknown): Table[] {
  const { include, exclude, ...lists } = tableAt(job, 'strategy', 'matrix');
  let found: Table[] = [{}];
  for (const [name, values] of Object.entries(lists))
    if (Array.isArray(values)) {
      const some: unknown[] = values.slice(0, Math.ceil(mostCombinations / found.length));
      found = found.flatMap((each) => some.map((value) => ({ ...each, [name]: value })));
    }
  const isExcluded = (each: Table): boolean =>
    tablesIn(exclude).some((other) => Object.keys(other).every((name) => isSame(each[name], other[name])));
  return included(
    found.filter((each) => !isExcluded(each)),
    tablesIn(include),
    Object.keys(lists),
  ).slice(0, mostCombinations);
}

const tablesIn = (value: unknown): Table[] => (Array.isArray(value) ? value.filter(isTable) : []);

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** An `include` goes into all combinations whose values it leaves as they are, and is one of its own where there is none. */
function included(combinations: readonly Table[], include: readonly Table[], names: readonly string[]): Table[] {
  let all = combinations.filter((each) => names.length > 0 || Object.keys(each).length > 0);
  const added: Table[] = [];
  for (const entry of include) {
    const fits = (each: Table): boolean =>
      names.every((name) => !Object.hasOwn(entry, name) || isSame(each[name], entry[name]));
    if (all.some(fits)) all = all.map((each) => (fits(each) ? { ...each, ...entry } : each));
    else added.push(entry);
  }
  const found = [...all, ...added];
  return found.length > 0 ? found : [{}];
}

/** No path or version is longer. */
const longest = 200;

const expression = /\$\{\{\s*matrix\.([\w.-]+)\s*\}\}/g;

/** The value with what a combination says for `${{ matrix.x.y }}`; what it does not say stays as it is written. */
export function filled(value: unknown, combination: Table): unknown {
  if (typeof value === 'string')
    return value.replace(expression, (written: string, path: string) => {
      const said = at(combination, ...path.split('.'));
      return typeof said === 'number' || (typeof said === 'string' && said.length < longest) ? String(said) : written;
    });
  if (Array.isArray(value)) return value.map((item: unknown) => filled(item, combination));
  if (!isTable(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, filled(item, combination)]));
}

/** Whether a value asks the matrix anything. */
export const asksMatrix = (value: unknown): boolean => (JSON.stringify(value) ?? '').search(expression) >= 0;
