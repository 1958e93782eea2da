import type { Step } from '../build/graph.ts';
import { linkedFolder, mergesLinks } from '../cache/link.ts';
import { destinationOf } from '../cache/placement.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

function report({ config }: RuleContext, step: Step): Report | undefined {
  const flag = step.instruction.flags.find(({ name }) => name === 'link');
  if (!step.copy?.link || step.fromOnbuild || !flag || config.builder !== 'buildkit') return undefined;
  if (!mergesLinks(step, config.builder))
    return {
      span: flag.span,
      message:
        '--chmod makes BuildKit ignore --link: this layer depends on all steps before it again. Set the mode in the source, or in the stage that builds it, or drop --link.',
    };
  const destination = destinationOf(step);
  const link = destination === undefined ? undefined : linkedFolder(step.stage, destination);
  if (link === undefined) return undefined;
  return {
    span: flag.span,
    severity: 'warning',
    message: `${link} is a symbolic link in ${step.stage.image}, and --link does not see what is before it: a folder takes the place of the link, and what lies behind it is gone from there. Copy to the folder that it leads to${link.startsWith('/var') ? '' : ` (/usr${link})`}, or drop --link.`,
  };
}

export const droppedLink: Rule = {
  id: 'dropped-link',
  severity: 'information',
  category: 'stages',
  docs: {
    summary: '`--link` has no effect together with --chmod, or replaces a symbolic link in the image',
    why: `\`COPY --link\` makes a layer that does not depend on what is before it: it stays cached when the base image or an earlier step changes. Together with \`--chmod\` the layer is made like that of a plain \`COPY\`, and runs
again with every step before it.

As such a layer is made without a look at the image, it cannot follow symbolic links there: a \`COPY --link tool /bin/\` puts a real folder \`/bin\` over the link \`/bin\` → \`usr/bin\` of Debian 12 and its like, and the shell is gone.
This is a warning.`,
    fix: 'None: set the mode in the source, or in the stage that builds it, or give up `--link`.',
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
  *checkStage(context, stage) {
    for (const step of stage.steps) {
      const found = report(context, step);
      if (found) yield found;
    }
  },
};
