import type { Step } from '../build/graph.ts';
import type { Vertex } from './definition.ts';
import { matcher, type Numbered } from './match.ts';

/** An earlier step of the same build that does the same to the same file system. */
export interface Twin {
  readonly step: Step;
  /** Whether what both read is known to be the same; otherwise it may be. */
  readonly certain: boolean;
}

/**
 * BuildKit looks for a result by the content of what an operation reads while the build goes on, so that of two that turn out alike only one is
 * executed (`getEdge` in solver/scheduler.go merges them). Which one comes first is not certain: it is taken to be the one that is written first.
 */
export function twinsOf(own: Numbered, vertices: readonly Vertex[]): (vertex: Vertex) => Twin | undefined {
  const order = new Map(vertices.map((vertex, index) => [vertex, index]));
  const placeOf = (vertex: Vertex): number => order.get(vertex) ?? -1;
  const like = (vertex: Vertex) => own.like(vertex).filter((other) => placeOf(other) <= placeOf(vertex));
  const match = matcher({ ...own, like }, own.model);
  return (vertex) => {
    if (own.like(vertex).length < 2) return undefined;
    const { certain, possible } = match(vertex);
    const [known, open] = [certain, possible].map((numbers) =>
      like(vertex).find((other) => own.number(other) !== own.number(vertex) && numbers.has(own.number(other))),
    );
    const step = (known ?? open)?.step;
    return step && { step, certain: known !== undefined };
  };
}
