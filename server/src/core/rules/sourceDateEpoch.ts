import { reachableStages, type Step } from '../build/graph.ts';
import { isCostly } from '../cache/cost.ts';
import { named, plural } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import type { Span } from '../syntax/span.ts';

const epoch = 'SOURCE_DATE_EPOCH';

/** Where the file says that builds pass the variable, before the first FROM or in a stage; undefined where it does not. */
function declaration({ graph }: RuleContext): Span | undefined {
  const stages = reachableStages(graph);
  const args = [
    ...graph.globalArgs,
    ...stages.flatMap(({ steps }) => steps.filter(({ keyword }) => keyword === 'ARG').map((step) => step.instruction)),
  ];
  return args.flatMap(({ properties }) => properties).find(({ name }) => name === epoch)?.nameSpan;
}

/** The first WORKDIR of each stage that makes a costly step run again. */
const affected = ({ graph, model }: RuleContext): { readonly workdir: Step; readonly costly: Step }[] =>
  graph.stages.flatMap((stage) => {
    const workdir = graph.reachable.has(stage)
      ? stage.steps.find(({ keyword, workdir: path }) => keyword === 'WORKDIR' && path !== '/')
      : undefined;
    const costly = workdir && model.consequences(workdir).runs.find(isCostly);
    return workdir && costly && !workdir.fromOnbuild ? [{ workdir, costly }] : [];
  });

function report(context: RuleContext): Report | undefined {
  const { config, model } = context;
  const written = declaration(context);
  const isPassed = config.buildArgs[epoch] !== undefined;
  if ((!written && !isPassed) || (config.builder !== 'buildkit' && config.builder !== 'docker-graphdriver'))
    return undefined;
  const [first, ...others] = affected(context);
  if (!first) return undefined;
  const runs = model.consequences(first.workdir).runs.length;
  return {
    span: written ?? first.workdir.instruction.keywordSpan,
    message: `BuildKit puts ${epoch} into the key of every WORKDIR, wherever its ARG stands: a new value makes ${named(first.workdir)} and ${plural(runs, 'step')} after it run again, ${named(first.costly)} among them. Pass it only to builds that must be reproducible, or pass one that changes rarely.`,
    related: [first, ...others].map(({ workdir }) => ({
      span: workdir.instruction.span,
      message: `Runs again with every new ${epoch}, and so does what follows.`,
    })),
  };
}

export const sourceDateEpoch: Rule = {
  id: 'source-date-epoch',
  severity: 'information',
  category: 'order',
  docs: {
    summary: 'SOURCE_DATE_EPOCH changes the key of WORKDIR and of what follows',
    why: `\`SOURCE_DATE_EPOCH\` gives the files of an image reproducible times. BuildKit (Docker 28 and later) sets it on the directory that a \`WORKDIR\` makes, so it is part of that step's key, and every step behind it
follows. That holds for a build argument of this name whether an \`ARG\` declares it or not, and wherever the \`ARG\` stands. With the time of the latest commit as its value, each commit runs all of it again.

Reported where the Dockerfile declares the argument, or the settings pass it, and a \`WORKDIR\` stands before steps that install, download or build.`,
    fix: 'None. Moving the `ARG` does not help. Let tools that need the variable get it in their own `RUN` (`RUN SOURCE_DATE_EPOCH=… make`), and pass the build argument only where the image itself must be reproducible.',
    ignore: 'When only builds of releases pass it.',
    bad: {
      dockerfile:
        'FROM debian:12\nWORKDIR /src\nRUN curl -fsSL https://example.com/tool-1.2.tar.gz | tar -xz\nARG SOURCE_DATE_EPOCH\nRUN make\n',
    },
    good: {
      dockerfile:
        'FROM debian:12\nRUN curl -fsSL https://example.com/tool-1.2.tar.gz | tar -xz -C /opt\nARG SOURCE_DATE_EPOCH\nRUN make -C /opt\n',
    },
    references: [
      'https://docs.docker.com/build/ci/github-actions/reproducible-builds/',
      'https://github.com/moby/buildkit/blob/master/docs/build-repro.md',
    ],
  },
  *check(context) {
    const found = report(context);
    if (found) yield found;
  },
};
