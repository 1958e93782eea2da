import type { Step } from '../build/graph.ts';
import { isRevisionName, isVersionName } from '../cache/volatile.ts';
import { declareLater, type EarlyDeclaration, examineDeclaration } from '../fixes/declareLater.ts';
import { listing, named, plural } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import type { Instruction, Property } from '../syntax/dockerfile.ts';

const placeholder =
  /^["']?(|dev|develop|devel|development|unknown|local|none|null|n\/a|unset|undefined|snapshot|0\.0\.0.*|0\.0\.1.*)["']?$/i;
const platformName = /^(TARGET|BUILD)(PLATFORM|OS|ARCH|VARIANT)$|^TARGETSTAGE$/;

/** Whether builds pass another value nearly every time. A VERSION with a real default is a pin that somebody edits by hand. */
export const isVolatile = ({ name, value }: Pick<Property, 'name' | 'value'>): boolean =>
  isRevisionName(name) || (isVersionName(name) && placeholder.test(value ?? ''));

/** `ARG VERSION =dev` has a second argument without a name, which BuildKit refuses. */
const isNamed = ({ properties }: Instruction): boolean => properties.every(({ name }) => name !== '');

function report(context: RuleContext, arg: Step, property: Property): Report | undefined {
  const variable = arg.stage.steps[arg.index + 1]?.environment.lookup(property.name);
  const isSet = variable?.origin === 'arg';
  const changesOften = isVolatile(property);
  if (platformName.test(property.name) || (!isSet && !changesOften)) return undefined;
  const found = examineDeclaration(arg);
  const [first] = found.needless;
  if (!first) return undefined;
  const later = context.model.consequences(first).runs.length;
  return {
    span: property.nameSpan,
    severity: changesOften ? 'warning' : 'hint',
    message: message(property, found, later, changesOften),
    related: found.needless.map((step) => ({
      span: step.instruction.keywordSpan,
      message: `Runs again with every new ${property.name}, without using it.`,
    })),
    fixes: declareLater(context.dockerfile, `ARG ${property.name}`, found, isRevisionName(property.name)),
  };
}

function message(
  property: Property,
  { needless, firstUse }: EarlyDeclaration,
  later: number,
  changesOften: boolean,
): string {
  const when = changesOften ? 'changes from build to build' : 'is part of the cache key here';
  const steps = listing(needless.map(named), 2);
  const follow = later > 0 ? `, and ${plural(later, 'step')} after ${needless.length > 1 ? 'the first' : 'it'},` : '';
  const verb = needless.length > 1 || later > 0 ? 'run' : 'runs';
  const advice = firstUse
    ? `Declare it just before ${named(firstUse)}, the first step that uses it or could.`
    : 'No step of this stage needs it earlier: declare it at the end of the stage.';
  return `${property.name} ${when}: BuildKit puts an ARG into the key of every later RUN, used or not. ${steps}${follow} ${verb} again whenever it changes, without using it. ${advice}`;
}

export const earlyArg: Rule = {
  id: 'early-arg',
  severity: 'warning',
  category: 'order',
  docs: {
    summary: 'An ARG is declared before costly steps that do not use it',
    why: `In BuildKit an \`ARG\` with a value enters the cache key of **every** later \`RUN\` of its stage, and of stages built \`FROM\` it, whether the
command uses it or not. A commit hash or a build date at the top of a stage therefore runs everything below it again in every build. \`COPY\`,
\`WORKDIR\` and \`LABEL\` are not affected unless they expand the variable.

Names that change with nearly every build (\`GIT_SHA\`, \`BUILD_DATE\`, \`BUILD_NUMBER\`, a \`VERSION\` without a real default and the like) are warnings;
other arguments with a value are hints. An \`ARG\` before the first \`FROM\` is not reported: by itself it enters no key.`,
    fix: `Moves the \`ARG\`, with the \`ENV\` and \`LABEL\` instructions that only pass it on, to just before the first step that uses it. A step uses it when its text names
the variable, or when it starts something that could read it from the environment (a build, a script, \`make\`). The fix is safe when no step it passes can
read the variable; it is a suggestion where install scripts of dependencies could.`,
    ignore: 'When the steps below must run again with every new value, for example to refresh packages on purpose.',
    bad: {
      dockerfile:
        'FROM node:22\nARG GIT_SHA\nWORKDIR /app\nRUN curl -fsSL https://example.com/tool.tar.gz | tar -xz -C /opt\nCOPY src ./src\nLABEL revision=$GIT_SHA\n',
    },
    good: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nRUN curl -fsSL https://example.com/tool.tar.gz | tar -xz -C /opt\nCOPY src ./src\nARG GIT_SHA\nLABEL revision=$GIT_SHA\n',
    },
    references: [
      'https://docs.docker.com/reference/dockerfile/#impact-on-build-caching',
      'https://docs.docker.com/build/cache/invalidation/',
    ],
  },
  *check(context) {
    for (const stage of context.graph.stages) {
      if (!context.graph.reachable.has(stage)) continue;
      for (const step of stage.steps) {
        if (step.keyword !== 'ARG' || step.fromOnbuild || !isNamed(step.instruction)) continue;
        for (const property of step.instruction.properties) {
          const found = report(context, step, property);
          if (found) yield found;
        }
      }
    }
  },
};
