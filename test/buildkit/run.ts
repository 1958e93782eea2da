import { parseArgs } from 'node:util';
import { type Builder, startBuilder } from './builder.ts';
import { NoBuilder, type Store } from './daemon.ts';
import { type Options, suites } from './suites.ts';

/**
 * The differential tests: the product's answers against those of a real BuildKit. Prints progress to stderr and, last, `N passed, N failed`.
 *
 *   npm run test:buildkit -- [--seed N] [--count N] [--store overlay2|containerd] [--only cases|scenarios|ignore|context|…]
 *
 * Where no builder can run (no root, no apt, a kernel that forbids it) the tests are left out and say so. With CI=true any other failure to
 * start one is an error: CI must not pass without them.
 */
async function main(): Promise<number> {
  const options = readOptions();
  process.stderr.write(`seed ${options.seed}\n`);
  const builders = await start(options.stores);
  if (builders.length === 0) {
    process.stdout.write('0 passed, 0 failed\n');
    return 0;
  }
  const stopAll = () => Promise.all(builders.map((builder) => builder.stop()));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void stopAll().then(() => process.exit(1)));
  try {
    return await runSuites(builders, options);
  } finally {
    await stopAll();
  }
}

function readOptions(): Options & { readonly stores: readonly Store[] } {
  const { values } = parseArgs({
    options: {
      // The same every time, so that a run says something of the change under test. Other seeds explore.
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '1000' },
      store: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const stores = (['overlay2', 'containerd'] as const).filter(
    (store) => values.store === undefined || values.store === store,
  );
  if (stores.length === 0) throw new Error(`there is no store ${values.store}`);
  const seed = Number(values.seed);
  return { seed, count: Number(values.count), only: values.only, stores };
}

/** One builder per store, both at once: each works through its part one build after the other. */
async function start(stores: readonly Store[]): Promise<Builder[]> {
  try {
    const builders: Builder[] = [];
    for (const store of stores) builders.push(await startBuilder(store));
    return builders;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (!(error instanceof NoBuilder) && process.env.CI === 'true') throw error;
    process.stdout.write(`left out: no BuildKit on this machine: ${reason}\n`);
    return [];
  }
}

async function runSuites(builders: readonly Builder[], options: Options): Promise<number> {
  let [passed, failed] = [0, 0];
  for (const [name, suite] of Object.entries(suites)) {
    if (options.only !== undefined && options.only !== name) continue;
    const started = Date.now();
    const result = await suite(builders, options);
    passed += result.passed;
    failed += result.failures.length;
    const seconds = (Date.now() - started) / 1000;
    for (const failure of result.failures) process.stdout.write(`${name}: ${failure}\n`);
    process.stdout.write(
      `${name}: ${result.passed} passed, ${result.failures.length} failed in ${seconds.toFixed(0)} s${result.note}\n`,
    );
  }
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.stdout.write('0 passed, 1 failed\n');
    process.exitCode = 1;
  },
);
