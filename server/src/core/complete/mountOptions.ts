import type { Proposals, Typing } from '../complete.ts';
import { type Flag, flagProposals } from './flags.ts';

const ofRun: readonly Flag[] = [
  ['--mount=', 'a cache, a secret or files, there for this RUN alone'],
  ['--network=', 'none, host or default'],
];

/** By type, as the Dockerfile reference lists them (RUN --mount). */
const types: readonly Flag[] = [
  ['type=cache,target=', 'a folder that the next build finds again, in no layer'],
  ['type=bind,source=', 'files of the context or of a stage, without a copy of them'],
  ['type=secret,id=', 'a secret, in no layer and no cache key'],
  ['type=ssh', 'the keys of the SSH agent'],
  ['type=tmpfs,target=', 'a folder in memory'],
];
const target: Flag = ['target=', 'where it is mounted'];
const from: Flag = ['from=', 'a stage, an image or a named context'];
const access: readonly Flag[] = [
  ['mode=', 'its mode, in octal'],
  ['uid=', 'its owner, by number'],
  ['gid=', 'its group, by number'],
];
const id: Flag = ['id=', 'its name, as the build is given it'];
const required: Flag = ['required', 'the step fails without it'];
const options: Readonly<Record<string, readonly Flag[]>> = {
  cache: [
    target,
    ['sharing=', 'what happens when two builds want it at once'],
    ['id=', 'its name; the target where there is none'],
    from,
    ['source=', 'a folder in what `from` names'],
    ...access,
    ['readonly', 'the step cannot write there'],
  ],
  bind: [
    ['source=', 'a path in the context, or in what `from` names'],
    target,
    from,
    ['readwrite', 'what the step writes there is dropped'],
  ],
  secret: [id, target, ['env=', 'the variable that holds it'], required, ...access],
  ssh: [id, target, required, ...access],
  tmpfs: [target, ['size=', 'its limit, in bytes']],
};
const sharings: readonly Flag[] = [
  ['locked', 'the second build waits'],
  ['shared', 'both write at the same time'],
  ['private', 'the second build gets one of its own'],
];

/** An option of a `--mount` while it is typed. */
export interface MountOption {
  /** Of the mount. */
  readonly type: string;
  /** The options before it. */
  readonly before: readonly string[];
  /** All of it, `key=value`; both empty where there is no `=` yet. */
  readonly written: string;
  readonly key: string;
  readonly value: string;
}

/** What may stand in a mount up to the values that depend on the Dockerfile. */
export function completeMountOptions(
  typing: Typing,
  { type, before, written, key, value }: MountOption,
): Proposals | undefined {
  if (key === 'sharing') return type === 'cache' ? flagProposals(typing, value, [], sharings) : undefined;
  if (key === 'type')
    return flagProposals(
      typing,
      value,
      [],
      types.map(([text, detail]) => [text.replace(/^type=|,.*/g, ''), detail]),
    );
  if (key !== '') return undefined;
  const start = before.length === 0 ? types : [];
  return flagProposals(typing, written, before, [...start, ...(options[type] ?? [])]);
}

export const runFlags = (typing: Typing): Proposals => flagProposals(typing, typing.word, typing.before, ofRun);
