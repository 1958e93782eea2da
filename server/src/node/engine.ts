import { setFlagsFromString } from 'node:v8';

/**
 * How V8 runs a process that mostly waits, and then has to answer within milliseconds. All of it is about time and memory only: an engine
 * that does not know a flag says so on its error output and goes on. Measured with `npm run bench`.
 */
export function tuneEngine(): void {
  // The heap stays close to what lives on it.
  setFlag('--optimize-for-size');
}

/** For all code that is first called from here on: what runs once per keystroke never runs often enough to be compiled by itself. */
export function compileAtOnce(): void {
  setFlag('--always-sparkplug');
  // The optimizing compiler waits for what takes long, as the filter of a large context does.
  setFlag('--interrupt-budget=1000000');
}

/** V8 ends a process that changes a flag when they are frozen. Node promises not to freeze them, Electron does not. */
function setFlag(flag: string): void {
  const { electron } = process.versions;
  if (electron === undefined) setFlagsFromString(flag);
}

/** Milliseconds without a message. Those that belong together arrive at once. */
const pause = 5;

/** Call it after each message: once no more come, the garbage that they left is collected, so that the next keystroke need not. */
export function collectorOfGarbage(): () => void {
  const { gc } = globalThis;
  if (!gc) return () => {};
  let timer: NodeJS.Timeout | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(() => void gc({ type: 'minor' }), pause).unref();
  };
}
