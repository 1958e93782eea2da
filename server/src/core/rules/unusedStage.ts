import type { BuildGraph, Stage, Step } from '../build/graph.ts';
import { line } from '../prose.ts';
import type { Report, Rule } from '../rule.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import type { Span } from '../syntax/span.ts';

/** Letters to add, take away, change or swap to make one name of another; more than two are not counted. */
function distance(a: string, b: string): number {
  if (a === b) return 0;
  const swapped = [...a].some((_, at) => a.slice(0, at) + (a[at + 1] ?? '') + a[at] + a.slice(at + 2) === b);
  const changed = a.length === b.length && [...a].filter((letter, at) => letter !== b[at]).length === 1;
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  const added =
    long.length === short.length + 1 && [...long].some((_, at) => long.slice(0, at) + long.slice(at + 1) === short);
  return swapped || changed || added ? 1 : 2;
}

/** A `--from` of an image whose name is nearly the stage's. */
function misspelt({ stages }: BuildGraph, name: string): Step | undefined {
  return stages
    .flatMap(({ steps }) => steps)
    .find(
      ({ copy }) =>
        copy?.from?.kind === 'image' &&
        name.length > 3 &&
        distance(copy.from.ref.toLowerCase(), name.toLowerCase()) === 1,
    );
}

/** A text from which a tool makes Dockerfiles: which of its stages meet in one of them is not known. */
const isTemplate = ({ instructions }: Dockerfile): boolean =>
  instructions.some(({ keyword }) => !/^[A-Z]+$/.test(keyword));

/** From its FROM to its last instruction. */
const wholeStage = ({ from, steps }: Stage): Span => ({
  start: from.span.start,
  end: steps.findLast(({ fromOnbuild }) => !fromOnbuild)?.instruction.span.end ?? from.span.end,
});

function report(graph: BuildGraph, stage: Stage): Report | undefined {
  if (stage.name === undefined)
    return {
      span: wholeStage(stage),
      unnecessary: true,
      message:
        'No other stage uses this one, and it has no name by which --target could ask for it: BuildKit never runs it.',
    };
  const step = misspelt(graph, stage.name);
  if (step?.copy?.from?.kind !== 'image') return undefined;
  return {
    span: stage.nameSpan ?? stage.from.span,
    message: `No stage uses ${stage.name}. The ${step.keyword} on ${line(step.instruction)} takes its files from an image named ${step.copy.from.ref}: is this stage meant?`,
    related: [{ span: step.instruction.keywordSpan, message: `Copies from an image named ${step.copy.from.ref}.` }],
  };
}

export const unusedStage: Rule = {
  id: 'unused-stage',
  severity: 'hint',
  category: 'stages',
  docs: {
    summary: 'BuildKit never runs a stage that nothing uses',
    why: `BuildKit runs only the stages that the target needs, through \`FROM\`, \`COPY --from\` and \`RUN --mount=from=\`. A stage without a name that nothing refers to is dead text: most often a \`COPY --from\` was
forgotten, or the stage is a left-over. Stages with a name are not reported, as another build may ask for them with \`--target\` (tests, development, other variants), unless a \`--from\` misspells the name.`,
    fix: 'None: only you know whether the stage or a `COPY --from` is missing.',
    ignore: 'When a build asks for the stage by its number.',
    bad: { dockerfile: 'FROM alpine:3.22\nRUN mkdir /tools\n\nFROM alpine:3.22\nCOPY app /app\n', files: { app: '' } },
    good: {
      dockerfile:
        'FROM alpine:3.22 AS tools\nRUN mkdir /tools\n\nFROM alpine:3.22\nCOPY --from=tools /tools /tools\nCOPY app /app\n',
      files: { app: '' },
    },
    references: ['https://docs.docker.com/build/building/multi-stage/#stop-at-a-specific-build-stage'],
  },
  *check({ graph, dockerfile }) {
    if (isTemplate(dockerfile)) return;
    const used = new Set([...graph.sources.values()].flatMap((sources) => [...sources]));
    for (const stage of graph.stages.slice(0, -1)) {
      const found = used.has(stage) ? undefined : report(graph, stage);
      if (found) yield found;
    }
  },
};
