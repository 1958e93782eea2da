import type { Instruction } from '../syntax/dockerfile.ts';
import type { Binding, Expanded, Lookup } from './expand.ts';
import type { Environment, Variable } from './graph.ts';

/** The variables of an image's configuration: those of its base and its ENVs, not its ARGs. */
export interface ImageEnvironment {
  /** Identifies the base image where its variables are not known: they stand before the others. */
  readonly unknownImage: string | undefined;
  /** A variable set again keeps its first place and takes its last value. */
  readonly variables: ReadonlyMap<string, Variable>;
}

/** What one instruction or one base image adds. `declared`: the name of an ARG without a value, which sets nothing. */
type Addition =
  | { readonly kind: 'variable'; readonly variable: Variable }
  | { readonly kind: 'declared'; readonly name: string }
  | { readonly kind: 'image'; readonly image: ImageEnvironment };

/**
 * The environment of a stage as BuildKit keeps it (EnvList in client/llb/meta.go): a list that only grows; a variable set again takes its new
 * place at the end. Each step holds the list's end of its time, so that nothing is copied. A class for the sake of its lazy members: there
 * is one for each ENV and ARG of a file.
 */
export class EnvironmentList implements Environment {
  static readonly empty = new EnvironmentList(undefined, undefined);
  private ordered: readonly (Variable | string)[] | undefined;
  private keyText: string | undefined;

  private constructor(
    private readonly before: EnvironmentList | undefined,
    private readonly added: Addition | undefined,
  ) {}

  withVariable(variable: Variable): EnvironmentList {
    return new EnvironmentList(this, { kind: 'variable', variable });
  }

  withDeclaration(name: string): EnvironmentList {
    return new EnvironmentList(this, { kind: 'declared', name });
  }

  /** BuildKit sets an image's variables at the start of each stage: behind inherited ARGs, over which they win. */
  withImage(image: ImageEnvironment): EnvironmentList {
    return new EnvironmentList(this, { kind: 'image', image });
  }

  /** What was set since an earlier state of the list, oldest first. */
  variablesSince(earlier: EnvironmentList): Variable[] {
    const found: Variable[] = [];
    for (let list: EnvironmentList | undefined = this; list && list !== earlier; list = list.before)
      if (list.added?.kind === 'variable') found.push(list.added.variable);
    return found.reverse();
  }

  get variables(): readonly Variable[] {
    return this.effective().filter((item) => typeof item !== 'string');
  }

  get key(): string {
    this.keyText ??= JSON.stringify(this.effective().map(keyOf));
    return this.keyText;
  }

  lookup(name: string): Variable | undefined {
    for (let list: EnvironmentList | undefined = this; list; list = list.before) {
      const found = variableIn(list.added, name);
      if (found) return found;
    }
    return undefined;
  }

  /** What expansion makes of a name. */
  get bind(): Lookup {
    return (name) => this.bindingOf(name);
  }

  private bindingOf(name: string): Binding {
    let declared = false;
    for (let list: EnvironmentList | undefined = this; list && name !== ''; list = list.before) {
      const { added } = list;
      const found = variableIn(added, name);
      if (found) return { text: found.text, known: found.value !== undefined };
      if (added?.kind === 'declared' && added.name === name) declared = true;
      if (added?.kind === 'image' && added.image.unknownImage !== undefined) return declared ? 'argument' : 'open';
    }
    return 'unset';
  }

  /** Variables, and the identities of images that are not known where their variables stand; oldest first, of each only the newest. */
  private effective(): readonly (Variable | string)[] {
    this.ordered ??= newestOfEach(this.backwards());
    return this.ordered;
  }

  private *backwards(): Generator<Variable | string> {
    for (let list: EnvironmentList | undefined = this; list; list = list.before) {
      if (list.added?.kind === 'variable') yield list.added.variable;
      if (list.added?.kind !== 'image') continue;
      const { variables, unknownImage } = list.added.image;
      yield* [...variables.values()].reverse();
      if (unknownImage !== undefined) yield unknownImage;
    }
  }
}

export const variableOf = (
  name: string,
  { text, known }: Expanded,
  origin: Variable['origin'],
  declaredBy: Instruction | undefined,
): Variable => ({ name, value: known ? text : undefined, text, origin, declaredBy });

function variableIn(added: Addition | undefined, name: string): Variable | undefined {
  if (added?.kind === 'variable') return added.variable.name === name ? added.variable : undefined;
  return added?.kind === 'image' ? added.image.variables.get(name) : undefined;
}

function newestOfEach(backwards: Iterable<Variable | string>): (Variable | string)[] {
  const newest = new Map<string, Variable | string>();
  for (const item of backwards) {
    const id = typeof item === 'string' ? `image ${item}` : item.name;
    if (!newest.has(id)) newest.set(id, item);
  }
  return [...newest.values()].reverse();
}

const keyOf = (item: Variable | string): readonly string[] =>
  typeof item === 'string' ? [item] : [item.name, item.text, item.value === undefined ? '?' : ''];
