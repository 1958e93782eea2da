import { stripVTControlCharacters } from 'node:util';

/** @typedef {{ passed: number, failed: number }} Counts */

const number = (pattern, text) => Number([...text.matchAll(pattern)].at(-1)?.[1] ?? 0);

/**
 * What a test program says of itself at its end: our own last line, or mocha's. A program that fails without a failed test (it
 * crashed, or ran none) has failed once.
 * @param {{ code: number, output: string }} run
 * @returns {Counts}
 */
export function counts({ code, output: coloured }) {
  const output = stripVTControlCharacters(coloured);
  const own = [...output.matchAll(/^(\d+) passed, (\d+) failed/gm)].at(-1);
  const passed = own ? Number(own[1]) : number(/^\s*(\d+) passing\b/gm, output);
  const failed = own ? Number(own[2]) : number(/^\s*(\d+) failing\b/gm, output);
  const ranNone = !own && passed + failed === 0;
  return { passed, failed: failed === 0 && (code !== 0 || ranNone) ? 1 : failed };
}

/** Prints the sum as the last line, and makes the process fail when something did. */
export function total(results) {
  const sum = (key) => results.reduce((all, each) => all + each[key], 0);
  const failed = sum('failed');
  console.log(`\n${sum('passed')} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** Says that a part of the tests was left out and why. Not in CI, which has what they need: there it is a failure. */
export function skip(what, why) {
  console.log(`skipped ${what}: ${why}`);
  total([{ passed: 0, failed: process.env.CI ? 1 : 0 }]);
}
