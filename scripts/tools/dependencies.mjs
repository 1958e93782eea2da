import { existsSync, readFileSync } from 'node:fs';
import { inRoot } from './paths.mjs';
import { run } from './process.mjs';

const readLock = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : undefined);

/** npm notes in node_modules what it has installed: compared with the lock file, package by package. */
function upToDate() {
  const wanted = readLock(inRoot('package-lock.json'));
  const installed = readLock(inRoot('node_modules/.package-lock.json'));
  if (!installed) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    const found = installed[path];
    return found ? found.version === version : optional; // optional: made for another platform
  });
}

/** Runs `npm ci` unless node_modules is what the lock file says. */
export async function ensureDependencies() {
  if (upToDate()) return;
  console.error('Installing dependencies (npm ci) …');
  await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { output: 'hide' });
}
