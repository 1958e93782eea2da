import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Builder, startBuilder } from '../builder.ts';
import { BuilderCrash, type Store } from '../daemon.ts';
import { type Comparison, compareInputs } from '../differential.ts';
import type { BuildInput } from '../scenario.ts';
import { dialectOf } from '../suites.ts';
import { history } from './history.ts';
import { type Repository, repository } from './repository.ts';
import { fileServer } from './server.ts';
import { whatIf } from './whatIf.ts';

/**
 * Real Dockerfiles with their real histories, commands and base images replaced by stand-ins, before and after some of their commits, and after
 * changes that nobody committed:
 *
 *   node --import tsx test/buildkit/real/run.ts FOLDER [--store overlay2|containerd] [--each N] [--depth N] [--what-if N] [--seed N] [--only NAME] [--record FOLDER]
 *
 * FOLDER holds clones. Nothing of them is executed. `--each`: Dockerfiles of each repository at most. `--depth`: commits of each at most. `--record`:
 * where to write the builds of each disagreement.
 */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      store: { type: 'string', default: 'overlay2' },
      each: { type: 'string', default: '3' },
      depth: { type: 'string', default: '3' },
      'what-if': { type: 'string', default: '4' },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      record: { type: 'string' },
    },
  });
  const [folder] = positionals;
  if (folder === undefined) throw new Error('name a folder of clones');
  const builder = await startBuilder(values.store === 'containerd' ? 'containerd' : ('overlay2' satisfies Store));
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void builder.stop().then(() => process.exit(1)));
  const tally = { dockerfiles: 0, builds: 0, steps: 0, cutShort: 0, left: 0, failed: 0 };
  const server = await fileServer();
  const numbers = {
    each: Number(values.each),
    depth: Number(values.depth),
    whatIfs: Number(values['what-if']),
    seed: Number(values.seed),
  };
  const run: Run = { builder, server: server.address, ...numbers, record: values.record, tally };
  try {
    for (const name of readdirSync(folder).filter((other) => other.includes(values.only)))
      await compareRepository(run, repository(join(folder, name)));
  } finally {
    server.close();
    await builder.stop();
  }
  const { dockerfiles, builds, steps, cutShort, left, failed } = tally;
  process.stdout.write(
    `${dockerfiles} Dockerfiles, ${builds} builds of ${steps} steps compared, ${cutShort} cut short by a build that fails, ${left} left out\n`,
  );
  process.stdout.write(`${dockerfiles - failed} passed, ${failed} failed\n`);
  return failed > 0 ? 1 : 0;
}

interface Run {
  readonly builder: Builder;
  readonly server: string;
  readonly each: number;
  readonly depth: number;
  readonly whatIfs: number;
  readonly seed: number;
  readonly record: string | undefined;
  readonly tally: Record<'dockerfiles' | 'builds' | 'steps' | 'cutShort' | 'left' | 'failed', number>;
}

async function compareRepository(run: Run, repo: Repository): Promise<void> {
  let compared = 0;
  for (const dockerfile of spread(await repo.dockerfiles(), 3 * run.each)) {
    if (compared >= run.each) break;
    if (await compareDockerfile(run, repo, dockerfile)) compared++;
  }
}

/** Some of a list, from all over it. */
const spread = <T>(list: readonly T[], count: number): T[] => {
  const step = Math.max(1, list.length / count);
  return list.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
};

/** Whether anything could be compared. */
async function compareDockerfile(run: Run, repo: Repository, dockerfile: string): Promise<boolean> {
  const { builder, tally } = run;
  const { excludes: modern, writableContext: writable } = dialectOf(builder);
  const inputs = await history(repo, dockerfile, { depth: run.depth, modern, writable, server: run.server });
  const last = inputs.at(-1);
  const place = `${repo.folder} ${dockerfile}`;
  const results: Comparison[] = [];
  const more = last ? whatIf(last, run.seed + dockerfile.length, run.whatIfs) : [];
  for (const part of windows([...inputs, ...more])) {
    const comparison = await compare(builder, part);
    if (comparison) results.push(comparison);
  }
  const observed = results.flatMap((each) => each.observed);
  const errors = results.flatMap(({ error }) => error?.split('\n')[0] ?? []);
  for (const error of errors) process.stderr.write(`${place}: ${error}\n`);
  if (observed.length === 0) {
    tally.left++;
    return false;
  }
  process.stderr.write(`${place}: ${observed.length} builds compared\n`);
  tally.dockerfiles++;
  tally.builds += observed.length;
  tally.steps += observed.flat().length;
  if (errors.length > 0) tally.cutShort++;
  const disagreements = results.flatMap((each) => each.disagreements);
  if (disagreements.length === 0) return true;
  tally.failed++;
  process.stdout.write(`${place}\n  ${disagreements.join('\n  ')}\n`);
  if (run.record !== undefined) record(run.record, place, results);
  return true;
}

function record(folder: string, place: string, results: readonly Comparison[]): void {
  mkdirSync(folder, { recursive: true });
  const found = results.filter(({ disagreements }) => disagreements.length > 0);
  const plain = found.map((each) => ({
    ...each,
    inputs: each.inputs.map((input) => ({ ...input, files: Object.fromEntries(input.files) })),
  }));
  writeFileSync(
    join(folder, `${place.replace(/^.*?([^/]+ )/, '$1').replace(/\W+/g, '-')}.json`),
    JSON.stringify(plain),
  );
}

/** Each build is compared with all before it, so that long histories are taken in parts, which overlap by one. */
function windows(inputs: readonly BuildInput[]): (readonly BuildInput[])[] {
  const length = 10;
  const starts = inputs.flatMap((_, index) => (index % (length - 1) === 0 ? index : []));
  return starts.map((start) => inputs.slice(start, start + length)).filter((part) => part.length > 1);
}

async function compare(builder: Builder, inputs: readonly BuildInput[]): Promise<Comparison | undefined> {
  try {
    return await compareInputs(builder, inputs);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    if (error instanceof BuilderCrash) await builder.revive();
    return undefined;
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  },
);
