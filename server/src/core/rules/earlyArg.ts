import type { Step } from '../build/graph.ts';
import { took } from '../cache/time.ts';
import { isCacheBuster, isPinnedCommit, isRevisionName, isVersionName } from '../cache/volatile.ts';
import { declareLater, type EarlyDeclaration, examineDeclaration, lastOf } from '../fixes/declareLater.ts';
import { listing, named, plural, sentences } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import type { Instruction, Property } from '../syntax/dockerfile.ts';

const placeholder =
  /^["']?(|dev|develop|devel|development|unknown|local|none|null|n\/a|unset|undefined|snapshot|0\.0\.0.*|0\.0\.1.*)["']?$/i;
const platformName = /^(TARGET|BUILD)(PLATFORM|OS|ARCH|VARIANT)$|^TARGETSTAGE$/;

/** Whether builds pass another value nearly every time. A VERSION with a real default is a pin that somebody edits by hand. */
export const isVolatile = ({ name, value }: Pick<Property, 'name' | 'value'>): boolean =>
  (isRevisionName(name) && !isPinnedCommit(name, value)) || (isVersionName(name) && placeholder.test(value ?? ''));

/** `ARG VERSION =dev` has a second argument without a name, which BuildKit refuses. */
const isNamed = ({ properties }: Instruction): boolean => properties.every(({ name }) => name !== '');

/** Whether a VERSION is part of a URL: that of something released elsewhere, which an edit changes, and not each build. */
const isOfDownload = ({ stage, index }: Step, name: string): boolean =>
  isVersionName(name) &&
  stage.steps
    .slice(index + 1)
    .some(({ instruction }) => new RegExp(`https?://[^\\s'"]*\\$\\{?${name}\\b`).test(instruction.rest.text));

/** An ARG that stands above costly steps that do not use it. */
interface Early {
  readonly arg: Step;
  readonly property: Property;
  readonly found: EarlyDeclaration;
  readonly changesOften: boolean;
}

function examine({ facts }: RuleContext, arg: Step, property: Property): Early | undefined {
  if (!/^[a-z_]\w*$/i.test(property.name)) return undefined;
  const variable = arg.stage.steps[arg.index + 1]?.environment.lookup(property.name);
  // An ARG without a value takes that of the one before the first FROM.
  const value = property.value ?? variable?.value;
  const changesOften = isVolatile({ name: property.name, value }) && !isOfDownload(arg, property.name);
  // What is there to run the next steps again does so where it stands.
  if (platformName.test(property.name) || isCacheBuster(property.name) || (variable?.origin !== 'arg' && !changesOften))
    return undefined;
  const found = examineDeclaration(arg, facts.context);
  return found.needless.length > 0 ? { arg, property, found, changesOften } : undefined;
}

/** Whether two hints are one: arguments declared together, with what passes them on, which could be declared together further down. */
const isSameBlock = (a: Early, b: Early): boolean =>
  !a.changesOften &&
  !b.changesOften &&
  a.arg.stage.steps.slice(a.arg.index + 1, b.arg.index).every((step) => a.found.chain.includes(step)) &&
  a.found.firstUse === b.found.firstUse &&
  a.found.needless[0] === b.found.needless[0];

/** Whether a declaration repeats an earlier one, which takes it along. */
const movesAlong = ({ found }: Early, { arg }: Early): boolean => found.chain.slice(1).includes(arg);

function inBlocks(all: readonly Early[]): Early[][] {
  const blocks: Early[][] = [];
  for (const each of all) {
    const last = blocks.at(-1);
    const before = last?.at(-1);
    if (last && before && isSameBlock(before, each)) last.push(each);
    else blocks.push([each]);
  }
  return blocks;
}

function report(context: RuleContext, block: readonly Early[]): Report | undefined {
  const [early] = block;
  const [first] = early?.found.needless ?? [];
  if (!early || !first) return undefined;
  const names = block.map(({ property }) => property.name);
  const chain = [...new Set(block.flatMap(({ found }) => found.chain))].sort((a, b) => a.index - b.index);
  const found = { ...early.found, chain };
  const later = context.model.consequences(first).runs.length;
  const moved = names.length > 1 ? `${names.length} arguments` : `ARG ${names[0]}`;
  return {
    span: early.property.nameSpan,
    severity: early.changesOften ? 'warning' : 'hint',
    message: message(names, found, later, early.changesOften, took(context, found.needless)),
    related: found.needless.map((step) => ({
      span: step.instruction.keywordSpan,
      message: `Runs again with every new ${names.length > 1 ? 'value' : names[0]}, without using it.`,
    })),
    fixes: declareLater(context.dockerfile, moved, found, names.every(isRevisionName)),
  };
}

function message(
  names: readonly string[],
  { needless, firstUse }: EarlyDeclaration,
  later: number,
  changesOften: boolean,
  time: string,
): string {
  const several = names.length > 1;
  const [is, it] = several ? ['are', 'them'] : ['is', 'it'];
  const when = changesOften ? 'changes from build to build' : `${is} part of the cache key here`;
  const steps = listing(needless.map(named), 2);
  const follow = later > 0 ? `, and ${plural(later, 'step')} after ${needless.length > 1 ? 'the first' : 'it'},` : '';
  const verb = needless.length > 1 || later > 0 ? 'run' : 'runs';
  const advice = firstUse
    ? `Declare ${it} just before ${named(firstUse)}, the first step that uses ${it} or could.`
    : `No step of this stage needs ${it} earlier: declare ${it} below ${lastOf(needless)}.`;
  const said = `${listing(names)} ${when}: BuildKit puts an ARG into the key of every later RUN, used or not. ${steps}${follow} ${verb} again whenever ${several ? 'one of them' : 'it'} changes, without using it.`;
  return sentences(said, time, advice);
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
other arguments with a value are hints, one for those that are declared together. An \`ARG\` before the first \`FROM\` is not reported: by itself it enters no key.`,
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
  *checkStage(context, stage) {
    const all = stage.steps
      .filter((step) => step.keyword === 'ARG' && !step.fromOnbuild && isNamed(step.instruction))
      .flatMap((step) => step.instruction.properties.flatMap((property) => examine(context, step, property) ?? []));
    for (const block of inBlocks(all.filter((each) => !all.some((other) => movesAlong(other, each))))) {
      const found = report(context, block);
      if (found) yield found;
    }
  },
};
