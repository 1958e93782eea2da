import type { Builder } from '../builder.ts';
import { BuilderCrash } from '../daemon.ts';
import type { FixCase } from './case.ts';
import { generateCase } from './generate.ts';
import { orderCases } from './handwritten/order.ts';
import { otherCases } from './handwritten/others.ts';
import { stageCases } from './handwritten/stages.ts';
import { prove, type Trial } from './prove.ts';
import { type Variant, variantsOf } from './variants.ts';

export interface Proof {
  readonly passed: number;
  readonly failures: readonly string[];
  /** For the summary, with a comma before it. */
  readonly note: string;
}

/** Fixes of one rule and kind are built by themselves so often; after that only together with the others of their Dockerfile. */
const mostAlone = 4;

/** Proves the fixes of so many Dockerfiles that have any: the written ones, then generated ones. */
export async function proveFixes(builders: readonly Builder[], seed: number, count: number): Promise<Proof> {
  const trials = await plan(seed, count);
  const failures: string[] = [];
  let [next, done, passed, unbuildable] = [0, 0, 0, 0];
  const work = async (builder: Builder) => {
    for (let trial = trials[next++]; trial; trial = trials[next++]) {
      const wrong = await persisting(builder, trial);
      if (wrong === undefined) unbuildable++;
      else if (wrong.length === 0) passed++;
      else failures.push(wrong.join('\n\n'));
      if (++done % 50 === 0) process.stderr.write(`${done} Dockerfiles, ${failures.length} failed\n`);
    }
  };
  await Promise.all(builders.map(work));
  if (unbuildable > count / 20) failures.push(`${unbuildable} Dockerfiles cannot be built as they are`);
  const variants = trials.flatMap((trial) => trial.variants);
  return { passed, failures, note: `, ${variants.length} fixes and sets of fixes (${tallyOf(variants)})` };
}

async function plan(seed: number, count: number): Promise<Trial[]> {
  const alone = new Map<string, number>();
  const isWanted = ({ rules, title, applicability }: Variant): boolean => {
    if (title.startsWith('all ')) return true;
    const key = `${rules[0]} ${applicability}`;
    alone.set(key, (alone.get(key) ?? 0) + 1);
    return (alone.get(key) ?? 0) <= mostAlone;
  };
  const trials: Trial[] = [];
  for (const fixCase of cases(seed, count)) {
    const { variants } = await variantsOf(fixCase);
    if (variants.length > 0) trials.push({ fixCase, variants: variants.filter(isWanted) });
    if (trials.length === count) break;
  }
  return trials;
}

function* cases(seed: number, count: number): Generator<FixCase> {
  yield* orderCases;
  yield* otherCases;
  yield* stageCases;
  for (let each = seed; each < seed + 2 * count; each++) yield generateCase(each);
}

/** What crashed the builder is tried once more. */
async function persisting(builder: Builder, trial: Trial): Promise<string[] | undefined> {
  try {
    return await prove(builder, trial);
  } catch (error) {
    if (!(error instanceof BuilderCrash)) throw error;
    await builder.revive();
    return await prove(builder, trial);
  }
}

function tallyOf(variants: readonly Variant[]): string {
  const counts = new Map<string, number>();
  for (const rule of variants.flatMap(({ rules }) => rules)) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([rule, times]) => `${rule} ${times}`)
    .join(', ');
}
