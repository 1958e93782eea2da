import { apt } from './apt.ts';
import { isRemoval, removalDefeaters } from './cleanups.ts';
import { go } from './go.ts';
import type { Manager } from './manager.ts';
import { npm } from './npm.ts';
import { pip } from './pip.ts';
import { pnpm } from './pnpm.ts';
import { yarn } from './yarn.ts';

/** Of a removal (`rm -rf ~/.npm`) every manager says the same: what of it empties its cache. */
const withRemovals = (manager: Manager): Manager => ({
  ...manager,
  defeaters: (call) => (isRemoval(call) ? removalDefeaters(call, manager) : manager.defeaters(call)),
});

/** All package managers: the only list of them. */
export const managers: readonly Manager[] = [npm, yarn, pnpm, pip, go, apt].map(withRemovals);
