// Every test there is, after its own set-up: npm test [-- --ci]. The last line has the sum. With --ci the checks that are no
// tests (lint, types, packing) are made and counted as well.
import { existsSync } from 'node:fs';
import { setup } from './setup.mjs';
import { counts, total } from './tools/counts.mjs';
import { inRoot } from './tools/paths.mjs';
import { attempt, main } from './tools/process.mjs';

const npm = (...args) => ['npm', ['run', '--silent', ...args]];

/** Pass or fail as a whole. */
const checks = [
  ['lint', npm('lint')],
  ['types', npm('typecheck')],
  ['package', npm('package')],
];

/** Each says at its end how many tests passed and failed, and what it left out in a line that begins with "skipped". */
const suites = [
  ['unit tests', npm('test:unit')],
  ['tests in VS Code', npm('test:e2e')],
  ['screen test', [process.execPath, ['test/e2e/screen.mjs']]],
  ['tests against BuildKit', npm('test:buildkit'), 'test/buildkit/run.ts'],
];

/** Runs one part and prints how it went and how long it took. */
async function part(title, [command, args], judge) {
  console.log(`\n━━ ${title}`);
  const start = Date.now();
  const run = await attempt(command, args, { output: 'tee' });
  const { passed, failed } = judge(run);
  const seconds = Math.round((Date.now() - start) / 1000);
  return { title, passed, failed, seconds, skipped: run.output.match(/^skipped.*$/gim) ?? [] };
}

const asOne = ({ code }) => (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });

function report(results) {
  console.log('\n━━ all');
  for (const { title, passed, failed, seconds, skipped } of results) {
    console.log(`${failed > 0 ? '✘' : '✔'} ${title}: ${passed} passed, ${failed} failed (${seconds} s)`);
    for (const line of skipped) console.log(`  ${line}`);
  }
  total(results);
}

await main(async () => {
  await setup();
  const results = [];
  if (process.argv.includes('--ci')) {
    for (const [title, command] of checks) results.push(await part(title, command, asOne));
  }
  for (const [title, command, file] of suites) {
    if (!file || existsSync(inRoot(file))) results.push(await part(title, command, counts));
  }
  report(results);
});
