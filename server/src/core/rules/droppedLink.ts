import type { Rule } from '../rule.ts';

export const droppedLink: Rule = {
  id: 'dropped-link',
  severity: 'information',
  category: 'stages',
  docs: {
    summary: '`--link` has no effect together with `--chmod`',
    why: '`COPY --link` makes a layer that does not depend on what is before it: it stays cached when the base image or an earlier step changes. Together with `--chmod` the layer is made like that of a plain `COPY`, and runs again with every step before it.',
    fix: 'None: set the mode in the source, in the stage that builds it, or give up `--link`.',
    ignore: 'When the layer is cheap.',
    bad: {
      dockerfile: 'FROM alpine:3.22\nRUN adduser -D app\nCOPY --link --chmod=755 run.sh /usr/local/bin/run\n',
      files: { 'run.sh': '#!/bin/sh\n' },
    },
    good: {
      dockerfile: 'FROM alpine:3.22\nRUN adduser -D app\nCOPY --link run.sh /usr/local/bin/run\n',
      files: { 'run.sh': '#!/bin/sh\n' },
    },
    references: ['https://docs.docker.com/reference/dockerfile/#copy---link'],
  },
  *check({ graph }) {
    for (const stage of graph.reachable)
      for (const { copy, instruction, fromOnbuild } of stage.steps) {
        const flag = instruction.flags.find(({ name }) => name === 'link');
        if (!copy?.link || copy.chmod === undefined || !flag || fromOnbuild) continue;
        yield {
          span: flag.span,
          message:
            '--chmod makes BuildKit ignore --link: this layer depends on all steps before it again. Set the mode in the source instead, or drop --link.',
        };
      }
  },
};
