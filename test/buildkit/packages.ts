import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { exec, mustExec } from './exec.ts';

/**
 * Debian's release with Docker 26.1.5 (BuildKit 0.13.2): new enough for every rule of the model, old enough to run on the release before it. Others
 * can be asked by name: `CACHE_LENS_DEBIAN=sid` has a newer one.
 */
const release = process.env.CACHE_LENS_DEBIAN ?? 'trixie';
const packages = ['docker.io', 'docker-buildx', 'containerd', 'busybox-static'];
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** The programs of a builder, extracted into a folder of their own: nothing is installed. */
export interface Programs {
  readonly dockerd: string;
  readonly buildx: string;
  readonly busybox: string;
  /** Folder with containerd, its shim and runc, to be put on dockerd's PATH. */
  readonly path: string;
}

export const cacheFolder = (): string =>
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'dockerfile-cache-lens', 'buildkit');

/** Downloads and extracts the packages once; later calls find them. Rejects where apt or the network cannot serve them. */
export async function installPrograms(): Promise<Programs> {
  const root = join(cacheFolder(), release);
  if (!existsSync(root)) await download(root);
  return {
    dockerd: join(root, 'usr/sbin/dockerd'),
    buildx: join(root, 'usr/libexec/docker/cli-plugins/docker-buildx'),
    busybox: join(root, 'usr/bin/busybox'),
    path: join(root, 'usr/bin'),
  };
}

/** Builds the folder under another name first, so that a broken download leaves nothing that looks whole. */
async function download(root: string): Promise<void> {
  const work = `${root}.${process.pid}`;
  try {
    await mkdir(join(work, 'root'), { recursive: true });
    const mirror = await debianMirror();
    const list = join(work, 'sources.list');
    await writeFile(list, `deb [signed-by=${keyring}] ${mirror} ${release} main\n`);
    await fetchPackages(join(work, 'docker'), packages, [
      `Dir::Etc::SourceList=${list}`,
      'Dir::Etc::SourceParts=/dev/null',
    ]);
    await extract(join(work, 'docker'), join(work, 'root'));
    await addRunc(work);
    await rename(join(work, 'root'), root);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** runc is linked against the C library of its own release, so it comes from the machine's; the others run on the release before theirs. */
async function addRunc(work: string): Promise<void> {
  await fetchPackages(join(work, 'runc'), ['runc'], []);
  await extract(join(work, 'runc'), join(work, 'root'));
  const runc = join(work, 'root/usr/sbin/runc');
  await chmod(runc, 0o755);
  await mustExec(runc, ['--version']);
  await rename(runc, join(work, 'root/usr/bin/runc'));
}

/** Where this machine gets Debian's packages from, by its own apt configuration. */
async function debianMirror(): Promise<string> {
  const { stdout } = await exec('apt-get', ['indextargets', '--format', '$(SITE)']);
  const sites = stdout.toString().split('\n');
  const site = sites.find((line) => line.includes('debian') && !line.includes('security'));
  if (!site) throw new Error('apt is not configured with a mirror of Debian');
  return site;
}

/** Lists and archives go into the folder, so that the machine's own apt state stays as it is. */
async function fetchPackages(folder: string, names: readonly string[], settings: readonly string[]): Promise<void> {
  const lists = join(folder, 'lists');
  await mkdir(join(lists, 'partial'), { recursive: true });
  await mkdir(join(folder, 'cache/archives/partial'), { recursive: true });
  const all = [...settings, `Dir::State::Lists=${lists}`, `Dir::Cache=${join(folder, 'cache')}`];
  const options = ['-q', ...[...all, 'APT::Sandbox::User=root'].flatMap((setting) => ['-o', setting])];
  await mustExec('apt-get', [...options, 'update'], { timeout: 300_000 });
  await mustExec('apt-get', [...options, 'download', ...names], { cwd: folder, timeout: 600_000 });
}

async function extract(folder: string, root: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith('.deb')) await mustExec('dpkg-deb', ['-x', join(folder, name), root]);
  }
}
