// The suite in real VS Codes: node test/e2e/run.mjs [WORD…]. Only cells whose name has one of the words are run.
import { packExtension } from '../../scripts/package.mjs';
import { setup, setupOfflineHosts } from '../../scripts/setup.mjs';
import { counts, skip, total } from '../../scripts/tools/counts.mjs';
import { inRoot } from '../../scripts/tools/paths.mjs';
import { attempt, main, which } from '../../scripts/tools/process.mjs';
import { chooseVSCode, display } from '../../scripts/tools/vscode.mjs';
import { cells, nameOf } from './cells.mjs';

/** Without a screen, desktop VS Code gets one in memory. */
const onScreen = (where, command) =>
  where === 'desktop' && !display() && which('xvfb-run') ? ['xvfb-run', '-a', ...command] : command;

async function runCell(cell, where, vsix) {
  const { bundleSuite } = await import('./bundle.mjs');
  const suite = await bundleSuite(cell.kind, where === 'offline' ? '@test@ ' : '');
  console.log(`\n── VS Code: ${nameOf(cell)} (${where})`);
  const script = [inRoot('test/e2e/cell.mjs'), JSON.stringify(cell), where, suite, vsix];
  const [command, ...args] = onScreen(where, [process.execPath, ...script]);
  return counts(await attempt(command, args, { output: 'tee' }));
}

await main(async () => {
  await setup();
  const words = process.argv.slice(2);
  const wanted = cells.filter((cell) => words.length === 0 || words.some((word) => nameOf(cell).includes(word)));
  const where = await chooseVSCode();
  const problem =
    where === 'offline'
      ? await setupOfflineHosts([...new Set(wanted.map(({ vscode }) => vscode))])
      : !where && 'VS Code cannot be downloaded, and the one from the npm registry runs on Linux x64 only';
  if (problem) return skip('the tests in VS Code', problem);
  const vsix = await packExtension(inRoot('out/e2e/extension.vsix'));
  const results = [];
  for (const cell of wanted) results.push(await runCell(cell, where, vsix));
  total(results);
});
