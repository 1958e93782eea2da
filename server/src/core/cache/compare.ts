import { becauseOf } from './because.ts';
import type { Vertex } from './definition.ts';
import { type Match, matcher, numbered } from './match.ts';
import type { Model, Outcome, StepOutcome } from './model.ts';
import { type StepVertices, verticesOf } from './vertices.ts';

/** What building `after` does when `before` is what was built last: the steps of `after` in file order. */
export function compareBuilds(before: Model, after: Model): StepOutcome[] {
  const built = verticesOf(before);
  const wanted = verticesOf(after);
  const match = matcher(numbered(before, built.flatMap(halves)), after);
  const outcome = (vertex: Vertex | undefined): Outcome => outcomeOf(match(vertex));
  const because = becauseOf({ before, after, built, wanted, outcome });
  return wanted.map((vertices) => ({
    step: vertices.step,
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
