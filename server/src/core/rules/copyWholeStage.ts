import { type Stage, type Step, stageAncestors } from '../build/graph.ts';
import { filesAt } from '../cache/brought.ts';
import { churnOf } from '../cache/churn.ts';
import { absolute, destinationOf, join, within } from '../cache/placement.ts';
import { isShipped } from '../cache/shipped.ts';
import { developmentIn, needsSources } from '../fixes/development.ts';
import { isBuild } from '../fixes/installAndBuild.ts';
import { compilations, neededBeside, productOf, type Start, startOf } from '../fixes/product.ts';
import type { Fix } from '../fixes.ts';
import { callsOf } from '../managers/calls.ts';
import type { Invocation } from '../managers/manager.ts';
import { bytes, capital, listing, plural, sentences, share, thousands } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** A COPY of a folder in which another stage builds. */
interface Whole {
  readonly step: Step;
  readonly stage: Stage;
  /** In the other stage, absolute. */
  readonly folder: string;
  /** All steps of the other stage's file system. */
  readonly steps: readonly Step[];
}

/** Whether a script takes something away again in the folder: its author has cleaned up. */
const isCleared = (steps: readonly Step[], folder: string): boolean =>
  steps.some(
    (step) =>
      step.keyword === 'RUN' &&
      callsOf(step).some(
        ({ program, args, cwd }) =>
          /^(rm|find|git|node-prune|modclean)$/.test(program) &&
          args.some(
            ({ value, text }) => within(folder, absolute((value ?? text).replace(/\/?\*.*$/, ''), cwd)) !== undefined,
          ),
      ),
  );

function wholeOf(step: Step): Whole | undefined {
  const { copy } = step;
  const [source, ...more] = copy?.sources ?? [];
  if (copy?.from?.kind !== 'stage' || !source?.known || more.length > 0 || copy.exclude.length > 0) return undefined;
  if (/[*?[]/.test(source.text) || copy.parents || step.fromOnbuild) return undefined;
  const folder = absolute(source.text);
  const { stage } = copy.from;
  const steps = [...stageAncestors(stage), ...stage.steps];
  const isPlaceOfWork = steps.some(
    (each) => each.keyword === 'RUN' && within(folder, each.workdir) !== undefined && folder !== '/',
  );
  return isPlaceOfWork && !isCleared(steps, folder) ? { step, stage, folder, steps } : undefined;
}

/** Files of the context that the folder holds. */
const filesOf = ({ model, facts: { context } }: RuleContext, { steps, folder }: Whole): string[] => [
  ...new Set(steps.flatMap((each) => filesAt({ model, context, paths: [folder] }, each) ?? [])),
];

/** The last call in the folder that compiles. */
const compilationIn = ({ steps, folder }: Whole): Invocation | undefined =>
  steps
    .flatMap((each) => compilations(each))
    .findLast(({ call }) => call.cwd !== undefined && within(folder, call.cwd) !== undefined);

/** Whether the image builds again with what it was given. */
const buildsAgain = (step: Step): boolean =>
  step.stage.steps
    .slice(step.index + 1)
    .some(
      (later) =>
        compilations(later).length > 0 || later.script?.commands.some((command) => isBuild(command, undefined)),
    );

/** Copies only what is made, to where it is started. */
function narrowed(
  { step, folder }: Whole,
  build: Invocation,
  start: Start,
  context: RuleContext['facts']['context'],
  files: readonly string[],
): Fix | string {
  const destination = destinationOf(step);
  const rest = destination === undefined || start.file === undefined ? undefined : within(destination, start.file);
  const product = rest ? productOf(build, { ...start, file: join(folder, rest) }, context) : undefined;
  const inside = product && within(folder, product.path);
  const [source, target] = step.instruction.args;
  if (!product || !inside || !destination || !source || !target || step.instruction.form === 'exec')
    return 'Copy only what it made.';
  const beside = neededBeside(build, files);
  if (beside.length > 0)
    return `Copy only what it made, and what the program reads when it runs, if it does: ${listing(beside, 3)}.`;
  return {
    title: `Copy only ${inside}`,
    applicability: 'suggestion',
    edits: [
      { span: source.span, newText: product.path },
      { span: target.span, newText: join(destination, inside) + (product.isFolder ? '/' : '') },
    ],
  };
}

function often({ facts, model }: RuleContext, { steps, folder }: Whole): string {
  const copies = steps.filter((step) => within(folder, destinationOf(step) ?? '') !== undefined && !step.copy?.from);
  const churn = churnOf(facts.history, ...copies.map((step) => model.selection(step)));
  return churn && churn.touching > 0
    ? capital(`${share(churn.touching, churn.commits)} of the last ${thousands(churn.commits)} commits did so.`)
    : '';
}

function report(context: RuleContext, step: Step): Report | undefined {
  const whole = wholeOf(step);
  if (!whole || buildsAgain(step)) return undefined;
  const build = compilationIn(whole);
  const development = build ? undefined : developmentIn(whole.steps, whole.folder, context.facts.context);
  const start = startOf(step.stage, context.dockerfile);
  if ((!build && !development) || (start && needsSources(start, development))) return undefined;
  const files = filesOf(context, whole);
  if (files.length === 0) return undefined;
  const fix = build && start ? narrowed(whole, build, start, context.facts.context, files) : undefined;
  const size = files.reduce((sum, file) => sum + (context.facts.context?.get(file)?.size ?? 0), 0);
  const follow = context.model.consequences(step).runs.length;
  const packages = development
    ? `, and the ${plural(development.names.length, 'development dependency').replace(/ys$/, 'ies')} of its package.json`
    : '';
  const name = whole.stage.name ?? `stage ${whole.stage.index}`;
  const call = (build ?? development?.install)?.call.command;
  return {
    span: step.instruction.args[0]?.span ?? step.instruction.span,
    message: sentences(
      `This takes all of ${whole.folder} from ${name}: ${plural(files.length, 'file')} of the build context (${bytes(size)}) beside what was built from them${packages}. They become part of the image, and a change of any of them runs this ${step.keyword}${follow > 0 ? ` and the ${plural(follow, 'step')} after it` : ''} again, although the output may be the same.`,
      often(context, whole),
      typeof fix === 'string' ? fix : 'Copy only what runs.',
    ),
    related: call ? [{ span: call.span, message: `Works in ${whole.folder}.` }] : [],
    fixes: fix && typeof fix !== 'string' ? [fix] : [],
  };
}

export const copyWholeStage: Rule = {
  id: 'copy-whole-stage',
  severity: 'information',
  category: 'stages',
  docs: {
    summary: '`COPY --from` brings the sources and tools of a build stage along with its output',
    why: `BuildKit keys a \`COPY --from\` by the **content** of what it selects. With the output alone it stays cached when the build ran again and made the same, as after a change of a test or of the documentation. With the whole folder in which the build works,
every changed file of the context changes the layer and runs all steps after it again, and the image ships sources, caches and development dependencies.

Reported are folders of a stage that compiles there (Go, Rust, Java, .NET, Swift, Haskell), or that builds there with the development dependencies of a Node project and never removes them, in an image that ships. Languages that run their sources are left alone.`,
    fix: 'Copies only the file that the image starts, or the folder that was published. A suggestion, as a program may read other files when it runs; withheld where the context has such files, or where the output is not known.',
    ignore: 'When the image really needs the sources, for example to run tests in it.',
    bad: {
      dockerfile:
        'FROM golang:1.25 AS build\nWORKDIR /app\nCOPY go.mod ./\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build -o /app/server .\n\nFROM debian:13-slim\nCOPY --from=build /app /app\nCMD ["/app/server"]\n',
      files: { 'go.mod': 'module example.com/server\n', 'main.go': 'package main\n', 'README.md': '' },
    },
    good: {
      dockerfile:
        'FROM golang:1.25 AS build\nWORKDIR /app\nCOPY go.mod ./\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build -o /app/server .\n\nFROM debian:13-slim\nCOPY --from=build /app/server /app/server\nCMD ["/app/server"]\n',
      files: { 'go.mod': 'module example.com/server\n', 'main.go': 'package main\n', 'README.md': '' },
    },
    references: [
      'https://docs.docker.com/build/building/multi-stage/',
      'https://docs.docker.com/reference/dockerfile/#copy---from',
    ],
  },
  *checkStage(context, stage) {
    for (const step of isShipped(context.graph, stage) ? stage.steps : []) {
      const found = step.keyword === 'COPY' ? report(context, step) : undefined;
      if (found) yield found;
    }
  },
};
