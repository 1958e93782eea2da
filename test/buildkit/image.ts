import { readFile } from 'node:fs/promises';
import type { Daemon } from './daemon.ts';
import { mustExec } from './exec.ts';
import { stubFiles } from './stubs/index.ts';
import { type TarEntry, writeTar } from './tar.ts';

const name = 'stand-in:base';

const folders = ['bin', 'dev', 'etc', 'home', 'home/node', 'proc', 'root', 'sys', 'usr', 'usr/bin', 'usr/local'];
const moreFolders = ['usr/local/bin', 'usr/local/lib', 'var', 'var/cache', 'var/lib'];

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

/** The image that stands in for every base image: a static busybox, three accounts and stub tools. */
async function baseLayer(busybox: string): Promise<Buffer> {
  const applets = (await mustExec(busybox, ['--list'])).toString().trim().split('\n');
  return writeTar([
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
  ]);
}

/** Gives the daemon its base image and returns a function that lets more names stand for it. */
export async function installBaseImage(daemon: Daemon): Promise<(names: Iterable<string>) => Promise<void>> {
  const config = ['ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'CMD ["/bin/sh"]'];
  await daemon.engine.importImage(name, await baseLayer(daemon.programs.busybox), config);
  const tagged = new Map<string, Promise<void>>();
  const give = (wanted: string): Promise<void> => {
    const done = tagged.get(wanted) ?? daemon.engine.tag(name, wanted);
    tagged.set(wanted, done);
    return done;
  };
  return async (names) => {
    await Promise.all([...names].map(give));
  };
}
