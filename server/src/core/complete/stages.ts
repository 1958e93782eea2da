import type { Proposals, Typing } from '../complete.ts';
import { brief, line } from '../prose.ts';

/** Stages that a FROM, a `--from` or a mount can name: those before this one. */
export function earlierStages({ analysis, instruction, offset }: Typing, written: string): Proposals {
  const stages = analysis.graph.stages.filter(({ from }) => from.span.start < instruction.span.start);
  const own = stages.findLast(({ from }) => from.span.start < instruction.span.start);
  const usable = instruction.keyword === 'FROM' ? stages : stages.filter((stage) => stage !== own);
  return {
    span: { start: offset - written.length, end: offset },
    items: usable.flatMap(({ name, index, from }) =>
      name === undefined
        ? []
        : [
            {
              label: name,
              kind: 'stage' as const,
              detail: `${brief(from)} on ${line(from)}`,
              newText: name,
              // The nearest one first: it is what people build on.
              order: String(10_000 - index).padStart(5, '0'),
            },
          ],
    ),
    truncated: false,
  };
}
