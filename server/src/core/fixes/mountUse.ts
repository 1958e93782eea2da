import type { Mount, Step } from '../build/graph.ts';
import { absolute, within } from '../cache/placement.ts';
import { perContext } from '../context/remember.ts';
import type { Edit } from '../fixes.ts';
import type { CacheLocation, Invocation } from '../managers/manager.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';
import { perObject } from '../syntax/memo.ts';
import { projectOf } from './project.ts';

/** A cache mount whose target is known. */
export interface CacheMount {
  readonly step: Step;
  readonly mount: Mount;
  /** Absolute, without a slash at its end. */
  readonly target: string;
}

const none: readonly CacheMount[] = [];

const mountsOf = perObject((step: Step): readonly CacheMount[] =>
  step.mounts.flatMap((mount) =>
    mount.type === 'cache' && mount.target !== undefined ? [{ step, mount, target: absolute(mount.target) }] : [],
  ),
);

/** The cache mounts of a RUN; none of one that an ONBUILD put there. */
export const cacheMountsOf = (step: Step): readonly CacheMount[] =>
  step.keyword !== 'RUN' || step.fromOnbuild || step.mounts.length === 0 ? none : mountsOf(step);

/** Whether one of two folders is the other, or holds it. */
export const overlap = (a: string, b: string): boolean => within(a, b) !== undefined || within(b, a) !== undefined;

/** Where a call keeps what it downloads, as far as its project's own settings tell as well. */
export const cachesOf = perContext(({ manager, call }: Invocation, context): readonly CacheLocation[] =>
  manager.caches(call, projectOf(call, context)),
);

/** The cache mount of the step's own RUN that lies over a place, or in it. */
export const mountAt = (step: Step, path: string): CacheMount | undefined =>
  cacheMountsOf(step).find(({ target }) => overlap(target, path));

/** Whether a mount's text may be edited: quotes, escapes and variables make it unclear where a key begins or ends. */
export const isPlainMount = ({ text }: Dockerfile, { mount: { flag } }: CacheMount): boolean => {
  const source = text.slice(flag.span.start, flag.span.end);
  return source === `--mount=${flag.value}` && !/["'\\$`]/.test(source);
};

/** Adds keys (`,uid=1000`) at the end of a mount. */
export const addKeys = ({ mount: { flag } }: CacheMount, keys: string): Edit => ({
  span: { start: flag.span.end, end: flag.span.end },
  newText: keys,
});

/** The keys of a mount (`type=cache,target=/x`) with the owner and the lock that its place needs, where they are not there. */
export function completed(keys: string, sharing: CacheLocation['sharing'], owner: string): string {
  const written = keys
    .split(',')
    .map((key) => (sharing === 'locked' && /^sharing=shared$/i.test(key) ? 'sharing=locked' : key));
  const lacksLock = sharing === 'locked' && !written.some((key) => /^sharing=/i.test(key));
  const isOwned = written.some((key) => /^(uid|gid|mode)=/i.test(key));
  return `${written.join(',')}${lacksLock ? ',sharing=locked' : ''}${isOwned ? '' : owner}`;
}
