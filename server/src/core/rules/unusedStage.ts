import type { Rule } from '../rule.ts';

export const unusedStage: Rule = {
  id: 'unused-stage',
  severity: 'hint',
  category: 'stages',
  docs: {
    summary: 'The build does not need this stage',
    why: 'BuildKit runs only the stages that the target needs, through `FROM`, `COPY --from` and `RUN --mount=from=`. A stage that nothing names is never run, unless a build asks for it with `--target`.',
    fix: 'None: the stage may be the target of another build (tests, development).',
    ignore: 'When another build uses the stage as its `--target`.',
    bad: { dockerfile: 'FROM alpine:3.22 AS tools\nRUN mkdir /tools\n\nFROM alpine:3.22\nCOPY app /app\n' },
    good: {
      dockerfile:
        'FROM alpine:3.22 AS tools\nRUN mkdir /tools\n\nFROM alpine:3.22\nCOPY --from=tools /tools /tools\nCOPY app /app\n',
    },
    references: ['https://docs.docker.com/build/building/multi-stage/#stop-at-a-specific-build-stage'],
  },
  *check({ graph }) {
    for (const stage of graph.stages) {
      if (graph.reachable.has(stage) || !graph.target || stage.index > graph.target.index) continue;
      const name = stage.name ? `stage ${stage.name}` : `stage ${stage.index}`;
      yield {
        span: stage.from.span,
        unnecessary: true,
        message: `No stage that this build needs uses ${name}: BuildKit never runs it, unless --target asks for it.`,
      };
    }
  },
};
