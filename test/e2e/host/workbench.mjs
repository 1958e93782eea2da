// The workbench of VS Code's server in a browser without a window.
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { findChromium } from '../../../scripts/tools/chromium.mjs';
import { startServer } from './server.mjs';

const chromiumFlags = [
  '--no-sandbox', // it cannot be had as root in a container; only our own server is ever loaded
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

async function startBrowser(dir, profile, viewport) {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('No Chromium was found: install it, or name it in the variable CHROMIUM.');
  const { chromium } = createRequire(path.join(dir, 'package.json'))('playwright-core');
  return chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: chromiumFlags,
    viewport,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
}

/** VS Code's page takes what desktop VS Code takes from its command line as a list of names and values. */
function payload(server, { files = [], development = [], web, tests, disableExtensions }) {
  const remote = (file) => `vscode-remote://127.0.0.1:${server.port}${encodeURI(path.resolve(file))}`;
  const entries = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
    ...files.map((file) => ['openFile', remote(file)]),
  ];
  if (disableExtensions) entries.push(['disableExtensions', 'true']);
  if (!web) {
    for (const folder of development) entries.push(['extensionDevelopmentPath', remote(folder)]);
    if (tests) entries.push(['extensionTestsPath', remote(tests)]);
  }
  return JSON.stringify(entries);
}

/**
 * The page's configuration names the extensions that run in the web worker; there is no other way to name one that is
 * not installed from a gallery. `configure` changes that configuration on its way to the page.
 */
async function rewriteConfiguration(page, configure) {
  const attribute = /(id="vscode-workbench-web-configuration" data-settings=")([^"]*)/;
  await page
    .context()
    .grantPermissions(['local-network-access'])
    .catch(() => {}); // newer Chromium asks for a rewritten page
  await page.route(
    (url) => url.pathname === '/',
    async (route) => {
      const response = await route.fetch();
      const body = (await response.text()).replace(attribute, (_, start, json) => {
        const configuration = JSON.parse(json.replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
        configure(configuration);
        return start + JSON.stringify(configuration).replaceAll('&', '&amp;').replaceAll('"', '&quot;');
      });
      await route.fulfill({ response, body });
    },
  );
}

function useWebExtensions(page, server, { development = [], tests }) {
  const served = (file) => ({
    scheme: 'http',
    authority: `127.0.0.1:${server.port}`,
    path: `/_file${path.resolve(file)}`,
  });
  return rewriteConfiguration(page, (configuration) => {
    configuration.developmentOptions = {
      ...configuration.developmentOptions,
      extensions: development.map(served),
      extensionTestsPath: tests && served(tests),
    };
  });
}

function address(server, { folder, workspace, ...rest }) {
  const query = new URLSearchParams({ tkn: server.token, payload: payload(server, rest) });
  if (workspace) query.set('workspace', path.resolve(workspace));
  else if (folder) query.set('folder', path.resolve(folder));
  else query.set('ew', 'true');
  return `${server.origin}/?${query}`;
}

/**
 * Starts a server and a browser.
 * @param {string} dir where `installHost` put the host
 * @param {Parameters<typeof startServer>[1] & { viewport?: { width: number, height: number }, deviceScaleFactor?: number }} options
 * @returns an object with the browser's `page`, `open` and `stop`. `open` loads the workbench and takes { folder,
 *   workspace, files, development: folders of extensions to run, web: run their browser builds, tests: a module that
 *   exports run(), disableExtensions }
 */
export async function startWorkbench(dir, { viewport = { width: 1280, height: 800 }, ...options } = {}) {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'vsh-chromium-'));
  let server;
  let browser;
  const stop = async () => {
    await browser?.close().catch(() => {});
    await server?.stop();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    [server, browser] = await Promise.all([
      startServer(dir, { testDriver: true, ...options }),
      startBrowser(dir, profile, viewport),
    ]);
    const page = browser.pages()[0] ?? (await browser.newPage());
    const open = async (what = {}) => {
      if (what.web) await useWebExtensions(page, server, what);
      return page.goto(address(server, what));
    };
    return { page, server, open, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
