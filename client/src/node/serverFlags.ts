/**
 * With what Node runs the server: what cannot be set once it runs (the rest is in server/src/node/engine.ts). One thread behind the server's
 * own, as four of them take memory, and on a small machine time from it; a young generation that one keystroke does not fill; and the call
 * that empties it. `npm run bench` measures with the same.
 */
const ofNode: readonly string[] = [
  '--v8-pool-size=1',
  '--min-semi-space-size=2',
  '--max-semi-space-size=2',
  '--expose-gc',
];

/** Electron's V8 keeps the flags that it starts with: a small heap, for which a keystroke takes a millisecond more. */
const ofElectron: readonly string[] = ['--v8-pool-size=1', '--optimize-for-size', '--expose-gc'];

/** The server runs on what the extension runs on. */
export const serverFlagsOn = ({ electron }: NodeJS.ProcessVersions): readonly string[] =>
  electron === undefined ? ofNode : ofElectron;

export const serverFlags = serverFlagsOn(process.versions);
