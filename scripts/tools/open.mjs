// Opens a folder in a real VS Code with the extension: on the desktop, served to a browser, or just to see that it works.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { installHost } from '../../test/e2e/host/install.mjs';
import { startServer } from '../../test/e2e/host/server.mjs';
import { startWorkbench } from '../../test/e2e/host/workbench.mjs';
import { packExtension } from '../package.mjs';
import { inRoot } from './paths.mjs';
import { which } from './process.mjs';

/** @typedef {{ folder: string, file?: string, port?: number }} What */

/**
 * In a window of VS Code: the one that is installed, or a downloaded one with settings of its own.
 * @param {What} what
 */
export async function openOnDesktop({ folder, file }) {
  const installed = !process.env.VSCODE_IPC_HOOK_CLI && which('code'); // inside a remote window, `code` is a smaller program
  const executable = installed || (await (await import('@vscode/test-electron')).downloadAndUnzipVSCode('stable'));
  const own = installed ? [] : [`--user-data-dir=${inRoot('.vscode-test/user-data')}`, '--skip-welcome'];
  const args = [...own, '--new-window', `--extensionDevelopmentPath=${inRoot()}`, folder, ...(file ? [file] : [])];
  spawn(executable, args, { detached: true, stdio: 'ignore', shell: process.platform === 'win32' }).unref();
  console.log(`Opening ${folder} in VS Code …`);
}

const packed = () => packExtension(inRoot('out/try/extension.vsix'));

/** A server that answers, with the extension installed in it, and the address of a folder on it. */
async function serve({ folder, port }) {
  const server = await startServer(await installHost('newest'), { port, extensions: [await packed()] });
  const address = `${server.origin}/?${new URLSearchParams({ tkn: server.token, folder })}`;
  // A browser is sent on with the token in a cookie, and fetch keeps none.
  const answer = await fetch(server.origin, { headers: { cookie: `vscode-tkn=${server.token}` } });
  if (answer.ok && (await answer.text()).includes('vscode-workbench-web-configuration')) return { server, address };
  await server.stop();
  throw new Error(`VS Code's server does not show its workbench: it answered ${answer.status}`);
}

const interrupted = () =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
  });

/**
 * Serves VS Code to the user's own browser until Ctrl+C.
 * @param {What} what
 */
export async function serveUntilInterrupted(what) {
  const { server, address } = await serve(what);
  console.log(`\nVS Code with the extension is at\n\n  ${address}\n`);
  console.log(
    `From another machine: ssh -L ${server.port}:127.0.0.1:${server.port} <this machine>, then the same address.`,
  );
  console.log('Ctrl+C ends it.');
  await interrupted();
  await server.stop();
}

/**
 * Opens the folder in a browser without a window, waits until the extension has spoken, and ends.
 * @param {What & { expectFindings: boolean }} what
 */
export async function openOnce({ folder, file, expectFindings }) {
  const workbench = await startWorkbench(await installHost('newest'), { extensions: [await packed()] });
  try {
    const { page, server } = workbench;
    await workbench.open({ folder, files: file ? [file] : [] });
    const shown = file ? '.editor-instance .view-line' : '.explorer-folders-view .monaco-list-row';
    await page.locator(shown).first().waitFor({ timeout: 60_000 });
    if (expectFindings)
      await page.locator('.editor-instance [class*="squiggly-"]').first().waitFor({ timeout: 60_000 });
    const screenshot = inRoot('out/try/screenshot.png');
    mkdirSync(path.dirname(screenshot), { recursive: true });
    await page.screenshot({ path: screenshot });
    const seen = expectFindings ? 'The findings were underlined' : 'The workbench came up';
    console.log(
      `\nOpened ${folder} in VS Code at ${server.origin}. ${seen}: see ${path.relative(inRoot(), screenshot)}.`,
    );
  } finally {
    await workbench.stop();
  }
}
