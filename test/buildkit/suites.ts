import type { Builder } from './builder.ts';
import { readCases, readIgnoreCases, readObservedScenarios } from './cases.ts';
import { contextFailures } from './contexts.ts';
import { BuilderCrash } from './daemon.ts';
import { type Comparison, compareScenario } from './differential.ts';
import { exampleFailure, examples } from './examples.ts';
import { proveFixes } from './fixes/suite.ts';
import type { Dialect } from './generate/draft.ts';
import { generateScenario } from './generate/scenario.ts';
import { generateIgnoreCase, ignoreFailure } from './ignore.ts';
import type { Scenario } from './scenario.ts';
import { shrink } from './shrink.ts';

export interface Options {
  readonly seed: number;
  /** How many scenarios to generate. */
  readonly count: number;
  /** The name of the one suite to run. */
  readonly only: string | undefined;
}

export interface SuiteResult {
  readonly passed: number;
  readonly failures: readonly string[];
  /** For the summary, with a comma before it. */
  readonly note: string;
}

type Suite = (builders: readonly Builder[], options: Options) => Promise<SuiteResult>;

/** In the order in which they run. */
export const suites: Readonly<Record<string, Suite>> = {
  cases: fixedCases,
  observed: observedScenarios,
  ignore: ignoreFiles,
  context: generatedContexts,
  equivalence,
  scenarios: generatedScenarios,
};

/** Every disagreement that was ever found. */
async function fixedCases(builders: readonly Builder[]): Promise<SuiteResult> {
  const cases = readCases();
  return await eachOn(builders, async (builder) => {
    const own = cases.filter(({ store = builder.store }) => store === builder.store);
    return await inTurn(own, async (scenario) => await caseFailure(builder, scenario));
  });
}

/**
 * What other builders were seen to do, done by this one. What its frontend does not know yet cannot be asked, and SOURCE_DATE_EPOCH
 * enters the key of WORKDIR only since BuildKit 0.22.
 */
async function observedScenarios(builders: readonly Builder[]): Promise<SuiteResult> {
  const scenarios = readObservedScenarios().filter((scenario) => !/SOURCE_DATE_EPOCH/.test(JSON.stringify(scenario)));
  return await eachOn(builders, async (builder, part) => {
    const own = scenarios.filter((_, index) => index % builders.length === part);
    const failures = await inTurn(own, async (scenario) => await caseFailure(builder, scenario));
    return failures.filter((failure) => !failure?.includes('unknown flag'));
  });
}

async function caseFailure(builder: Builder, scenario: Scenario): Promise<string | undefined> {
  const { disagreements, error } = await compareScenario(builder, scenario);
  const wrong = error === undefined ? disagreements : [...disagreements, error];
  return wrong.length > 0 ? `${scenario.id} on ${builder.store}: ${wrong.join('; ')}` : undefined;
}

/** That the comparison of images finds out what it must; then the fixes of a fifth as many Dockerfiles as scenarios. */
async function equivalence(builders: readonly Builder[], { seed, count }: Options): Promise<SuiteResult> {
  const compared = await eachOn(builders, async (builder, part) => {
    const own = examples.filter((_, index) => index % builders.length === part);
    return await inTurn(own, async (example) => await exampleFailure(builder, example));
  });
  const fixes = await proveFixes(builders, seed, Math.ceil(0.21 * count));
  const failures = [...compared.failures, ...fixes.failures];
  return { passed: compared.passed + fixes.passed, failures, note: fixes.note };
}

/** All builders at once; each entry is one test, undefined where it passed. */
async function eachOn(
  builders: readonly Builder[],
  work: (builder: Builder, part: number) => Promise<(string | undefined)[]>,
): Promise<SuiteResult> {
  const results = (await Promise.all(builders.map(work))).flat();
  const failures = results.filter((result) => result !== undefined);
  return { passed: results.length - failures.length, failures, note: '' };
}

interface Tally {
  compared: number;
  builds: number;
  failedBuilds: number;
  unrepeated: number;
  crashes: number;
  readonly failures: string[];
}

/** The seeds are dealt out to the builders in turn. Those that cannot be built at all are left out and not counted. */
async function generatedScenarios(builders: readonly Builder[], { seed, count }: Options): Promise<SuiteResult> {
  const tally: Tally = { compared: 0, builds: 0, failedBuilds: 0, unrepeated: 0, crashes: 0, failures: [] };
  const started = Date.now();
  let next = seed;
  const work = async (builder: Builder) => {
    while (tally.compared < count && next < seed + 2 * count) {
      await revivingBuilder(builder, tally, () => compareSeed(builder, next++, tally));
      if (tally.compared % 50 === 0)
        process.stderr.write(`${tally.compared} scenarios, ${tally.failures.length} failed\n`);
    }
  };
  await Promise.all(builders.map(work));
  if (tally.compared < count) tally.failures.push(`only ${tally.compared} of ${2 * count} scenarios can be built`);
  const rate = Math.round(tally.compared / ((Date.now() - started) / 60_000));
  const { builds, failedBuilds, unrepeated, crashes, failures } = tally;
  const oddities = `${failedBuilds} scenarios cut short by a build that fails, ${unrepeated} disagreements that did not come again, ${crashes} crashes of the builder`;
  const note = `, ${rate} a minute, ${builds} builds compared, ${oddities}`;
  return { passed: Math.max(0, tally.compared - failures.length), failures, note };
}

/** What crashed the builder cannot be judged; what comes next can, if it is started again. */
async function revivingBuilder(builder: Builder, tally: Tally, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof BuilderCrash)) throw error;
    process.stderr.write(`${error.message}\n`);
    tally.crashes++;
    await builder.revive();
  }
}

async function compareSeed(builder: Builder, seed: number, tally: Tally): Promise<void> {
  const scenario = generateScenario(seed, dialectOf(builder));
  const comparison = await compareScenario(builder, scenario);
  if (comparison.observed.length === 0) return;
  tally.compared++;
  tally.builds += comparison.observed.length;
  if (comparison.error !== undefined) tally.failedBuilds++;
  if (comparison.disagreements.length === 0) return;
  // Two edges of BuildKit's solver that meet in the same instant may miss each other: what the model has wrong comes again.
  if (!(await disagrees(builder, scenario))) tally.unrepeated++;
  else tally.failures.push(await report(builder, scenario, comparison));
}

/** Docker 28 has the first Dockerfile frontend that takes `--exclude` without a syntax line. */
export const dialectOf = ({ version, store }: Builder): Dialect => ({
  excludes: Number.parseInt(version, 10) >= 28,
  writableContext: store === 'containerd',
});

const disagrees = async (builder: Builder, scenario: Scenario): Promise<boolean> => {
  try {
    return (await compareScenario(builder, scenario)).disagreements.length > 0;
  } catch (error) {
    if (error instanceof BuilderCrash) throw error;
    // Shrinking made a scenario that cannot be replayed.
    return false;
  }
};

/** The smallest scenario that still disagrees, ready to become a case. */
async function report(builder: Builder, scenario: Scenario, comparison: Comparison): Promise<string> {
  process.stderr.write(`${scenario.id} disagrees, shrinking it\n`);
  const smallest = await shrink(scenario, (candidate) => disagrees(builder, candidate));
  const { disagreements, observed } = await compareScenario(builder, smallest);
  const lines = disagreements.length > 0 ? disagreements : comparison.disagreements;
  return [
    `${scenario.id} on ${builder.store}`,
    ...lines,
    smallest.dockerfile,
    JSON.stringify({ ...smallest, observed }),
  ].join('\n');
}

/** The recorded ignore files, and a tenth as many generated ones as scenarios: each is one build. */
async function ignoreFiles(builders: readonly Builder[], { seed, count }: Options): Promise<SuiteResult> {
  const generated = Array.from({ length: Math.ceil(count / 10) }, (_, index) => generateIgnoreCase(seed + index));
  const cases = [...readIgnoreCases(), ...generated];
  return await eachOn(builders, async (builder, part) => {
    const own = cases.filter((_, index) => index % builders.length === part);
    return await inTurn(own, async (ignoreCase) => await ignoreFailure(builder, ignoreCase));
  });
}

/** Folders of one build. */
const batch = 40;

/** A third as many folders as scenarios, dealt out to the builders. */
async function generatedContexts(builders: readonly Builder[], { seed, count }: Options): Promise<SuiteResult> {
  return await eachOn(builders, async (builder, part) => {
    const own = Array.from({ length: Math.ceil(count / 3) }, (_, index) => seed + index).filter(
      (each) => each % builders.length === part,
    );
    const batches = Array.from({ length: Math.ceil(own.length / batch) }, (_, index) =>
      own.slice(index * batch, (index + 1) * batch),
    );
    return (await inTurn(batches, async (seeds) => await contextFailures(builder, seeds))).flat();
  });
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}
