import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { freemem } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Engine, engine } from './engine.ts';
import { exec } from './exec.ts';
import { cacheFolder, installPrograms, type Programs } from './packages.ts';

/** Where layers are kept. Only the containerd store can merge layers, which makes `COPY --link` what its documentation says. */
export type Store = 'overlay2' | 'containerd';

export interface Daemon {
  readonly store: Store;
  readonly version: string;
  readonly engine: Engine;
  readonly programs: Programs;
  /** For build contexts and the like; removed by `stop`. */
  readonly folder: string;
  /** What a client needs to reach it. */
  readonly env: NodeJS.ProcessEnv;
  /** Rejects with a `BuilderCrash` where dockerd has ended by itself, with its last words. */
  assertAlive(): Promise<void>;
  stop(): Promise<void>;
}

/** Thrown where this machine can never run a builder, as against one that failed. */
export class NoBuilder extends Error {}

/** Thrown where dockerd ended by itself: BuildKit 0.13 can crash when one branch of a build fails while another is being saved. */
export class BuilderCrash extends Error {}

const gibibyte = 2 ** 30;
const stateSize = 6 * gibibyte;

/** Starts Docker on a unix socket of its own, in memory where there is enough. Its network is off: builds reach nothing. */
export async function startDaemon(store: Store): Promise<Daemon> {
  if (process.getuid?.() !== 0) throw new NoBuilder('dockerd needs root');
  const programs = await findPrograms();
  await removeStale();
  const folder = join(cacheFolder(), `run-${process.pid}-${store}`);
  await mkdir(folder, { recursive: true });
  if (freemem() > 2 * stateSize) await mountMemory(folder);
  const child = await spawnDaemon(programs, folder, store);
  const stop = () => stopDaemon(child, folder);
  try {
    const socket = join(folder, 'docker.sock');
    const api = engine(socket);
    const version = await ready(api, child, folder);
    await mkdir(join(folder, 'client'), { recursive: true });
    const assertAlive = async () => {
      if (hasEnded(child)) throw new BuilderCrash(`dockerd ended: ${await lastWords(folder)}`);
    };
    return { store, version, engine: api, programs, folder, env: clientEnvironment(folder, socket), assertAlive, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function findPrograms(): Promise<Programs> {
  const missing = [];
  for (const [program, flag] of [['apt-get', '--version'] as const, ['dpkg-deb', '--version'] as const]) {
    await exec(program, [flag]).catch(() => missing.push(program));
  }
  if (missing.length > 0) throw new NoBuilder('Docker comes from Debian packages, and this machine has no apt');
  return await installPrograms();
}

/** Where it cannot be mounted the folder stays on disk, which is slower and nothing else. */
const mountMemory = (folder: string) => exec('mount', ['-t', 'tmpfs', '-o', `size=${stateSize}`, 'tmpfs', folder]);

async function spawnDaemon(programs: Programs, folder: string, store: Store): Promise<ChildProcess> {
  const config = {
    builder: { gc: { enabled: false } },
    features: { 'containerd-snapshotter': store === 'containerd' },
    ...(store === 'overlay2' ? { 'storage-driver': 'overlay2' } : {}),
    'data-root': join(folder, 'data'),
    'exec-root': join(folder, 'exec'),
    pidfile: join(folder, 'docker.pid'),
    hosts: [`unix://${join(folder, 'docker.sock')}`],
    iptables: false,
    ip6tables: false,
    bridge: 'none',
    'userland-proxy': false,
  };
  await writeFile(join(folder, 'daemon.json'), JSON.stringify(config));
  const log = openSync(join(folder, 'dockerd.log'), 'w');
  const env = { ...process.env, ...frugal, PATH: `${programs.path}:${process.env.PATH}` };
  const args = ['--config-file', join(folder, 'daemon.json')];
  const child = spawn(programs.dockerd, args, { env, detached: true, stdio: ['ignore', log, log] });
  closeSync(log);
  return child;
}

async function ready(api: Engine, child: ChildProcess, folder: string): Promise<string> {
  for (let tries = 0; tries < 300 && !hasEnded(child); tries++) {
    const version = await api.version().catch(() => undefined);
    if (version) return version;
    await sleep(100);
  }
  const message = `dockerd does not start: ${await lastWords(folder)}`;
  throw forbidden.test(message) ? new NoBuilder(message) : new Error(message);
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** Words in dockerd's log by which a kernel or a sandbox says that it will never do. */
const forbidden =
  /operation not permitted|permission denied|not supported|no such device|read-only file system|not mounted/i;

/** The line of dockerd's log that tells most: a crash's first, otherwise the last that speaks of an error. */
async function lastWords(folder: string): Promise<string> {
  const lines = (await readFile(join(folder, 'dockerd.log'), 'utf8')).trim().split('\n');
  const crash = lines.findIndex((line) => /^(panic|fatal error|runtime:|SIG[A-Z]+):/.test(line));
  if (crash >= 0) return lines.slice(crash, crash + 12).join(' | ');
  return lines.findLast((line) => /failed|error|fatal/i.test(line)) ?? lines.at(-1) ?? 'no word in its log';
}

async function stopDaemon(child: ChildProcess, folder: string): Promise<void> {
  child.kill('SIGTERM');
  for (let tries = 0; tries < 150 && !hasEnded(child); tries++) await sleep(100);
  child.kill('SIGKILL');
  await unmountAll(folder);
  await rm(folder, { recursive: true, force: true });
}

/** What dockerd left mounted, and the folder itself where it is in memory, deepest first. */
async function unmountAll(folder: string): Promise<void> {
  const table = await readFile('/proc/self/mounts', 'utf8');
  const points = table.split('\n').map((line) => line.split(' ')[1] ?? '');
  const inside = points.filter((point) => point === folder || point.startsWith(`${folder}/`));
  for (const point of inside.sort((a, b) => b.length - a.length)) await exec('umount', ['-l', point]);
}

/** Removes what runs left behind that were killed before they could clean up, their daemons included. */
async function removeStale(): Promise<void> {
  for (const name of await readdir(cacheFolder())) {
    const owner = /^run-(\d+)-/.exec(name)?.[1];
    if (owner === undefined || existsSync(`/proc/${owner}`)) continue;
    const folder = join(cacheFolder(), name);
    const pid = Number(await readFile(join(folder, 'docker.pid'), 'utf8').catch(() => ''));
    const command = pid > 0 ? await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '') : '';
    if (command.includes(folder)) process.kill(pid, 'SIGKILL');
    await unmountAll(folder);
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * For Go's runtime: one thread of work and rare collections. A builder is busy with short programs and little data, so that both cost it a fifth
 * of its processor time, and one thread makes edges of BuildKit's solver meet in the same order every time.
 */
const frugal = { GOMAXPROCS: '1', GOGC: '800' };

/** No proxy variable of this machine may become a build argument, and nobody asks for the git revision of a context. */
function clientEnvironment(folder: string, socket: string): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/_proxy$/i.test(name));
  return {
    ...Object.fromEntries(own),
    ...frugal,
    BUILDX_GIT_INFO: 'false',
    DOCKER_HOST: `unix://${socket}`,
    DOCKER_CONFIG: join(folder, 'client'),
    BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
  };
}
