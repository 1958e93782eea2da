import { isRemoval, removalDefeaters } from './cleanups.ts';
import type { Defeater, Invocation } from './manager.ts';

/** What a call does to keep a cache mount from helping: the manager's own flags and variables, or a removal of what it keeps. */
export const defeatersOf = ({ manager, call }: Invocation): readonly Defeater[] =>
  isRemoval(call) ? removalDefeaters(call, manager) : manager.defeaters(call);
