/**
 * With what Node runs the server: what cannot be set once it runs (the rest is in server/src/node/engine.ts). One thread behind the server's
 * own, as four of them take memory, and on a small machine time from it; a young generation that one keystroke does not fill; and the call
 * that empties it. `npm run bench` measures with the same.
 */
export const serverFlags: readonly string[] = [
  '--v8-pool-size=1',
  '--min-semi-space-size=2',
  '--max-semi-space-size=2',
  '--expose-gc',
];
