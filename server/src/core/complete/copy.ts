import type { Proposals, Typing } from '../complete.ts';
import { type Flag, flagProposals } from './flags.ts';
import { contextPaths } from './paths.ts';
import { earlierStages } from './stages.ts';

const both: readonly Flag[] = [
  ['--chmod=', 'the mode of what is copied; enters the cache key'],
  ['--chown=', 'the owner of what is copied; enters the cache key'],
  ['--exclude=', 'a pattern of files that are not copied'],
  ['--link', 'a layer of its own, which stays cached when what is before it changes'],
];
const ofCopy: readonly Flag[] = [
  ['--from=', 'a stage, an image or a named context'],
  ['--parents', 'keeps the folders of the sources'],
];
const ofAdd: readonly Flag[] = [
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

function flags(typing: Typing): Proposals | undefined {
  const { instruction, before, word } = typing;
  if (before.some((each) => !each.startsWith('--'))) return undefined;
  return flagProposals(typing, word, before, [...both, ...(instruction.keyword === 'COPY' ? ofCopy : ofAdd)]);
}
