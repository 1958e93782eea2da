import { createHash } from 'node:crypto';
import path from 'node:path';
import { makeSnapshot } from '../../core/context/snapshot.ts';
import type { ContextSnapshot, Entry } from '../../core/workspace.ts';
import type { Git } from '../io.ts';
import { blobId, contentOf } from './contents.ts';

/** A build as a commit has it. */
export interface Revision {
  readonly text: string;
  readonly context: ContextSnapshot;
}

interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly id: string;
  readonly size: number;
}

/**
 * The Dockerfile and the build context of a git revision, read from git's store: nothing is checked out, no filter runs. Undefined where
 * there is no such revision, or the Dockerfile or the context is not in it. What git does not track but ignores (`node_modules`)
 * would survive a checkout, so it is there as it is now.
 * @param here the context as it is now, with digests
 */
export async function readRevision(
  git: Git,
  rev: string,
  dockerfile: string,
  here: ContextSnapshot,
): Promise<Revision | undefined> {
  const verify = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${rev}^{commit}`];
  const [commit, prefix, folder] = await Promise.all([
    git(here.root, verify),
    git(here.root, ['rev-parse', '--show-prefix']),
    git(path.dirname(dockerfile), ['rev-parse', '--show-prefix']),
  ]);
  const id = commit?.trim() ?? '';
  if (!/^[0-9a-f]{40,64}$/.test(id) || prefix === undefined || folder === undefined) return undefined;
  const name = firstLine(folder) + path.basename(dockerfile);
  const blob = (file: string) => git(here.root, ['cat-file', 'blob', `${id}:${file}`]);
  const [text, entries, kept] = await Promise.all([
    blob(name),
    treeOf(git, here.root, id, firstLine(prefix)),
    keptBy(git, here),
  ]);
  if (text === undefined || !entries) return undefined;
  const ignore = await ignoreOf(blob, name, `${firstLine(prefix)}.dockerignore`, here);
  return { text: text.replace(/^\uFEFF/, ''), context: await snapshotAt(git, here, entries, kept, ignore) };
}

const firstLine = (output: string): string => output.replace(/\r?\n$/, '');

/** All files below a folder of a commit, by `git ls-tree`; the folder ends in a slash, '' is the root. */
async function treeOf(git: Git, cwd: string, commit: string, prefix: string): Promise<TreeEntry[] | undefined> {
  const output = await git(cwd, ['ls-tree', '-r', '-z', '-l', '--full-tree', `${commit}:${prefix.replace(/\/$/, '')}`]);
  return output?.split('\0').flatMap((line) => {
    const [, mode, type, id, size, name] = /^(\d+) (\w+) ([0-9a-f]+) +(\d+|-)\t([\s\S]+)$/.exec(line) ?? [];
    return mode && id && name && type !== undefined ? [{ path: name, mode, id, size: Number(size) || 0 }] : [];
  });
}

/** What a checkout of another commit would leave as it is: what git ignores. */
async function keptBy(git: Git, here: ContextSnapshot): Promise<ReadonlySet<string>> {
  const output = await git(here.root, ['ls-files', '--others', '--ignored', '--exclude-standard', '-z']);
  return new Set(output?.split('\0').filter(Boolean));
}

/** The ignore file in force at the commit: the Dockerfile's own before the context's. */
async function ignoreOf(
  blob: (file: string) => Promise<string | undefined>,
  dockerfile: string,
  common: string,
  here: ContextSnapshot,
): Promise<ContextSnapshot['ignore']> {
  const own = await blob(`${dockerfile}.dockerignore`);
  if (own !== undefined)
    return { path: `${here.dockerfile ?? path.posix.basename(dockerfile)}.dockerignore`, text: own };
  const text = await blob(common);
  return text === undefined ? undefined : { path: '.dockerignore', text };
}

const isSubmodule = ({ mode }: TreeEntry): boolean => mode === '160000';

async function snapshotAt(
  git: Git,
  here: ContextSnapshot,
  tree: readonly TreeEntry[],
  kept: ReadonlySet<string>,
  ignore: ContextSnapshot['ignore'],
): Promise<ContextSnapshot> {
  const ids = new Map(tree.map(({ path: file, id }) => [file, id]));
  const tracked = tree.filter((entry) => !isSubmodule(entry));
  const entries = await Promise.all(tracked.map((entry) => entryOf(git, here, entry)));
  const unchanged = untouched(here, kept, tree.filter(isSubmodule));
  const alike = new Map<string, boolean>();
  return makeSnapshot({
    root: here.root,
    reason: here.reason,
    entries: [...entries, ...unchanged],
    ignore,
    dockerfile: here.dockerfile,
    digest(file) {
      const id = ids.get(file);
      if (id === undefined) return here.digest(file);
      if (!alike.has(file)) alike.set(file, isCheckedOut(here, file, id));
      return alike.get(file) ? here.digest(file) : id;
    },
  });
}

/** git keeps one bit of a mode, the umask makes the rest: where that bit is the same, so is the mode. */
async function entryOf(git: Git, here: ContextSnapshot, { path: file, mode, id, size }: TreeEntry): Promise<Entry> {
  const now = here.get(file);
  if (mode === '120000') {
    const isSame = now?.target !== undefined && blobId(Buffer.from(now.target), algorithmOf(id)) === id;
    const target = isSame ? now.target : await git(here.root, ['cat-file', 'blob', id]);
    return { path: file, type: 'symlink', size, mode: now?.type === 'symlink' ? now.mode : 0o777, target };
  }
  const bits = mode === '100755' ? 0o755 : 0o644;
  const isSame = now?.type === 'file' && (now.mode & 0o100) === (bits & 0o100);
  return { path: file, type: 'file', size, mode: isSame ? now.mode : bits };
}

const algorithmOf = (id: string): 'sha1' | 'sha256' => (id.length === 40 ? 'sha1' : 'sha256');

/**
 * Whether a file is what a checkout of the blob makes: the same bytes, the same with CRLF (`core.autocrlf`), or the large file that a pointer
 * of Git LFS stands for (git-lfs, docs/spec.md).
 */
function isCheckedOut(here: ContextSnapshot, file: string, id: string): boolean {
  const content = contentOf(here, file);
  if (!content) return false;
  const algorithm = algorithmOf(id);
  if (blobId(content, algorithm) === id) return true;
  const unix = Buffer.from(Buffer.from(content).toString('latin1').replace(/\r\n/g, '\n'), 'latin1');
  return blobId(unix, algorithm) === id || blobId(pointerTo(content), algorithm) === id;
}

function pointerTo(content: Uint8Array): Uint8Array {
  const oid = createHash('sha256').update(content).digest('hex');
  return Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`);
}

/** Entries of now that a checkout would not touch: ignored by git, in a submodule, and folders that hold nothing else. */
function untouched(here: ContextSnapshot, kept: ReadonlySet<string>, submodules: readonly TreeEntry[]): Entry[] {
  const isBelow = (file: string, folder: string) => file === folder || file.startsWith(`${folder}/`);
  const stays = (file: string) =>
    kept.has(file) || isBelow(file, '.git') || submodules.some((module) => isBelow(file, module.path));
  const folders = new Set<string>();
  for (const { path: file, type } of here.entries) {
    if (type === 'directory' || stays(file)) continue;
    for (let folder = path.posix.dirname(file); folder !== '.'; folder = path.posix.dirname(folder))
      folders.add(folder);
  }
  return here.entries.filter((entry) => (entry.type === 'directory' ? !folders.has(entry.path) : stays(entry.path)));
}
