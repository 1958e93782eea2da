import type { Instruction } from '../syntax/dockerfile.ts';
import type { Binding, Lookup } from './expand.ts';
import type { Environment, Variable } from './graph.ts';

/**
 * The environment of a stage as BuildKit keeps it (EnvList in client/llb/meta.go): a list that only grows; a variable set again takes its new
 * place at the end. Each step holds the list's end of its time, so that nothing is copied.
 */
export interface EnvironmentList extends Environment {
  /** What expansion makes of a name. */
  readonly bind: Lookup;
  /** The environment as it enters a key: the variables in order, and where the variables of an image that is not known stand among them. */
  readonly key: string;
  readonly end: Entry | undefined;
}

interface Entry {
  readonly before: Entry | undefined;
  /** `arg-without-value`: declared only. `image`: all variables of an image that is not known, which `name` identifies. */
  readonly kind: 'variable' | 'arg-without-value' | 'image';
  readonly name: string;
  readonly variable: Variable | undefined;
}

export const emptyEnvironment: EnvironmentList = environmentAt(undefined);

export const withVariable = (environment: EnvironmentList, variable: Variable): EnvironmentList =>
  environmentAt({ before: environment.end, kind: 'variable', name: variable.name, variable });

/** An ARG that has no value: it sets nothing. */
export const withDeclaration = (environment: EnvironmentList, name: string): EnvironmentList =>
  environmentAt({ before: environment.end, kind: 'arg-without-value', name, variable: undefined });

/** The variables of an image of which only its identity is known. */
export const withUnknownImage = (environment: EnvironmentList, identity: string): EnvironmentList =>
  environmentAt({ before: environment.end, kind: 'image', name: identity, variable: undefined });

export function variableOf(
  name: string,
  { text, known }: { readonly text: string; readonly known: boolean },
  origin: Variable['origin'],
  declaredBy: Instruction | undefined,
): Variable {
  return { name, value: known ? text : undefined, text, origin, declaredBy };
}

function environmentAt(end: Entry | undefined): EnvironmentList {
  let effective: readonly Entry[] | undefined;
  const entries = () => {
    effective ??= effectiveEntries(end);
    return effective;
  };
  let variables: readonly Variable[] | undefined;
  let key: string | undefined;
  return {
    end,
    get variables() {
      variables ??= entries().flatMap(({ variable }) => variable ?? []);
      return variables;
    },
    get key() {
      key ??= JSON.stringify(entries().map(keyOf));
      return key;
    },
    lookup: (name) => find(end, (entry) => entry.kind === 'variable' && entry.name === name)?.variable,
    bind: (name) => bindingOf(end, name),
  };
}

const keyOf = ({ kind, name, variable }: Entry): readonly string[] =>
  kind === 'image' ? [name] : [name, variable?.text ?? '', variable?.value === undefined ? '?' : ''];

function find(end: Entry | undefined, matches: (entry: Entry) => boolean): Entry | undefined {
  for (let entry = end; entry; entry = entry.before) if (matches(entry)) return entry;
  return undefined;
}

/** Oldest first; of each name only the newest entry. */
function effectiveEntries(end: Entry | undefined): Entry[] {
  const seen = new Set<string>();
  const entries: Entry[] = [];
  for (let entry = end; entry; entry = entry.before) {
    const id = entry.kind === 'image' ? `image ${entry.name}` : entry.name;
    if (entry.kind === 'arg-without-value' || seen.has(id)) continue;
    seen.add(id);
    entries.push(entry);
  }
  return entries.reverse();
}

function bindingOf(end: Entry | undefined, name: string): Binding {
  if (name === '') return 'unset';
  let declared = false;
  for (let entry = end; entry; entry = entry.before) {
    if (entry.kind === 'image') return declared ? 'argument' : 'open';
    if (entry.name !== name) continue;
    if (entry.variable) return { text: entry.variable.text, known: entry.variable.value !== undefined };
    declared = true;
  }
  return 'unset';
}
