import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import type { Builder } from '../builder.ts';
import { configurationDifferences, differencesOf } from '../compareImages.ts';
import type { FixCase } from './case.ts';
import { type Measured, measure } from './measure.ts';
import type { Variant } from './variants.ts';

/** A case, and those of its variants that are built. */
export interface Trial {
  readonly fixCase: FixCase;
  readonly variants: readonly Variant[];
}

const order = /^(copy-before-install|install-and-build-in-one-run)$/;
const early = /^early-(arg|env)$/;
const extraction = 'single-stage-toolchain';

/** After which of the changes a variant tells something. */
const changesOf = ({ rules }: Variant, { changes }: FixCase): number =>
  rules.some((rule) => early.test(rule))
    ? changes.length
    : Math.min(rules.some((rule) => order.test(rule)) ? 1 : 0, changes.length);

/** What the fixes of a case do wrong, a paragraph each; undefined where the case cannot be built as it is. */
export async function prove(builder: Builder, { fixCase, variants }: Trial): Promise<string[] | undefined> {
  const changes = Math.max(0, ...variants.map((variant) => changesOf(variant, fixCase)));
  const isOther = (variant: Variant) => setsConfiguration(variant.dockerfile) !== setsConfiguration(fixCase.dockerfile);
  const before = await measure(builder, fixCase, {
    dockerfile: fixCase.dockerfile,
    others: {},
    changes,
    asksConfiguration: variants.some(isOther),
  });
  if (before.error !== undefined) return undefined;
  const wrong: string[] = [];
  for (const variant of variants) {
    const asksConfiguration = isOther(variant);
    const after = await measure(builder, fixCase, {
      ...variant,
      changes: changesOf(variant, fixCase),
      asksConfiguration,
    });
    const failures = failuresOf(fixCase, before, variant, after);
    if (failures.length > 0) wrong.push(report(fixCase, variant, failures));
  }
  return wrong;
}

function failuresOf(fixCase: FixCase, before: Measured, variant: Variant, after: Measured): string[] {
  if (after.error !== undefined) return [`does not build: ${after.error}`];
  // Another stage is a step more, and is not about steps.
  const isExtracted = variant.rules.includes(extraction);
  return [
    ...differences(fixCase, before, variant, after),
    ...configurations(fixCase, before, variant, after),
    ...(isExtracted ? [] : costs(fixCase, before, variant, after)),
  ];
}

const config =
  /^(FROM|ARG|ENV|LABEL|USER|WORKDIR|SHELL|EXPOSE|VOLUME|STOPSIGNAL|HEALTHCHECK|CMD|ENTRYPOINT|ONBUILD|MAINTAINER)$/;

/** All of a Dockerfile that makes its image's configuration. Where two have the same, there is nothing to ask. */
const setsConfiguration = (dockerfile: string): string =>
  JSON.stringify(
    parseDockerfile(dockerfile)
      .instructions.filter(({ keyword }) => config.test(keyword))
      .map(({ keyword, flags, rest }) => [keyword, flags.map(({ value }) => value), rest.text]),
  );

function configurations({ dockerfile }: FixCase, before: Measured, variant: Variant, after: Measured): string[] {
  if (!after.configuration) return [];
  const { rules, applicability, titles } = variant;
  const isSaid = (variable: string) =>
    applicability !== 'safe' &&
    titles.some((title) => /^Remove |, without /.test(title) && title.includes(` ${variable}=`));
  // An extracted stage leaves the other image's own variables behind.
  const isOwn = (variable: string) => !rules.includes(extraction) || dockerfile.includes(`${variable}=`);
  const counts = (variable: string) => isOwn(variable) && !isSaid(variable);
  return configurationDifferences(before.configuration, after.configuration, counts);
}

/** With a folder at the first, apk leaves nothing at the second. The caches of Composer and renv are told where to be. */
const alsoKept: Readonly<Record<string, string>> = {
  '/etc/apk/cache': '/var/cache/apk',
  '/root/.cache/composer': '/root/.composer',
  '/renv/cache': '/root/.cache/R/renv',
};

const cacheTargets = (dockerfile: string): string[] =>
  [...dockerfile.matchAll(/--mount=type=cache,\S*?target=([^\s,]+)/g)].flatMap(([, target = '']) =>
    alsoKept[target] === undefined ? [target] : [target, alsoKept[target]],
  );

/** Debian's hook that empties apt's cache goes with fixes that say so, none of which is a safe one. */
const hook = '/etc/apt/apt.conf.d/docker-clean';

function differences(
  { dockerfile, mayDiffer = [], keeps }: FixCase,
  before: Measured,
  variant: Variant,
  after: Measured,
): string[] {
  const old = cacheTargets(dockerfile);
  const now = cacheTargets(variant.dockerfile);
  const count = (targets: readonly string[], target: string) => targets.filter((each) => each === target).length;
  const mounts = now.filter((target) => count(now, target) > count(old, target));
  const ignore = variant.applicability === 'safe' ? [] : [hook, ...mayDiffer];
  const extracted = variant.rules.includes(extraction) && keeps ? { only: keeps } : {};
  return after.builds.flatMap(({ image }, index) =>
    differencesOf(before.builds[index]?.image ?? [], image, { mounts, ignore, ...extracted }).map((line) =>
      index === 0 ? line : `after change ${index}: ${line}`,
    ),
  );
}

/** A fix of an order must pay; none may cost steps. An install that was part of a RUN pays by being a step of its own, which is cached. */
function costs(fixCase: FixCase, before: Measured, { title, rules, dockerfile }: Variant, after: Measured): string[] {
  const [, source, ...later] = after.builds;
  const [, sourceBefore, ...laterBefore] = before.builds;
  if (!source || !sourceBefore) return [];
  const told = `a change of a source runs ${source.run} steps, ${sourceBefore.run} before`;
  const isSplit = rules.includes('install-and-build-in-one-run');
  const saves =
    source.run < sourceBefore.run ||
    (source.run === sourceBefore.run && (isSplit || source.cached > sourceBefore.cached));
  const savesLater = later.some(({ run }, index) => run < (laterBefore[index]?.run ?? 0));
  // A mount that keeps what is installed does as well as an order.
  const copies = (text: string) => text.match(/^(COPY|ADD)\b/gim)?.length ?? 0;
  const isMoved = !title.startsWith('all ') || copies(dockerfile) > copies(fixCase.dockerfile);
  const isOrder = isMoved && rules.some((rule) => order.test(rule));
  // A COPY more, which an order needs, may outweigh what a variable spares that is used soon.
  const isEarly = rules.some((rule) => early.test(rule)) && !isOrder;
  return [
    ...(source.run > sourceBefore.run || (isOrder && !saves) ? [told] : []),
    ...(isEarly && !savesLater ? ['a change of the variable runs as many steps'] : []),
  ];
}

function report(fixCase: FixCase, { title, applicability, rules, dockerfile }: Variant, failures: readonly string[]) {
  const lines = failures.slice(0, 8).map((failure) => `  ${failure}`);
  const what = `${fixCase.name}: ${title} (${applicability}, ${[...new Set(rules)].join(', ')})`;
  return [what, ...lines, '--- before', fixCase.dockerfile, '--- after', dockerfile].join('\n');
}
