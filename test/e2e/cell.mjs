// Runs the suite in one cell: node test/e2e/cell.mjs CELL VSCODE SUITE [VSIX]. CELL is its JSON, VSCODE 'desktop' or 'offline'.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } from '@vscode/test-electron';
import { inRoot } from '../../scripts/tools/paths.mjs';
import { run } from '../../scripts/tools/process.mjs';
import { readZip } from '../../scripts/tools/zip.mjs';
import { scratchWorkspace } from './workspace.mjs';

const [json, where, suite, vsix] = process.argv.slice(2);
const cell = JSON.parse(json);
const scratch = scratchWorkspace();

/** A web extension cannot be installed from a file: it is run from what the file holds. */
function unpack() {
  const dir = path.join(scratch.top, 'unpacked');
  for (const { name, read } of readZip(vsix)) {
    const file = path.join(dir, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, read());
  }
  return path.join(dir, 'extension');
}

/** The extension in development, and the tests. The web worker takes tests only from below an extension's folder. */
function whatToRun() {
  if (cell.from === 'sources') return { development: inRoot(), tests: suite };
  if (cell.kind === 'node') return { development: inRoot('test/e2e/empty-extension'), tests: suite };
  const development = unpack();
  const tests = path.join(development, 'suite.js');
  copyFileSync(suite, tests);
  return { development, tests };
}

/** Desktop VS Code installs in a run of its own, the offline host on its way up. */
async function installation(executable, profile) {
  if (cell.from !== 'vsix' || cell.kind !== 'node') return [];
  const install = `--install-extension=${vsix}`;
  if (where === 'offline') return [install];
  const [cli, ...args] = resolveCliArgsFromVSCodeExecutablePath(executable, { reuseMachineInstall: true });
  await run(cli, [...args, ...profile, install]);
  return [];
}

try {
  const version = cell.vscode === 'oldest' ? '1.93.1' : 'stable';
  const executable = where === 'desktop' ? await downloadAndUnzipVSCode(version) : inRoot('test/e2e/host/code.mjs');
  const profile = ['user-data', 'extensions'].map((name) => `--${name}-dir=${path.join(scratch.top, name)}`);
  const { development, tests } = whatToRun();
  await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: development,
    extensionTestsPath: tests,
    extensionTestsEnv: { VSCODE_HOST: cell.vscode },
    launchArgs: [
      cell.open === 'folder' ? scratch.folder : scratch.workspace,
      ...profile,
      ...(cell.kind === 'web' ? ['--extensionDevelopmentKind=web'] : []),
      ...(await installation(executable, profile)),
    ],
  });
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  scratch.remove();
}
