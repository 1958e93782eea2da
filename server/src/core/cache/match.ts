import { sameContent, sameSelectors } from './contents.ts';
import type { ContentInput, Vertex } from './definition.ts';
import { literalOutput } from './literalOutput.ts';
import type { Model } from './model.ts';

/**
 * Which results of the build before an operation may take instead of running, by number. `certain`: its key is one of theirs. `possible`: it is if
 * other stages' files, which nothing but running them can tell, come out the same.
 */
export interface Match {
  readonly certain: ReadonlySet<number>;
  readonly possible: ReadonlySet<number>;
}

/** The operations of a build, numbered by key: identical chains in two stages have one number. */
export interface Numbered {
  readonly model: Model;
  number(vertex: Vertex | undefined): number;
  like(vertex: Vertex): readonly Vertex[];
}

/** Number of the empty file system. */
const nothing = -1;

/** @param vertices parents and sources before their children. */
export function numbered(model: Model, vertices: readonly Vertex[]): Numbered {
  const numbers = new Map<Vertex, number>();
  const alike = new Map<string, Vertex[]>();
  const number = (vertex: Vertex | undefined) => (vertex ? (numbers.get(vertex) ?? nothing) : nothing);
  const add = (vertex: Vertex) => {
    if (numbers.has(vertex)) return;
    const others = alike.get(vertex.definition.text) ?? [];
    const twin = others.find((other) => sameInputs(model, other, vertex, number));
    numbers.set(vertex, twin ? number(twin) : numbers.size);
    if (!twin) alike.set(vertex.definition.text, [...others, vertex]);
  };
  for (const vertex of vertices) {
    for (const input of inputsOf(vertex)) if (input && !input.step) add(input);
    add(vertex);
  }
  return { model, number, like: (vertex) => alike.get(vertex.definition.text) ?? [] };
}

/** What a vertex stands on and reads from. */
export const inputsOf = ({ parents, contents }: Vertex): (Vertex | undefined)[] => [
  ...parents,
  ...contents.flatMap(({ source }) => (source.kind === 'vertex' ? source.vertex : [])),
];

const sameInputs = (model: Model, a: Vertex, b: Vertex, number: (vertex: Vertex | undefined) => number): boolean =>
  a.parents.every((parent, at) => number(parent) === number(b.parents[at])) &&
  a.contents.length === b.contents.length &&
  a.contents.every((content, at) => {
    const other = b.contents[at];
    if (!other || !sameSelectors(content, other)) return false;
    if (content.source.kind !== 'vertex' || other.source.kind !== 'vertex')
      return sameContent(model, content, model, other);
    return number(content.source.vertex) === number(other.source.vertex);
  });

type Likeness = 'same' | 'unknown' | 'other';

/** Finds each vertex's match; asks for a vertex's parents and sources first. */
export function matcher(before: Numbered, after: Model): (vertex: Vertex | undefined) => Match {
  const known = new Map<Vertex, Match>();
  const match = (vertex: Vertex | undefined): Match => {
    if (!vertex) return { certain: new Set([nothing]), possible: new Set() };
    const found = known.get(vertex) ?? compute(vertex);
    known.set(vertex, found);
    return found;
  };
  const compute = (vertex: Vertex): Match => {
    const certain = new Set<number>();
    const possible = new Set<number>();
    if (vertex.folder !== undefined && before.model !== after) return { certain, possible };
    for (const candidate of before.like(vertex)) {
      const likeness = worst(likenesses(before, candidate, after, vertex, match));
      if (likeness === 'same') certain.add(before.number(candidate));
      if (likeness === 'unknown') possible.add(before.number(candidate));
    }
    return { certain, possible };
  };
  return match;
}

function worst(likenesses: Iterable<Likeness>): Likeness {
  let result: Likeness = 'same';
  for (const likeness of likenesses) {
    if (likeness === 'other') return 'other';
    if (likeness === 'unknown') result = 'unknown';
  }
  return result;
}

type Find = (vertex: Vertex | undefined) => Match;

/** Parents first: a file is digested only where the rest fits. */
function* likenesses(before: Numbered, old: Vertex, after: Model, vertex: Vertex, find: Find): Generator<Likeness> {
  for (const [at, parent] of vertex.parents.entries()) {
    const likeness = inMatch(find(parent), before.number(old.parents[at]));
    // A mount of the very file system that a RUN stands on makes that count by content (getMountDeps in ops/exec.go).
    yield likeness === 'other' && readsParent(vertex) && readsParent(old) ? 'unknown' : likeness;
  }
  if (vertex.contents.length !== old.contents.length) yield 'other';
  for (const [at, content] of vertex.contents.entries()) {
    const other = old.contents[at];
    if (other) yield contentLikeness(before, other, after, content, find);
  }
}

function inMatch({ certain, possible }: Match, number: number): Likeness {
  if (certain.has(number)) return 'same';
  return possible.has(number) ? 'unknown' : 'other';
}

const readsParent = ({ parents, contents }: Vertex): boolean =>
  parents[0] !== undefined && contents.some(({ source }) => source.kind === 'vertex' && source.vertex === parents[0]);

/** Whether two paths of one file system are known to hold the same: a script wrote both word by word. Others are taken for different files. */
function sameLiterals(old: ContentInput, content: ContentInput): boolean {
  const [was, is] = [old, content].map(({ source, selectors: [selector, ...more] }) =>
    source.kind === 'vertex' && selector && more.length === 0 && selector.exclude.length === 0
      ? literalOutput(source.vertex, selector.path)
      : undefined,
  );
  return was !== undefined && was === is;
}

function contentLikeness(
  before: Numbered,
  old: ContentInput,
  after: Model,
  content: ContentInput,
  find: Find,
): Likeness {
  if (old.source.kind === 'vertex' && content.source.kind === 'vertex') {
    if (!find(content.source.vertex).certain.has(before.number(old.source.vertex))) return 'unknown';
    return sameSelectors(old, content) || sameLiterals(old, content) ? 'same' : 'other';
  }
  // The context on one side and a stage on the other: the same bytes may come from both.
  if (old.source.kind === 'vertex' || content.source.kind === 'vertex') return 'unknown';
  return sameContent(before.model, old, after, content) ? 'same' : 'other';
}
