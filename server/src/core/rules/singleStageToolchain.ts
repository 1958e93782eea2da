import { type Stage, type Step, stageAncestors } from '../build/graph.ts';
import { type Development, developmentIn, needsSources } from '../fixes/development.ts';
import { filesBefore } from '../fixes/extractStage.ts';
import type { Plan } from '../fixes/plan.ts';
import { compilations, type Start, startOf } from '../fixes/product.ts';
import { isToolchain } from '../fixes/runtimeImage.ts';
import { compiledShape, compilersOf, nodeShape, pythonShape, shownImage } from '../fixes/stageShapes.ts';
import { baseImage } from '../managers/images.ts';
import { invocationsOf } from '../managers/invocations.ts';
import { listing, plural } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

interface Found {
  /** The step that shows that this stage builds. */
  readonly step: Step;
  /** What the image holds for nothing, as the object of "holds". */
  readonly what: string;
  plan(): Plan;
}

/** A build that takes its sources away again has left what it could not do without. */
const clearsUp = ({ script }: Step): boolean =>
  script?.commands.some(
    ({ words: [program, ...args] }) => program?.value === 'rm' && args.some(({ text }) => /^-\w*r/i.test(text)),
  ) === true;

function compiled(context: RuleContext, stage: Stage, steps: readonly Step[], start: Start): Found | undefined {
  const build = steps.flatMap((step) => compilations(step)).findLast(({ call }) => !call.step.fromOnbuild);
  const step = build?.call.step;
  if (!build || !step || !isToolchain(stage) || needsSources(start, undefined) || clearsUp(step)) return undefined;
  const count = filesBefore(context, step, step.workdir).length;
  const sources = count > 0 ? `${plural(count, 'file')} of the build context` : 'the sources';
  return {
    step,
    what: `the toolchain of ${shownImage(stage)}, ${sources} and all that the build leaves behind, although it only starts ${start.file ?? start.program}`,
    plan: () => compiledShape({ ...context, stage, start }, build),
  };
}

function ofNode(context: RuleContext, stage: Stage, steps: readonly Step[], start: Start): Found | undefined {
  const development: Development | undefined = developmentIn(steps, '/', context.facts.context);
  if (!development || needsSources(start, development)) return undefined;
  const { names, build } = development;
  return {
    step: build,
    what: `the sources and the ${plural(names.length, 'development dependency').replace(/ys$/, 'ies')} of package.json (${listing(names, 2)}), which serve to build and not to run`,
    plan: () => nodeShape({ ...context, stage, start }, development),
  };
}

function ofPython(context: RuleContext, stage: Stage, steps: readonly Step[], start: Start): Found | undefined {
  if (baseImage(stage).repository !== 'python' || needsSources(start, undefined)) return undefined;
  const step = steps.find((each) => compilersOf(each).length > 0);
  const isUsed = steps.some((each) =>
    invocationsOf(each).some(({ manager }) => /^(pip|pipenv|poetry|uv|pdm)$/.test(manager.id)),
  );
  if (!step || !isUsed) return undefined;
  const names = [...new Set(compilersOf(step))];
  return {
    step,
    what: `${listing(names, 2)}, which ${names.length > 1 ? 'serve' : 'serves'} to install packages and not to run them`,
    plan: () => pythonShape({ ...context, stage, start }),
  };
}

function report(context: RuleContext, stage: Stage): Report | undefined {
  const start = startOf(stage, context.dockerfile);
  if (!start) return undefined;
  const steps = [...stageAncestors(stage), ...stage.steps].filter(({ keyword }) => keyword === 'RUN');
  const found =
    compiled(context, stage, steps, start) ??
    ofNode(context, stage, steps, start) ??
    ofPython(context, stage, steps, start);
  if (!found) return undefined;
  const { fixes, refusal } = found.plan();
  return {
    span: found.step.instruction.keywordSpan,
    message:
      `The image that ships holds ${found.what}. Build in a stage of its own, and copy the result into the image with COPY --from: it is smaller, and its layers stay as they are when a build made the same again. ${refusal ?? ''}`.trim(),
    fixes,
  };
}

export const singleStageToolchain: Rule = {
  id: 'single-stage-toolchain',
  severity: 'information',
  category: 'stages',
  docs: {
    summary: 'The image that ships holds compilers, development dependencies or sources',
    why: `What a stage needs to build stays in its layers: the toolchain of its base image, development dependencies, sources, the output of steps in between. When that stage is the one that ships, all of it is pushed, pulled and scanned with the image, and
every change of a source makes new layers of it.

Built in a stage of its own, only what is copied out counts. BuildKit keys \`COPY --from\` by content: a build that ran again and made the same leaves the image as it was.

Reported are images that start one program, which a step of theirs compiled on the image of a toolchain (Go, Rust, Java, .NET and others); Node projects that build and keep their development dependencies; and Python images that keep a compiler. Images for
development and tests, and those that start a script, are left alone.`,
    fix: `"Extract a build stage" where the shape is known: Go, Rust, Java and .NET programs move to an image without the toolchain; Node projects take along the build's output and the dependencies without those for development; Python packages move in a virtual
environment. Always a suggestion: only you know what a program reads when it runs. Withheld, and the message says why, where other files, users, system packages or scripts would stay behind.`,
    ignore: 'When the image is for development, or its size does not matter.',
    bad: {
      dockerfile:
        'FROM golang:1.25-alpine3.22\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build -o /server .\nEXPOSE 8080\nCMD ["/server"]\n',
      files: { 'go.mod': 'module example.com/server\n', 'go.sum': '', 'main.go': 'package main\n' },
    },
    good: {
      dockerfile:
        'FROM golang:1.25-alpine3.22 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build -o /server .\n\nFROM alpine:3.22\nCOPY --from=build /server /server\nEXPOSE 8080\nCMD ["/server"]\n',
      files: { 'go.mod': 'module example.com/server\n', 'go.sum': '', 'main.go': 'package main\n' },
    },
    references: [
      'https://docs.docker.com/build/building/multi-stage/',
      'https://docs.docker.com/build/building/best-practices/#use-multi-stage-builds',
    ],
  },
  *check(context) {
    const { target } = context.graph;
    const found = target && report(context, target);
    if (found) yield found;
  },
};
