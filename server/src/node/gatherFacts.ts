import type { Config } from '../core/config.ts';
import { type ContextSnapshot, type Facts, type History, noFacts } from '../core/workspace.ts';
import { readBuildLog } from './buildLog.ts';
import { rememberBuilds } from './builds.ts';
import { type ContextFolder, openContextFolder, snapshotOfFolder, withCounts } from './contextFolder.ts';
import { openDisk } from './disk.ts';
import { readHistory } from './git.ts';
import { findPlace, type Place, readIgnore, withSlashes } from './place.ts';
import { remember } from './remember.ts';

/** A Dockerfile whose facts are wanted. */
export interface Question {
  /** Absolute; need not exist. */
  readonly file: string;
  readonly text: string;
  readonly config: Config;
  /** Absolute folder where the user names the build context. */
  readonly context: string | undefined;
  /** Absolute: what counts as the top of a file in no repository. */
  readonly around?: string | undefined;
  /** Whether to look into ignored folders as well, to count what is kept out. */
  readonly count?: boolean | undefined;
}

/** Never rejects: what cannot be read is not known. */
export type GatherFacts = (question: Question) => Promise<Facts>;

/** Looks at the disk and at git anew. */
export const gatherFacts: GatherFacts = (question) => rememberingGather()(question);

/** Lists each context, and reads each history, once: for a run over many Dockerfiles during which nothing else writes. */
export function rememberingGather(): GatherFacts {
  const disk = openDisk();
  const builds = rememberBuilds(disk);
  const folders = new Map<string, Promise<ContextFolder>>();
  const histories = new Map<string, Promise<History | undefined>>();
  const logs = new Map<string, ReturnType<typeof readBuildLog>>();
  const gather = async ({ file, text, config, context, count, ...question }: Question): Promise<Facts> => {
    const around = question.around && withSlashes(question.around);
    const place = await findPlace(disk, { file: withSlashes(file), text, config, context, around, builds });
    const look = async (each: Place): Promise<ContextSnapshot> => {
      const ignore = await readIgnore(disk, each, new Map());
      const key = JSON.stringify([each.folder, ignore]);
      const listed = await remember(folders, key, () => openContextFolder(disk, each.folder, ignore));
      return snapshotOfFolder(count ? await withCounts(disk, listed) : listed, each);
    };
    const snapshot = await look(place);
    const others = place.others && (await Promise.all(place.others.map(look)));
    const history = config.history
      ? await remember(histories, place.folder, () => readHistory(place.folder))
      : undefined;
    const { log: at } = place;
    const log = at && (await remember(logs, at.file, () => readBuildLog(disk, at)));
    return { context: snapshot, history, builds: place.builds, others, log: typeof log === 'string' ? undefined : log };
  };
  return (question) => gather(question).catch(() => noFacts);
}
