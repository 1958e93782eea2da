import { becauseOf } from './because.ts';
import type { Vertex } from './definition.ts';
import { type Match, matcher, numbered } from './match.ts';
import type { Model, Outcome, StepOutcome } from './model.ts';
import { type Twin, twinsOf } from './twins.ts';
import { type StepVertices, verticesOf } from './vertices.ts';

/** What building `after` does when `before` is what was built last: the steps of `after` in file order. */
export function compareBuilds(before: Model, after: Model): StepOutcome[] {
  const built = verticesOf(before);
  const wanted = verticesOf(after);
  const match = matcher(numbered(before, built.flatMap(halves)), after);
  const own = wanted.flatMap(halves);
  let find: ReturnType<typeof twinsOf> | undefined;
  const twin = (vertex: Vertex | undefined): Twin | undefined => {
    if (!vertex || outcomeOf(match(vertex)) !== 'runs') return undefined;
    find ??= twinsOf(numbered(after, own), own);
    return find(vertex);
  };
  const outcome = (vertex: Vertex | undefined): Outcome => {
    const found = twin(vertex);
    return found ? (found.certain ? 'cached' : 'depends') : outcomeOf(match(vertex));
  };
  const because = becauseOf({ before, after, built, wanted, outcome, twin });
  return wanted.map((vertices) => ({
    step: vertices.step,
    twin: twin(vertices.main)?.step,
    outcome: outcome(vertices.main),
    because: because(vertices.main),
    link: vertices.link && { outcome: outcome(vertices.link), because: because(vertices.link) },
  }));
}

const halves = ({ main, link }: StepVertices): Vertex[] => (link ? [main, link] : [main]);

function outcomeOf({ certain, possible }: Match): Outcome {
  if (certain.size > 0) return 'cached';
  return possible.size > 0 ? 'depends' : 'runs';
}
