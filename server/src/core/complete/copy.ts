import type { Proposal, Proposals, Typing } from '../complete.ts';
import { contextPaths } from './paths.ts';
import { earlierStages } from './stages.ts';

const both: readonly (readonly [flag: string, detail: string])[] = [
  ['--chmod=', 'the mode of what is copied; enters the cache key'],
  ['--chown=', 'the owner of what is copied; enters the cache key'],
  ['--exclude=', 'a pattern of files that are not copied'],
  ['--link', 'a layer of its own, which stays cached when what is before it changes'],
];
const ofCopy: typeof both = [
  ['--from=', 'a stage, an image or a named context'],
  ['--parents', 'keeps the folders of the sources'],
];
const ofAdd: typeof both = [
  ['--checksum=', 'sha256 of the file: it is not fetched again to compare it'],
  ['--keep-git-dir', 'keeps the .git of a repository'],
  ['--unpack', 'whether archives are unpacked'],
];

export function completeCopy(typing: Typing): Proposals | undefined {
  const { instruction, word, before } = typing;
  if (word.startsWith('--')) {
    const from = /^--from=(.*)$/.exec(word);
    if (from && instruction.keyword === 'COPY') return earlierStages(typing, from[1] ?? '');
    return word.includes('=') ? undefined : flags(typing);
  }
  // What lies in a stage is known only when it has been built.
  if (before.some((each) => each.startsWith('--from='))) return undefined;
  const sources = before.filter((each) => !each.startsWith('--'));
  const isDestination = sources.length > 0 && /^[./~$]/.test(word);
  return isDestination || sources.some((each) => each.startsWith('<<')) ? undefined : contextPaths(typing, word);
}

function flags({ instruction, before, word, offset }: Typing): Proposals | undefined {
  if (before.some((each) => !each.startsWith('--'))) return undefined;
  const all = [...both, ...(instruction.keyword === 'COPY' ? ofCopy : ofAdd)];
  const items = all
    .filter(([flag]) => flag === '--exclude=' || !before.some((each) => each.startsWith(flag)))
    .map(
      ([flag, detail]): Proposal => ({
        label: flag,
        kind: 'flag',
        detail,
        newText: flag,
        order: flag,
        goesOn: flag === '--from=',
      }),
    );
  return { span: { start: offset - word.length, end: offset }, items, truncated: false };
}
