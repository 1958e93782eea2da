import { ancestors, type Step } from '../build/graph.ts';
import { within } from '../cache/placement.ts';
import { type Edit, insertLines } from '../fixes.ts';
import { accountOf } from '../managers/account.ts';
import { baseImage } from '../managers/images.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import type { ShellCommand } from '../syntax/shell.ts';

/** A RUN that gets mounts, and where. */
interface Mounted {
  readonly step: Step;
  readonly locations: readonly { readonly path: string }[];
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/**
 * Lets an unprivileged user make the folders above its mounts first. Those that are missing are made by BuildKit, and root owns them while the step runs
 * (buildkit#1237): what else keeps something in `~/.cache` then, a script of a dependency for instance, fails. Nothing where they need not be made; a
 * sentence where they cannot be.
 */
export function parentEdits(dockerfile: Dockerfile, mounted: readonly Mounted[]): Edit[] | string {
  const lacking = mounted.filter((each) => missingFolders(each).length > 0);
  const [first] = lacking;
  if (!first) return [];
  const { step } = first;
  const folders = [...new Set(lacking.flatMap(missingFolders))];
  if (lacking.some((each) => each.step.user !== step.user) || !hasHome(step))
    return `There is no fix: the mount would make ${folders[0]} root's. Make that folder the user's in an earlier RUN.`;
  const place = step.stage.steps.findLast(({ keyword, index }) => keyword === 'USER' && index < step.index);
  const after = place?.instruction ?? step.stage.from;
  return [insertLines(dockerfile, `RUN mkdir -p ${folders.join(' ')}`, { after })];
}

function missingFolders({ step, locations }: Mounted): string[] {
  const { isRoot, home } = accountOf(step);
  if (isRoot || home === undefined) return [];
  const folders = locations.map(({ path }) => folderOf(path)).filter((folder) => folder.startsWith(`${home}/`));
  const there = baseImage(step.stage).facts.users?.find((user) => user.home === home)?.folders ?? [];
  return folders.filter(
    (folder) => !there.includes(folder.slice(home.length + 1)) && !isMade(step, folder.slice(home.length)),
  );
}

/** Whether an earlier RUN makes the folder, as `~/.cache`, `$HOME/.cache` or in full. */
const isMade = (step: Step, inHome: string): boolean =>
  [...ancestors(step)].some(({ script }) =>
    script?.commands.some(({ words: [program, ...rest] }) =>
      program?.value === 'mkdir' ? rest.some(({ text }) => `${text}/`.includes(`${inHome}/`)) : false,
    ),
  );

/**
 * Users of images have their home. useradd makes one only when told to, adduser unless told otherwise; both leave a folder that is there already
 * to its owner.
 */
function hasHome(step: Step): boolean {
  const { name, home = '' } = accountOf(step);
  const creates = ({ words }: ShellCommand): boolean =>
    /(^|\/)(user|add)(add|user)$/.test(words[0]?.text ?? '') && words.at(-1)?.value === name;
  const creator = [...ancestors(step)].find(({ script }) => script?.commands.some(creates));
  const created = creator?.script?.commands.find(creates);
  if (!creator || !created) return true;
  if ([creator, ...ancestors(creator)].some(({ workdir }) => within(home, workdir) !== undefined)) return false;
  const options = created.words.map(({ text }) => text);
  return options[0]?.endsWith('useradd')
    ? options.some((text) => /^(-[a-zA-Z]*m|--create-home)$/.test(text))
    : !options.some((text) => /^(-[a-zA-Z]*[HS]|--no-create-home|--system)/.test(text));
}
