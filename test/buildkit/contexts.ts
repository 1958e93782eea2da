import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultConfig } from '../../server/src/core/config.ts';
import type { ContextSnapshot } from '../../server/src/core/workspace.ts';
import { gatherFacts } from '../../server/src/node/gatherFacts.ts';
import type { Builder } from './builder.ts';
import { contextFolder } from './contextFolder.ts';
import { generateContext } from './generate/context.ts';
import { readTar, type TarEntry } from './tar.ts';

/** Each entry of a folder that reaches the builder, as `type path`, sorted; undefined where the builder refuses the folder. */
type Entries = readonly string[] | undefined;

/** Compares what `cache-lens context` says of generated folders with what a builder's COPY holds of them. One result per seed. */
export async function contextFailures(builder: Builder, seeds: readonly number[]): Promise<(string | undefined)[]> {
  const root = await mkdtemp(join(tmpdir(), 'cache-lens-contexts-'));
  try {
    const folders = seeds.map((seed) => join(root, String(seed)));
    for (const [index, seed] of seeds.entries())
      await contextFolder(folders[index] ?? '')(generateContext(seed).snapshot());
    const contexts = await Promise.all(folders.map(contextOf));
    const refused = contexts.map((context) => (context.refused ?? []).length > 0);
    // A folder that is refused fails the build of all: those are built alone.
    const together = await copyAll(
      builder,
      folders.filter((_, index) => !refused[index]),
    );
    const results: (string | undefined)[] = [];
    for (const [index, context] of contexts.entries()) {
      const copied = refused[index] ? (await copyAll(builder, folders.slice(index, index + 1)))[0] : together.shift();
      results.push(difference(seeds[index] ?? 0, context, copied));
    }
    return results;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** All in one build; where it fails they are halved until the one that the builder refuses stands alone. */
async function copyAll(builder: Builder, folders: readonly string[]): Promise<Entries[]> {
  if (folders.length === 0) return [];
  const { tar, error } = await builder.copyFolders(folders);
  if (error === undefined) return entriesByFolder(readTar(tar), folders.length);
  if (folders.length === 1) {
    // A transfer that the client breaks off over a pattern may be heard of as no more than that.
    if (/pattern|context canceled/i.test(error)) return [undefined];
    throw new Error(error);
  }
  const half = folders.length >> 1;
  return [...(await copyAll(builder, folders.slice(0, half))), ...(await copyAll(builder, folders.slice(half)))];
}

const kinds: Partial<Record<TarEntry['type'], string>> = { file: 'file', symlink: 'symlink', directory: 'directory' };

function entriesByFolder(entries: readonly TarEntry[], count: number): Entries[] {
  const found = Array.from({ length: count }, (): string[] => []);
  for (const { path, type } of entries) {
    const [, index, inner] = /^(\d+)\/(.+)$/.exec(path) ?? [];
    if (inner !== undefined) found[Number(index)]?.push(`${kinds[type] ?? type} ${inner}`);
  }
  return found.map((each) => each.sort());
}

/** What the command asks for, too. */
async function contextOf(folder: string): Promise<ContextSnapshot> {
  const config = { ...defaultConfig, history: false };
  const { context } = await gatherFacts({ file: join(folder, 'Dockerfile'), text: '', config, context: folder });
  if (!context) throw new Error(`${folder} cannot be read`);
  return context;
}

function difference(seed: number, { entries, refused = [], ignore }: ContextSnapshot, copied: Entries) {
  const expected = refused.length > 0 ? undefined : entries.map(({ type, path }) => `${type} ${path}`).sort();
  if (JSON.stringify(expected) === JSON.stringify(copied)) return undefined;
  return JSON.stringify({ seed, ignore: ignore?.text, expected: expected ?? null, copied: copied ?? null });
}
