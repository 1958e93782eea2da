import { isTable, parseJson, type Table, tableAt } from '../managers/documents.ts';
import type { WrittenBuild } from './declared.ts';
import { type HclObject, type HclValue, parseHcl } from './hcl.ts';

type Targets = ReadonlyMap<string, HclObject>;

/** The targets of a bake file: https://docs.docker.com/build/bake/reference/ */
export function bakeBuilds(text: string, file: string): WrittenBuild[] {
  const bake = file.endsWith('.json') ? fromJson(text) : fromHcl(text);
  const { targets, variables } = bake;
  const known = new Map<string, HclObject>();
  const bases = new Set([...targets.values()].flatMap((target) => strings(target.get('inherits'), variables)));
  const isPartial = /\.override\.\w+$/.test(file);
  return [...targets].flatMap(([name, own]) => {
    const target = inherited(bake, name, known);
    const isBase = bases.has(name) && !own.has('context') && !own.has('dockerfile');
    if (isBase || target.has('dockerfile-inline') || (isPartial && !target.has('context'))) return [];
    return combinations(target, variables).flatMap((all) => targetBuilds(name, target, all));
  });
}

function targetBuilds(name: string, target: HclObject, variables: HclObject): WrittenBuild[] {
  const context = evaluated(target.has('context') ? target.get('context') : '.', variables);
  const dockerfile = evaluated(target.has('dockerfile') ? target.get('dockerfile') : 'Dockerfile', variables);
  if (context === undefined || dockerfile === undefined) return [];
  const args = entries(target.get('args')).map(([key, value]) => [key, evaluated(value, variables, true)] as const);
  const named = entries(target.get('contexts')).flatMap(([key]) => evaluated(key, variables) ?? []);
  const stage = evaluated(target.get('target'), variables);
  const clause = `context of target ${name}`;
  return [{ context, dockerfile, dockerfileFrom: 'context', target: stage, args: new Map(args), named, clause }];
}

/** More targets than these nobody makes of one. */
const mostCombinations = 100;

/** The variables of each target that a matrix makes; `item.name` where an item is an object. */
function combinations(target: HclObject, variables: HclObject): HclObject[] {
  let found: HclObject[] = [variables];
  for (const [name, written] of entries(target.get('matrix'))) {
    const values = typeof written === 'string' ? variables.get(/^\$\{([^}]*)\}$/.exec(written)?.[1] ?? '') : written;
    if (!Array.isArray(values)) return [];
    const some = values.slice(0, Math.ceil(mostCombinations / found.length));
    found = found.flatMap((known) => some.map((value: HclValue) => new Map([...known, ...valuesOf(name, value)])));
  }
  return found;
}

const valuesOf = (name: string, value: HclValue): [string, HclValue][] =>
  value instanceof Map ? [...value].map(([key, each]) => [`${name}.${key}`, each]) : [[name, value]];

interface BakeFile {
  readonly targets: Targets;
  /** Their defaults. */
  readonly variables: HclObject;
}

function fromHcl(text: string): BakeFile {
  const blocks = parseHcl(text);
  const bodies = (type: string) =>
    blocks.filter((block) => block.type === type).map(({ labels, body }) => [labels[0] ?? '', body] as const);
  const variables = bodies('variable').map(([name, body]) => [name, body.get('default') ?? null] as const);
  return { targets: new Map(bodies('target')), variables: new Map(variables) };
}

function fromJson(text: string): BakeFile {
  const file = parseJson(text);
  const objects = (table: Table): [string, HclObject][] =>
    Object.entries(table).map(([name, value]) => [name, isTable(value) ? toObject(value, 0) : new Map()]);
  const variables = objects(tableAt(file, 'variable')).map(
    ([name, body]) => [name, body.get('default') ?? null] as const,
  );
  return { targets: new Map(objects(tableAt(file, 'target'))), variables: new Map(variables) };
}

const toObject = (table: Table, depth: number): HclObject =>
  new Map(Object.entries(table).map(([name, value]) => [name, toValue(value, depth + 1)]));

function toValue(value: unknown, depth: number): HclValue {
  if (Array.isArray(value)) return depth < 5 ? value.map((item) => toValue(item, depth + 1)) : null;
  if (isTable(value)) return depth < 5 ? toObject(value, depth) : null;
  return value === null || value === undefined ? null : String(value);
}

/** A target with what it inherits: later parents win over earlier ones, its own over all; arguments and contexts are merged. */
function inherited({ targets, variables }: BakeFile, name: string, known: Map<string, HclObject>): HclObject {
  const found = known.get(name);
  if (found) return found;
  // Whoever inherits from itself finds nothing there.
  known.set(name, new Map());
  const own = targets.get(name) ?? new Map();
  const parents = strings(own.get('inherits'), variables).slice(0, mostParents);
  const result = new Map<string, HclValue>();
  for (const each of [...parents.map((parent) => inherited({ targets, variables }, parent, known)), own])
    for (const [key, value] of each) {
      const before = result.get(key);
      result.set(key, before instanceof Map && value instanceof Map ? new Map([...before, ...value]) : value);
    }
  known.set(name, result);
  return result;
}

const mostParents = 20;

const entries = (value: HclValue | undefined): [string, HclValue][] => (value instanceof Map ? [...value] : []);

const strings = (value: HclValue | undefined, variables: HclObject): string[] =>
  Array.isArray(value) ? value.flatMap((item: HclValue) => evaluated(item, variables) ?? []) : [];

/** A string with the defaults of its variables; undefined where one has none. `literal`: with no variable at all. */
function evaluated(value: HclValue | undefined, variables: HclObject, literal = false): string | undefined {
  if (typeof value !== 'string') return undefined;
  let known = !(literal && value.includes('${'));
  const text = value.replace(/\$\{([^}]*)\}?/g, (_, name: string) => {
    const found = variables.get(name.trim());
    if (typeof found !== 'string' || found.includes('${')) known = false;
    return typeof found === 'string' ? found : '';
  });
  return known ? text : undefined;
}
