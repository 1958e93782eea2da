#!/usr/bin/env node
// Takes the command line of desktop VS Code as `@vscode/test-electron` writes it, runs the tests in VS Code's server, and
// exits as VS Code does: 0 when the tests' run() resolved, 1 when it rejected; 70 when the workbench broke, 71 when it did
// not start, 124 when no result came in time. VSCODE_HOST names the host to use, VSCODE_HOST_VERBOSE shows the
// workbench's own log.
import { statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { installHost } from './install.mjs';
import { startWorkbench } from './workbench.mjs';

/** What the tests print begins with this, so that it can be told from the workbench's own log. */
const mark = '@test@ ';

function parse(argv) {
  const flags = new Map();
  const places = [];
  for (const word of argv) {
    const [, name, value = 'true'] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name) flags.set(name, [...(flags.get(name) ?? []), value]);
    else places.push(path.resolve(word));
  }
  return { places, all: (name) => flags.get(name) ?? [], last: (name) => flags.get(name)?.at(-1) };
}

const args = parse(process.argv.slice(2));
const tests = args.last('extensionTestsPath');
if (!tests) {
  console.error('code.mjs: --extensionTestsPath=FILE is needed');
  process.exit(2);
}
const web = args.last('extensionDevelopmentKind') === 'web';
const development = args.all('extensionDevelopmentPath').map((dir) => path.resolve(dir));
const isFolder = (place) => statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
const isWorkspace = (place) => place.endsWith('.code-workspace');

const verbose = Boolean(process.env.VSCODE_HOST_VERBOSE);
const log = [];
let testsSpoke = false;
let ending = false;

const starting = installHost(process.env.VSCODE_HOST ?? 'newest').then((dir) =>
  startWorkbench(dir, {
    userDataDir: args.last('user-data-dir'),
    extensionsDir: args.last('extensions-dir'),
    extensions: args.all('install-extension'),
    proposedApi: args.all('enable-proposed-api'),
    webRoots: web ? development : [],
    env: { VSCODE_HOST_MARK: mark, VSCODE_HOST_TESTS: path.resolve(tests) },
    logFile: process.env.VSCODE_HOST_LOG,
  }),
);

async function end(code, why) {
  if (ending) return;
  ending = true;
  if (why) console.error(why);
  if (code !== 0 && !testsSpoke && !verbose && log.length > 0)
    console.error(`The workbench's log:\n${log.slice(-60).join('\n')}`);
  await starting.then(
    (workbench) => workbench.stop(),
    () => {},
  );
  process.exit(code);
}

/** A line of the page's console: the tests' own goes to our output, the rest is kept for a failure. */
function onConsole(type, values) {
  const text = values.length === 1 ? String(values[0]) : format(...values);
  if (text.startsWith(mark)) {
    testsSpoke = true;
    const stream = type === 'error' || type === 'warn' ? process.stderr : process.stdout;
    stream.write(`${text.slice(mark.length)}\n`);
    return;
  }
  log.push(`${type}: ${text}`);
  if (verbose) console.error(`[workbench] ${type}: ${text}`);
}

for (const [signal, number] of [
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
]) {
  process.on(signal, () => end(128 + number, `stopped by ${signal}`));
}
process.on('uncaughtException', (error) => end(70, error.stack));
const seconds = Number(process.env.VSCODE_HOST_TIMEOUT ?? 600);
setTimeout(() => end(124, `no result after ${seconds} s`), seconds * 1000);

try {
  const workbench = await starting;
  const { page } = workbench;
  page.on('crash', () => end(70, 'the page of the workbench crashed'));
  page.on('pageerror', (error) => log.push(`page error: ${error.message}`));
  // The two functions that the workbench looks for when tests drive it.
  await page.exposeFunction('codeAutomationLog', onConsole);
  await page.exposeFunction('codeAutomationExit', (code) => {
    setTimeout(end, 50, code); // the last lines of the log come first
  });
  await workbench.open({
    workspace: args.places.find(isWorkspace),
    folder: args.places.find(isFolder),
    files: args.places.filter((place) => !isFolder(place) && !isWorkspace(place)),
    development,
    web,
    tests: web ? tests : fileURLToPath(new URL('test-entry.cjs', import.meta.url)),
    disableExtensions: Boolean(args.last('disable-extensions')),
  });
} catch (error) {
  await end(71, error.stack);
}
