import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { contextFolder } from './contextFolder.ts';
import { type Daemon, type Store, startDaemon } from './daemon.ts';
import type { Configuration } from './engine.ts';
import { exec } from './exec.ts';
import { fileTree } from './fileTree.ts';
import { type Images, installBaseImage } from './image.ts';
import { imageNames } from './imageNames.ts';
import { readProgress } from './progress.ts';
import { type BuildInput, contextNames, dockerfileOf, type FileState, type ObservedStep } from './scenario.ts';

/** One build's outcome. `error` is set where it failed; the steps are then those that were finished before. */
export interface Build {
  readonly steps: readonly ObservedStep[];
  readonly error: string | undefined;
}

/** A context folder on a builder, built again and again. */
export interface Session {
  build(input: BuildInput): Promise<Build>;
  /** Builds and gives the final image's files as a tar. */
  export(input: BuildInput): Promise<Build & { readonly tar: Buffer }>;
  /** Builds and gives the final image's configuration; undefined where that fails. */
  configuration(input: BuildInput): Promise<Configuration | undefined>;
  close(): Promise<void>;
}

export interface Builder {
  readonly store: Store;
  readonly version: string;
  /** A session of its own for each scenario: BuildKit keeps what a context sent last by the folder's name. */
  session(images?: Images): Session;
  /** What COPY takes of each folder under its own ignore file, all in one build: a tar with a folder for each, by its place in the list. */
  copyFolders(folders: readonly string[]): Promise<Build & { readonly tar: Buffer }>;
  /** Starts again after a `BuilderCrash`, with an empty cache. */
  revive(): Promise<void>;
  stop(): Promise<void>;
}

export async function startBuilder(store: Store): Promise<Builder> {
  let daemon = await startDaemon(store);
  let provide = await installBaseImage(daemon);
  let sessions = 0;
  return {
    store,
    version: daemon.version,
    session: (images = 'one') => {
      const folder = join(daemon.folder, `context-${++sessions}`);
      return openSession(daemon, (names) => provide(names, images), folder);
    },
    copyFolders: (folders) => copyFolders(daemon, folders),
    revive: async () => {
      await daemon.stop();
      daemon = await startDaemon(store);
      provide = await installBaseImage(daemon);
    },
    stop: () => daemon.stop(),
  };
}

let copies = 0;

/** A named context is sent as the build context is, its `.dockerignore` included (BuildKit's frontend/dockerui/namedcontext.go). */
async function copyFolders(daemon: Daemon, folders: readonly string[]): Promise<Build & { readonly tar: Buffer }> {
  const own = join(daemon.folder, `copy-${++copies}`);
  const names = folders.map((_, index) => `folder-${copies}-${index}`);
  await contextFolder(own)(copyAll(names));
  const contexts = names.map((name, index) => `--build-context=${name}=${folders[index]}`);
  const args = ['build', '--progress=rawjson', '--network=none', '--output=type=tar,dest=-', ...contexts, own];
  const { code, stdout, stderr } = await exec(daemon.programs.buildx, args, { env: daemon.env });
  await rm(own, { recursive: true, force: true });
  if (code !== 0) await daemon.assertAlive();
  const { steps, error } = readProgress(stderr);
  const words = error ?? stderr.trim().split('\n').at(-1) ?? 'failed without a word';
  return { steps, error: code === 0 ? undefined : words, tar: stdout };
}

function copyAll(names: readonly string[]): ReadonlyMap<string, FileState> {
  const tree = fileTree();
  tree.put(
    'Dockerfile',
    'file',
    `FROM scratch\n${names.map((name, index) => `COPY --from=${name} / /${index}/\n`).join('')}`,
  );
  return tree.snapshot();
}

function openSession(daemon: Daemon, provide: (names: Iterable<string>) => Promise<void>, own: string): Session {
  const folder = join(own, basename(own));
  const update = contextFolder(folder);
  const updateOutside = contextFolder(`${folder}.outside`);
  const write = async ({ files, detached }: BuildInput): Promise<string> => {
    if (!detached) {
      await update(files);
      return join(folder, 'Dockerfile');
    }
    const isDockerfile = ([path]: readonly [string, unknown]) => path === 'Dockerfile';
    await update(new Map([...files].filter((entry) => !isDockerfile(entry))));
    await updateOutside(new Map([...files].filter(isDockerfile)));
    return join(`${folder}.outside`, 'Dockerfile');
  };
  const run = async (input: BuildInput, output: string) => {
    const dockerfile = await write(input);
    await provide(imageNames(dockerfileOf(input), input.args));
    const args = ['build', '--progress=rawjson', '--network=none', `--output=${output}`, `--file=${dockerfile}`];
    for (const [name, value] of Object.entries(input.args)) args.push('--build-arg', `${name}=${value}`);
    for (const name of contextNames(input)) args.push('--build-context', `${name}=${join(own, name)}`);
    if (input.target) args.push('--target', input.target);
    const { code, stdout, stderr } = await exec(daemon.programs.buildx, [...args, folder], { env: daemon.env });
    if (code !== 0) await daemon.assertAlive();
    const { steps, error } = readProgress(stderr);
    const words = error ?? stderr.trim().split('\n').at(-1);
    return { steps, error: code === 0 ? undefined : (words ?? 'failed without a word'), tar: stdout };
  };
  return {
    build: (input) => run(input, 'type=cacheonly'),
    export: (input) => run(input, 'type=tar,dest=-'),
    configuration: async (input) => {
      const image = `built-${basename(own)}`;
      const { error } = await run(input, `type=image,name=${image}`);
      if (error !== undefined) return undefined;
      const configuration = await daemon.engine.configuration(image);
      await daemon.engine.remove(image);
      return configuration;
    },
    close: async () => {
      await rm(own, { recursive: true, force: true });
    },
  };
}
