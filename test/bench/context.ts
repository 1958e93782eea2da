// A build context on the disk, in a process of its own: what listing it costs, and following its changes. Prints one JSON line.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterChanges, openContextFolder, withIgnore } from '../../server/src/node/contextFolder.ts';
import { openDisk } from '../../server/src/node/disk.ts';
import { compileAtOnce, tuneEngine } from '../../server/src/node/engine.ts';

/** Milliseconds, and bytes. */
export interface ContextTimes {
  /** Until every file is known. */
  readonly scan: number;
  /** The longest that nothing else could run meanwhile. */
  readonly pause: number;
  /** Until it is known what another ignore file lets in. */
  readonly ignore: number;
  /** Until a change of one file is known, and the calls of the file system for it. */
  readonly change: number;
  readonly reads: number;
  /** Of the whole process. */
  readonly memory: number;
}

/** None of them is ignored for good: each is looked at. */
function makeFiles(root: string, files: number): void {
  for (let index = 0; index < files; index++) {
    const folder = path.join(root, `services/service${index % 10}/src/part${index % 400}`);
    if (index < 4000) mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `${String.fromCharCode(97 + (index % 26))}${index}.ts`), 'export {};\n');
  }
}

const before = {
  path: '.dockerignore',
  text: '**/*.md\n.git\nservices/service9/src/part9\n!services/service9/src/part9/x*\n',
};
const after = { path: '.dockerignore', text: '**/*.md\n**/part1*\n.git\n!**/part1*/x*\nservices/*/src/part2/**\n' };

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const start = performance.now();
  const result = await work();
  return [performance.now() - start, result];
}

async function measure(root: string): Promise<ContextTimes> {
  const disk = openDisk();
  const delays = monitorEventLoopDelay({ resolution: 1 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  delays.enable();
  const [scan, folder] = await timed(() => openContextFolder(disk, root, before));
  await new Promise((resolve) => setTimeout(resolve, 20));
  delays.disable();
  const [ignore, edited] = await timed(() => withIgnore(disk, folder, after));
  const reads = disk.reads;
  writeFileSync(path.join(root, 'services/service0/src/part0/new.ts'), '');
  const [change] = await timed(() => afterChanges(disk, edited, ['services/service0/src/part0/new.ts']));
  const memory = process.memoryUsage().rss;
  return { scan, pause: delays.max / 1e6, ignore, change, reads: disk.reads - reads, memory };
}

tuneEngine();
compileAtOnce();
const root = mkdtempSync(path.join(tmpdir(), 'cache-lens-context-'));
makeFiles(root, Number(process.argv[2]));
measure(root)
  .then((times) => console.log(JSON.stringify(times)))
  .finally(() => rmSync(root, { recursive: true, force: true }));
