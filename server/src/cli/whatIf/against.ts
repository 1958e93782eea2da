import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../../core/config.ts';
import type { ContextSnapshot } from '../../core/workspace.ts';
import { readSource } from '../document.ts';
import { reason } from '../find.ts';
import { type Io, UsageError } from '../io.ts';
import { withContents } from './contents.ts';
import { type Revision, readRevision } from './revision.ts';

/** The build that is compared with: another folder, or a revision of this one. @throws UsageError where there is neither. */
export async function otherBuild(
  io: Io,
  against: string,
  dockerfile: string,
  here: ContextSnapshot,
  config: Config,
): Promise<Revision> {
  const folder = path.resolve(io.cwd, against);
  if (await isFolder(folder)) return otherFolder(io, folder, dockerfile, here, config);
  const revision = await readRevision(io.git, against, dockerfile, here);
  if (revision) return revision;
  throw new UsageError(
    `--against ${against}: there is no such folder, and no git revision of that name with this Dockerfile`,
  );
}

const isFolder = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );

/** The other folder has the layout of the build context, of what holds context and Dockerfile, or of the current folder. */
async function otherFolder(
  io: Io,
  folder: string,
  dockerfile: string,
  here: ContextSnapshot,
  config: Config,
): Promise<Revision> {
  for (const base of [here.root, commonFolder(here.root, path.dirname(dockerfile)), io.cwd]) {
    const [file, context] = [counterpart(base, folder, dockerfile), counterpart(base, folder, here.root)];
    if (!file || !context || !(await isFolder(context))) continue;
    const source = await readSource(io.cwd, file).catch((error) => reason(error));
    if (typeof source === 'string') continue;
    const facts = await io.gather({ file, text: source.text, config, context, around: undefined });
    if (facts.context) return { text: source.text, context: withContents(facts.context) };
  }
  throw new UsageError(`--against ${folder}: it has no Dockerfile where this build has its own`);
}

/** The same place in the other folder; undefined for what does not lie below the base. */
function counterpart(base: string, folder: string, file: string): string | undefined {
  const relative = path.relative(base, file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? undefined : path.join(folder, relative);
}

function commonFolder(a: string, b: string): string {
  let folder = a;
  while (path.relative(folder, b).startsWith('..')) folder = path.dirname(folder);
  return folder;
}
