import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Daemon } from './daemon.ts';
import { mustExec } from './exec.ts';
import { type Family, familyOf } from './families.ts';
import { stubFiles } from './stubs/index.ts';
import { type TarEntry, writeTar } from './tar.ts';

/**
 * Which images the names stand for: one for all of them, one with what the official image of that name has, or one with a file and a configuration of
 * its own.
 */
export type Images = 'one' | 'official' | 'own';

const name = 'stand-in:base';

const folders = ['bin', 'dev', 'etc', 'home', 'home/node', 'proc', 'root', 'sys', 'usr', 'usr/bin', 'usr/local'];
const moreFolders = ['usr/local/bin', 'usr/local/lib', 'usr/local/lib/stubs', 'var', 'var/cache', 'var/lib'];

const accounts = {
  'etc/passwd':
    'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n',
  'etc/group': 'root:x:0:\nnode:x:1000:\nnobody:x:65534:\n',
  'etc/os-release': 'ID=stand-in\n',
};

const entry = (path: string, type: TarEntry['type'], rest: Partial<TarEntry> = {}): TarEntry => ({
  path,
  type,
  mode: type === 'directory' ? 0o755 : 0o644,
  uid: 0,
  gid: 0,
  target: '',
  content: Buffer.alloc(0),
  ...rest,
});

/** The layer that stands in for every base image: a static busybox, three accounts and stub tools. */
async function baseLayer(busybox: string): Promise<readonly TarEntry[]> {
  const applets = (await mustExec(busybox, ['--list'])).toString().trim().split('\n');
  return [
    ...[...folders, ...moreFolders].map((path) => entry(path, 'directory')),
    entry('tmp', 'directory', { mode: 0o1777 }),
    entry('bin/busybox', 'file', { mode: 0o755, content: await readFile(busybox) }),
    // Busybox has no applet of that name.
    entry('bin/bash', 'file', { mode: 0o755, content: Buffer.from('#!/bin/sh\nexec /bin/sh "$@"\n') }),
    ...applets
      .filter((applet) => applet !== 'busybox')
      .map((applet) => entry(`bin/${applet}`, 'symlink', { mode: 0o777, target: 'busybox' })),
    ...Object.entries(accounts).map(([path, text]) => entry(path, 'file', { content: Buffer.from(text) })),
    ...stubFiles().map(({ path, text, mode }) => entry(path, 'file', { mode, content: Buffer.from(text) })),
  ];
}

const config = ['ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'CMD ["/bin/sh"]'];

/** Gives the daemon its base image and returns a function that lets more names stand for it, or for one of their own. */
export async function installBaseImage(
  daemon: Daemon,
): Promise<(names: Iterable<string>, images: Images) => Promise<void>> {
  const layer = await baseLayer(daemon.programs.busybox);
  await daemon.engine.importImage(name, writeTar(layer), config);
  const installed = { one: tagOf(daemon), official: familyImage(daemon, layer), own: ownImage(daemon, layer) };
  const tagged = new Map<string, { readonly images: Images; readonly done: Promise<void> }>();
  const give = (wanted: string, images: Images): Promise<void> => {
    const before = tagged.get(wanted);
    if (before?.images === images) return before.done;
    const done = installed[images](wanted);
    tagged.set(wanted, { images, done });
    return done;
  };
  return async (names, images) => {
    await Promise.all([...names].map((each) => give(each, images)));
  };
}

type Install = (wanted: string) => Promise<void>;

const tagOf =
  ({ engine }: Daemon): Install =>
  (wanted) =>
    engine.tag(name, wanted);

/** Each is made once, under a name of its own: tests ask now for these and now for others. */
function ownImage({ engine }: Daemon, layer: readonly TarEntry[]): Install {
  const made = new Map<string, Promise<void>>();
  return async (wanted) => {
    const image = `stand-in:own-${createHash('sha256').update(wanted).digest('hex')}`;
    const file = entry('etc/image', 'file', { content: Buffer.from(wanted) });
    const settings = [...config, ...ownConfig(wanted)];
    const done = made.get(image) ?? engine.importImage(image, writeTar([...layer, file]), settings);
    made.set(image, done);
    await done;
    await engine.tag(image, wanted);
  };
}

/** By the name's letters: variables, often a working directory, sometimes a user. */
function ownConfig(wanted: string): string[] {
  const sum = [...wanted].reduce((total, letter) => total + letter.charCodeAt(0), 0);
  const config = [`ENV IMAGE_VERSION=${sum} LANG=C.UTF-8 HOME=/root`];
  if (sum % 3 === 0) config.push('WORKDIR /image/work');
  if (sum % 5 === 0) config.push('USER 0:7');
  return config;
}

const familyImage =
  (daemon: Daemon, layer: readonly TarEntry[]): Install =>
  (wanted) =>
    importFamily(daemon, wanted, layer);

function importFamily(daemon: Daemon, wanted: string, layer: readonly TarEntry[]): Promise<void> {
  const family = familyOf(wanted);
  const settings = Object.entries(family.env).map(([variable, value]) => `ENV ${variable}=${value}`);
  const user = family.user === undefined ? [] : [`USER ${family.user}`];
  // The daemon takes each path only once.
  const entries = new Map([...layer, ...extraEntries(family)].map((each) => [each.path, each]));
  return daemon.engine.importImage(wanted, writeTar([...entries.values()]), [...config, ...settings, ...user]);
}

/** What the family has besides, and in place of, the base layer's. */
function extraEntries({ users, folders: more, links, files }: Family): TarEntry[] {
  const known = users.map((user) => user.split(':'));
  const owner = (path: string) => {
    const [, uid = '0', gid = '0'] = known.find(([, , , home]) => home && `/${path}`.startsWith(home)) ?? [];
    return { uid: Number(uid), gid: Number(gid) };
  };
  const root = 'root:x:0:0:root:/root:/bin/sh\n';
  const passwd = known.map(([user, uid, gid, home]) => `${user}:x:${uid}:${gid}::${home}:/bin/sh\n`).join('');
  const group = known.map(([user, , gid]) => `${user}:x:${gid}:\n`).join('');
  return [
    entry('home/node', 'directory', owner('home/node')),
    ...more.map((path) => entry(path, 'directory', owner(path))),
    ...Object.entries(links).map(([path, target]) => entry(path, 'symlink', { mode: 0o777, target })),
    ...Object.entries({
      ...files,
      'etc/passwd': `${root}${passwd}nobody:x:65534:65534::/:/bin/sh\n`,
      'etc/group': `root:x:0:\n${group}nobody:x:65534:\n`,
    }).map(([path, text]) => entry(path, 'file', { content: Buffer.from(text) })),
  ];
}
