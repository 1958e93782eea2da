import { ancestors, type Step } from '../build/graph.ts';
import { within } from '../cache/placement.ts';
import { isRemoval, removalsOf } from '../managers/cleanups.ts';
import { defeatersOf } from '../managers/defeaters.ts';
import { baseImage } from '../managers/images.ts';
import { invocationsOf } from '../managers/invocations.ts';
import type { Companion, Defeater, Invocation } from '../managers/manager.ts';
import type { ContextSnapshot } from '../workspace.ts';
import { type CacheMount, cacheMountsOf, cachesOf, overlap } from './mountUse.ts';

/** A flag, a variable or a cleanup, with all the mounts that it makes useless. */
export interface Defeat {
  readonly invocation: Invocation;
  readonly defeater: Defeater;
  readonly mounts: readonly CacheMount[];
}

/** The mounts of the step under which a call keeps its downloads, or only what it compiles. */
function mountsOver(
  context: ContextSnapshot | undefined,
  step: Step,
  invocation: Invocation,
  { compiled: isOfCompiled }: Defeater,
): CacheMount[] {
  const paths = cachesOf(invocation, context).flatMap(({ path, compiled }) =>
    path !== undefined && (compiled || !isOfCompiled) ? path : [],
  );
  return cacheMountsOf(step).filter(({ target }) => paths.some((path) => overlap(target, path)));
}

const bookkeeping = /\/(partial|lock)$/;

/** Whether a removal of a folder leaves a mount empty: it is the mount, holds it, or is where in it the packages are. */
const empties = (folder: string, { target }: CacheMount): boolean =>
  within(folder, target) !== undefined || (within(target, folder) !== undefined && !bookkeeping.test(folder));

/** What of a call keeps the cache mounts of its RUN from helping. */
export function defeatsOf(context: ContextSnapshot | undefined, step: Step, invocation: Invocation): Defeat[] {
  const { call } = invocation;
  if (!call.command.unconditional) return [];
  if (isRemoval(call))
    return cacheMountsOf(step).flatMap((mount) =>
      removalsOf(call, (folder) => empties(folder, mount)).map((defeater) => ({
        invocation,
        defeater,
        mounts: [mount],
      })),
    );
  return defeatersOf(invocation).flatMap((defeater) => {
    const mounts = mountsOver(context, step, invocation, defeater);
    return mounts.length > 0 ? { invocation, defeater, mounts } : [];
  });
}

/** Texts that say that packages are kept, or that the file which deletes them is gone. */
const keeps = /docker-clean|keep-cache|keepcache|keep-?downloaded|keep-?packages/i;

/** Whether a step may change the settings of the system's package manager in a way that is not seen here. */
const mayKeep = ({ instruction, copy, keyword, script }: Step): boolean =>
  copy
    ? /^\/(etc(\/.*)?)?$/.test(copy.destination)
    : keyword === 'RUN' &&
      (script?.complete !== true ||
        script.commands.some(({ words }) => /\.sh$|^\.\//.test(words[0]?.value ?? '.sh')) ||
        [instruction.rest.text, ...instruction.heredocs.map(({ body }) => body)].some((text) => keeps.test(text)));

/** A mount whose system's package manager lacks something to keep its downloads there. */
export interface Unkept {
  readonly invocation: Invocation;
  readonly mount: CacheMount;
  readonly companion: Companion;
}

/** What a system's package manager lacks to keep its downloads, for images of which it is known that they delete them. */
export function* unkept(context: ContextSnapshot | undefined, step: Step): Generator<Unkept> {
  if (!baseImage(step.stage).known || [...ancestors(step), step].some(mayKeep)) return;
  for (const invocation of invocationsOf(step)) {
    const { manager, call } = invocation;
    const [companion] = manager.inputs || invocation.action !== 'install' ? [] : (manager.companions?.(call) ?? []);
    const [first] = cachesOf(invocation, context);
    const mount = cacheMountsOf(step).find(({ target }) => first?.path && overlap(target, first.path));
    // apk needs another option only where its own one goes.
    if (companion && mount && manager.id !== 'apk') yield { invocation, mount, companion };
  }
}
