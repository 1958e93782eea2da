// Measures the server as it ships, in a process of its own over stdio: npm run bench
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { serverFlags } from '../../client/src/node/serverFlags.ts';
import type { ContextTimes } from './context.ts';
import { generated } from './dockerfile.ts';
import type { ModelTimes } from './model.ts';
import { residentMemory, startServer, type } from './server.ts';

interface Row {
  readonly what: string;
  readonly value: number | undefined;
  readonly unit: 'ms' | 'MB' | 'kB';
  readonly budget?: number;
}

const root = path.resolve(import.meta.dirname, '../..');
// Bundles of its own: dist/ may hold a development build.
const bundles = mkdtempSync(path.join(tmpdir(), 'cache-lens-bundles-'));
const server = path.join(bundles, 'server.js');
const edits = 60;

/** The value below which `share` of the values lie. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** A folder with what the generated Dockerfiles copy, and some more. */
function workspace(stages: number): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'cache-lens-bench-'));
  for (let number = 1; number <= stages; number++) {
    const service = path.join(folder, `services/service${number}`);
    mkdirSync(path.join(service, 'src'), { recursive: true });
    writeFileSync(path.join(service, 'package.json'), '{ "name": "service", "scripts": { "build": "tsc" } }');
    writeFileSync(path.join(service, 'package-lock.json'), '{ "lockfileVersion": 3, "packages": {} }');
    for (let file = 0; file < 10; file++) writeFileSync(path.join(service, `src/file${file}.ts`), 'export {};\n');
  }
  return folder;
}

async function typing(lines: number): Promise<Row[]> {
  const text = generated(lines);
  const folder = workspace(Math.round(lines / 20));
  const file = path.join(folder, 'Dockerfile');
  writeFileSync(file, text);
  try {
    const running = await startServer(server, pathToFileURL(folder).toString());
    const times = await type(running, pathToFileURL(file).toString(), text, edits);
    const memory = residentMemory(running);
    await running.stop();
    const what = `keystroke to diagnostics, ${text.split('\n').length - 1} lines`;
    const small = lines <= 200;
    return [
      { what: `${what}, p50`, value: quantile(times, 0.5), unit: 'ms', budget: small ? 3 : 25 },
      ...(small ? [{ what: `${what}, p95`, value: quantile(times, 0.95), unit: 'ms', budget: 8 } as const] : []),
      { what: `resident memory, ${lines} lines`, value: memory && memory / 1e6, unit: 'MB', budget: 80 },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Most of the server is loaded behind the reply to `initialize`: the first diagnostics tell what that takes. */
async function starting(): Promise<Row[]> {
  const replies: number[] = [];
  const diagnostics: number[] = [];
  for (let run = 0; run < 9; run++) {
    const before = performance.now();
    const running = await startServer(server, pathToFileURL(tmpdir()).toString());
    replies.push(running.initialized);
    await type(running, 'untitled:Dockerfile', generated(20), 0);
    diagnostics.push(performance.now() - before);
    await running.stop();
  }
  return [
    { what: 'fork to initialize, median of 9', value: quantile(replies, 0.5), unit: 'ms', budget: 120 },
    { what: 'fork to first diagnostics, median of 9', value: quantile(diagnostics, 0.5), unit: 'ms' },
  ];
}

/** The cache model alone, in three processes that run as the extension starts its server. */
function modelling(files: number): Row[] {
  const runs = Array.from({ length: 3 }, () => {
    const { stdout } = spawnSync(process.execPath, [...serverFlags, path.join(bundles, 'model.mjs'), String(files)]);
    const times: ModelTimes = JSON.parse(String(stdout));
    return times;
  });
  const median = (of: (times: ModelTimes) => number) => quantile(runs.map(of), 0.5);
  const what = `model over ${files} files`;
  const first = median((times) => times.first);
  const edits = median(({ edits: all }) => quantile(all, 0.5));
  const pause = median((times) => Math.max(times.first, quantile([...times.edits, ...times.changes], 0.95)));
  if (files <= 10_000)
    return [
      { what: `${what}, first answer`, value: first, unit: 'ms', budget: 150 },
      { what: `${what}, after an edit, p50`, value: edits, unit: 'ms', budget: 5 },
    ];
  return [
    { what: `${what}, longest pause`, value: pause, unit: 'ms', budget: 50 },
    { what: `${what}, resident memory`, value: median(({ memory }) => memory / 1e6), unit: 'MB', budget: 120 },
  ];
}

/** A context on the disk, three times. */
function listing(files: number): Row[] {
  const args = [...serverFlags, path.join(bundles, 'context.mjs'), String(files)];
  const runs = Array.from({ length: 3 }, (): ContextTimes => {
    const { stdout } = spawnSync(process.execPath, args);
    return JSON.parse(String(stdout));
  });
  const median = (of: (times: ContextTimes) => number) => quantile(runs.map(of), 0.5);
  const what = `context of ${files} files`;
  const scan = { what: `${what}, first scan`, value: median((times) => times.scan), unit: 'ms' } as const;
  if (files <= 10_000) return [{ ...scan, budget: 150 }];
  return [
    { ...scan, budget: 1500 },
    { what: `${what}, longest pause`, value: median((times) => times.pause), unit: 'ms', budget: 50 },
    { what: `${what}, another ignore file`, value: median((times) => times.ignore), unit: 'ms', budget: 100 },
    { what: `${what}, resident memory`, value: median(({ memory }) => memory / 1e6), unit: 'MB', budget: 150 },
  ];
}

const size = (file: string): number => statSync(path.resolve(bundles, file)).size;

function sizes(): Row[] {
  const row = (what: string, files: readonly string[], budget?: number): Row => {
    const bytes = files.reduce((sum, file) => sum + size(file), 0);
    return { what, value: bytes / 1000, unit: 'kB', ...(budget && { budget }) };
  };
  const parts = readdirSync(path.join(bundles, 'server')).map((name) => `server/${name}`);
  const vsix = readdirSync(root).find((name) => name.endsWith('.vsix'));
  return [
    row('client bundle', ['client.js'], 450),
    // What is there when `initialize` is replied to.
    row('server entry', ['server.js', 'server/library.js'], 400),
    row('server, all files', ['server.js', ...parts]),
    row('browser client bundle', ['browser/client.js'], 450),
    row('browser server bundle', ['browser/server.js'], 400),
    ...(vsix ? [row(vsix, [path.join(root, vsix)], 1000)] : []),
  ];
}

function print(rows: readonly Row[]): void {
  const width = Math.max(...rows.map(({ what }) => what.length));
  for (const { what, value, unit, budget } of rows) {
    const shown = value === undefined ? 'not known' : `${value.toFixed(unit === 'ms' ? 1 : 0)} ${unit}`;
    const verdict = value !== undefined && budget !== undefined && value > budget ? '  OVER' : '';
    const allowed = budget === undefined ? 'no budget' : `budget ${budget} ${unit}`;
    console.log(`${what.padEnd(width)}  ${shown.padStart(10)}   ${allowed}${verdict}`);
  }
}

async function main(): Promise<void> {
  const build = [path.join(root, 'scripts/build.mjs'), '--production', `--out=${bundles}`];
  const built = spawnSync(process.execPath, build, { encoding: 'utf8' });
  if (built.status !== 0) throw new Error(`The build failed:\n${built.stderr}`);
  buildSync({
    entryPoints: ['model', 'context'].map((name) => path.join(root, `test/bench/${name}.ts`)),
    outdir: bundles,
    outExtension: { '.js': '.mjs' },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  const load = loadavg()[0] ?? 0;
  if (load > 1)
    console.log(
      `Others keep this machine busy (load ${load.toFixed(1)} on ${cpus().length} processors): times are too long.`,
    );
  print([
    ...(await typing(200)),
    ...(await typing(2000)),
    ...(await starting()),
    ...listing(10_000),
    ...listing(100_000),
    ...modelling(10_000),
    ...modelling(100_000),
    ...sizes(),
  ]);
}

main()
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .finally(() => rmSync(bundles, { recursive: true, force: true }));
