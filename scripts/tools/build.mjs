import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { inRoot } from './paths.mjs';
import { run } from './process.mjs';

const inputs = ['client/src', 'server/src', 'scripts/build.mjs', 'package.json', 'package-lock.json'];
const outputs = [
  'client.js',
  'server.js',
  'server/library.js',
  'server/serve.js',
  'cli.js',
  'browser/client.js',
  'browser/server.js',
];

/** The time of the newest file at or below a path, in milliseconds. A folder counts too: its time tells of deleted files. */
function newest(file) {
  const stat = statSync(file);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(file).map((name) => newest(path.join(file, name))));
}

function upToDate() {
  const built = outputs.map((name) => statSync(inRoot('dist', name), { throwIfNoEntry: false })?.mtimeMs ?? 0);
  return Math.min(...built) > Math.max(...inputs.map((name) => newest(inRoot(name))));
}

/** Builds dist/ unless it is newer than all it is made from. */
export async function ensureBuild() {
  if (upToDate()) return;
  console.error('Building …');
  await run(process.execPath, ['scripts/build.mjs'], { output: 'hide' });
}
