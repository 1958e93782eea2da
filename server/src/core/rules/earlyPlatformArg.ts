import type { Stage, Step } from '../build/graph.ts';
import { declareLater, type EarlyDeclaration, examineDeclaration } from '../fixes/declareLater.ts';
import { listing, named } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

/** Arguments that BuildKit fills in for the platform that is built. */
const targetName = /^TARGET(PLATFORM|OS|ARCH|VARIANT)$/;

/** Whether a stage runs on the builder's own platform, once for each platform that is built. */
function runsOnBuilder({ base, from }: Stage): boolean {
  if (base.kind === 'stage') return runsOnBuilder(base.stage);
  return /^\$(BUILDPLATFORM|\{BUILDPLATFORM\b.*\})$/.test(
    from.flags.find(({ name }) => name === 'platform')?.value ?? '',
  );
}

function message({ needless, firstUse }: EarlyDeclaration, name: string): string {
  const steps = listing(needless.map(named), 2);
  const [run, they] = needless.length > 1 ? ['run', 'they do'] : ['runs', 'it does'];
  const advice = firstUse ? `Declare it just before ${named(firstUse)}.` : 'Declare it behind them.';
  return `This stage runs on the builder's platform whatever is built, but ${name} makes the keys of all later RUNs differ: ${steps} ${run} once for each platform, although ${they} not use it. ${advice}`;
}

/** ARGs without a default of the platform that is built: as long as one of them is declared, moving the others changes nothing. */
const targetArgs = ({ steps }: Stage): Step[] =>
  steps.filter(
    ({ keyword, fromOnbuild, instruction: { properties } }) =>
      keyword === 'ARG' &&
      !fromOnbuild &&
      properties.some(({ name, value }) => targetName.test(name) && value === undefined),
  );

const isInherited = ({ environment }: Step): boolean =>
  environment.variables.some(({ name, origin }) => origin === 'arg' && targetName.test(name));

function report(context: RuleContext, stage: Stage): Report | undefined {
  const [arg, ...others] = targetArgs(stage);
  if (!arg || isInherited(arg)) return undefined;
  const property = arg.instruction.properties.find(({ name }) => targetName.test(name));
  const found = examineDeclaration(arg, context.facts.context, others);
  if (!property || found.needless.length === 0) return undefined;
  const moved = found.chain
    .filter(({ keyword }) => keyword === 'ARG')
    .flatMap(({ instruction }) => instruction.properties);
  const what = `ARG ${moved.map(({ name }) => name).join(' and ')}`;
  return {
    span: property.nameSpan,
    message: message(found, property.name),
    related: found.needless.map((step) => ({
      span: step.instruction.keywordSpan,
      message: `Runs once for each platform, without using ${property.name}.`,
    })),
    fixes: declareLater(context.dockerfile, what, found, true),
  };
}

export const earlyPlatformArg: Rule = {
  id: 'early-platform-arg',
  severity: 'information',
  category: 'order',
  docs: {
    summary: 'TARGETARCH or the like is declared before work that is the same for every platform',
    why: `A stage \`FROM --platform=$BUILDPLATFORM\` runs on the builder's own platform, however many platforms are built. As long as nothing in it depends on the target, all of them share its steps: they are one vertex
and run once. A declared \`TARGETARCH\`, \`TARGETOS\`, \`TARGETPLATFORM\` or \`TARGETVARIANT\` has another value for each platform and enters the key of every later \`RUN\`, used or not: from there on everything is done
again for each of them.`,
    fix: `Moves the \`ARG\`, with what only passes it on, to just before the first step that uses it, or could read it from the environment. Safe when no step that it passes can read it.`,
    ignore: 'When only one platform is ever built.',
    bad: {
      dockerfile:
        'FROM --platform=$BUILDPLATFORM golang:1.25 AS build\nARG TARGETOS TARGETARCH\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app .\n\nFROM scratch\nCOPY --from=build /app /app\n',
    },
    good: {
      dockerfile:
        'FROM --platform=$BUILDPLATFORM golang:1.25 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\nCOPY . .\nARG TARGETOS TARGETARCH\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /app .\n\nFROM scratch\nCOPY --from=build /app /app\n',
    },
    references: [
      'https://docs.docker.com/build/building/multi-platform/#cross-compilation',
      'https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope',
    ],
  },
  *checkStage(context, stage) {
    const found = runsOnBuilder(stage) ? report(context, stage) : undefined;
    if (found) yield found;
  },
};
