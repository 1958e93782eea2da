// Checks a folder, prints the findings and opens it in a real VS Code with the extension: npm run try -- [FOLDER] [OPTION…]
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { setup, setupOfflineHosts } from './setup.mjs';
import { inRoot } from './tools/paths.mjs';
import { attempt, main, which } from './tools/process.mjs';

const usage = `npm run try -- [FOLDER] [OPTION…]

Checks the Dockerfiles in a folder (by default the example), prints the findings, and opens the folder in VS Code.

  --once      open it only to see that it works, save a screenshot, and end (so it is in CI and without a terminal)
  --serve     serve VS Code to a browser on this or another machine until Ctrl+C, even where a desktop VS Code can be had
  --port=N    the port to serve it on
  --no-open   print the findings only`;

function readArguments(argv) {
  const unknown = argv.find((word) => word.startsWith('-') && !/^--(once|serve|no-open|help|port=\d+)$/.test(word));
  if (unknown) throw new Error(`Unknown option ${unknown}.\n\n${usage}`);
  const has = (name) => argv.includes(`--${name}`);
  const folder = argv.find((word) => !word.startsWith('-'));
  const port = argv.find((word) => word.startsWith('--port='))?.slice('--port='.length);
  return {
    // npm runs scripts in the checkout, whatever the folder it was called in.
    folder: folder ? path.resolve(process.env.INIT_CWD ?? process.cwd(), folder) : inRoot('examples/node-app'),
    port: port && Number(port),
    help: has('help'),
    serve: has('serve'),
    open: !has('no-open'),
    once: has('once') || (!has('serve') && (Boolean(process.env.CI) || !process.stdout.isTTY)),
  };
}

const cli = (args, options) => attempt(process.execPath, [inRoot('dist/cli.js'), 'check', ...args], options);

/** Prints the findings; says which file to open: the first one with findings. */
async function check(folder) {
  const { code } = await cli(['--format', 'pretty', folder]);
  if (code > 1) console.error('Not all of it could be checked; the reasons are above.');
  const { output } = await cli(['--format', 'json', folder], { output: 'stdout' });
  const { files } = JSON.parse(output);
  const worth = files.find(({ findings }) => findings.length > 0) ?? files[0];
  const file = worth && path.resolve(inRoot(), worth.path);
  return { file, expectFindings: Boolean(worth?.findings.length) };
}

async function open(what, { serve, once, port }) {
  const { chooseVSCode, display } = await import('./tools/vscode.mjs');
  const { openOnDesktop, openOnce, serveUntilInterrupted } = await import('./tools/open.mjs');
  const desktop = !once && !serve && display() && (which('code') || (await chooseVSCode()) === 'desktop');
  if (desktop) return openOnDesktop(what);
  const problem = await setupOfflineHosts(['newest'], { browser: once });
  if (problem) return console.log(`\nVS Code was not opened: ${problem}.`);
  return once ? openOnce(what) : serveUntilInterrupted({ ...what, port });
}

await main(async () => {
  const options = readArguments(process.argv.slice(2));
  if (options.help) return console.log(usage);
  if (!existsSync(options.folder) || !statSync(options.folder).isDirectory()) {
    throw new Error(`${options.folder} is not a folder.\n\n${usage}`);
  }
  await setup();
  const found = await check(options.folder);
  if (options.open) await open({ folder: options.folder, ...found }, options);
});
