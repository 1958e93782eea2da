import type { Step } from '../build/graph.ts';
import { environmentUse } from '../cache/environmentUse.ts';
import { took } from '../cache/time.ts';
import { isCacheBuster, isPinnedCommit, isRevisionName, isVersionName } from '../cache/volatile.ts';
import { declareLater, type EarlyDeclaration, examineDeclaration, lastOf } from '../fixes/declareLater.ts';
import { listing, named, plural, sentences } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import type { Property } from '../syntax/dockerfile.ts';

const number = /^["']?v?\d+(\.\d+)+([.+-][\w.+-]*)?["']?$/;

/** A value that is written down here: what comes from an ARG, early-arg speaks of. */
const isLiteral = (value: string | undefined): value is string => value !== undefined && /^[^$]+$/.test(value);

/**
 * Whether the variable is changed with each release of the application. `VERSION=1.2` that a command names is the version of something it
 * downloads, and a name such as GIT_VERSION with a number is a tool's.
 */
function isMetadata({ name, value }: Property, { firstUse }: EarlyDeclaration): boolean {
  if (!isLiteral(value) || isCacheBuster(name)) return false;
  const isNumber = number.test(value);
  if (isVersionName(name))
    return isNumber && (!/^VERSION$/i.test(name) || !firstUse || environmentUse(firstUse, name) !== 'reads');
  return isRevisionName(name) && !isNumber && !isPinnedCommit(name, value) && !/^["']{2}$/.test(value);
}

/** `ENV VERSION=9.2` below `FROM ubi:9.2`: whoever edits it edits the FROM, and the whole stage runs again anyway. */
const isOfImage = ({ stage }: Step, { value = '' }: Property): boolean =>
  stage.image
    ?.split(/[:@_-]/)
    .slice(1)
    .includes(value.replace(/["']/g, '').replace(/^v/, '')) === true;

function report(context: RuleContext, env: Step): Report | undefined {
  const found = examineDeclaration(env, context.facts.context);
  const [first] = found.needless;
  const property = env.instruction.properties.find((each) => isMetadata(each, found) && !isOfImage(env, each));
  if (!first || !property) return undefined;
  const later = context.model.consequences(first).runs.length;
  const isVersion = isVersionName(property.name);
  return {
    span: property.nameSpan,
    severity: isVersion ? 'information' : 'warning',
    message: message(property.name, found, later, took(context, found.needless)),
    related: found.needless.map((step) => ({
      span: step.instruction.keywordSpan,
      message: `Runs again with every new ${property.name}, without using it.`,
    })),
    fixes: declareLater(context.dockerfile, `ENV ${property.name}`, found, true),
  };
}

function message(name: string, { needless, firstUse }: EarlyDeclaration, later: number, time: string): string {
  const steps = listing(needless.map(named), 2);
  const follow = later > 0 ? `, and ${plural(later, 'step')} after ${needless.length > 1 ? 'the first' : 'it'},` : '';
  const verb = needless.length > 1 || later > 0 ? 'run' : 'runs';
  const advice = firstUse
    ? `Set it just before ${named(firstUse)}, the first step that uses it or could.`
    : `No step of this stage needs it: set it below ${lastOf(needless)}.`;
  const said = `${name} is edited with each release, and an ENV is part of the key of every later RUN, used or not. ${steps}${follow} ${verb} again whenever it changes, without using it.`;
  return sentences(said, time, advice);
}

export const earlyEnv: Rule = {
  id: 'early-env',
  severity: 'warning',
  category: 'order',
  docs: {
    summary: "An ENV with the application's version or metadata stands before costly steps that do not use it",
    why: `An \`ENV\` enters the cache key of every later \`RUN\` of its stage, and of stages built \`FROM\` it, whether the command uses it or not. An application's version, commit or build date that is kept in the
Dockerfile is edited with each release: above the dependency install it makes each release install everything again. \`COPY\`, \`WORKDIR\` and \`LABEL\` are not affected unless they expand it.

Values that come from an \`ARG\` are early-arg's. Versions of tools that the build downloads are left alone: whoever edits them wants the download.`,
    fix: `Moves the \`ENV\`, with what only passes it on, to just before the first step that uses it, or could read it from the environment (a build, a script, \`make\`). Safe when no step that it passes can read
any of the variables that the instruction sets.`,
    ignore: 'When the steps below must run again with every release.',
    bad: {
      dockerfile:
        'FROM node:22\nENV APP_VERSION=1.4.2\nWORKDIR /app\nRUN curl -fsSL https://example.com/tool.tar.gz | tar -xz -C /opt\nCOPY src ./src\nCMD ["node", "src/index.js"]\n',
    },
    good: {
      dockerfile:
        'FROM node:22\nWORKDIR /app\nRUN curl -fsSL https://example.com/tool.tar.gz | tar -xz -C /opt\nCOPY src ./src\nENV APP_VERSION=1.4.2\nCMD ["node", "src/index.js"]\n',
    },
    references: ['https://docs.docker.com/build/cache/invalidation/'],
  },
  *checkStage(context, stage) {
    for (const step of stage.steps) {
      const found = step.keyword === 'ENV' && !step.fromOnbuild ? report(context, step) : undefined;
      if (found) yield found;
    }
  },
};
