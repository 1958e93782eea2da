import { isRemoval, removalDefeaters } from './cleanups.ts';
import type { Call, Defeater, Invocation } from './manager.ts';

/** What a call does to keep a cache mount from helping: the manager's own flags and variables, or a removal of what it keeps. */
export const defeatersOf = ({ manager, call, kept }: Invocation): readonly Defeater[] =>
  isRemoval(call) ? removalDefeaters(call, manager, kept) : manager.defeaters(call);

/** A call that does nothing but empty the cache. */
export const commandDefeater = (call: Call): Defeater => ({
  span: call.command.span,
  what: [call.program, ...call.args.map(({ text }) => text)].join(' '),
  kind: 'command',
});
