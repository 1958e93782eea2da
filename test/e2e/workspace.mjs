import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRoot } from '../../scripts/tools/paths.mjs';

/**
 * A copy of the example that tests may write to, in a folder with a space in its name, and beside it a second project and a
 * .code-workspace of both.
 */
export function scratchWorkspace() {
  const top = mkdtempSync(path.join(os.tmpdir(), 'cache-lens-'));
  const folder = path.join(top, 'node app');
  const second = path.join(top, 'python');
  cpSync(inRoot('examples/node-app'), folder, { recursive: true });
  cpSync(inRoot('test/workspaces/python'), second, { recursive: true });
  mkdirSync(path.join(top, 'user-data/User'), { recursive: true });
  const workspace = path.join(top, 'both.code-workspace');
  writeFileSync(workspace, JSON.stringify({ folders: [{ path: 'node app' }, { path: 'python' }] }));
  return { top, folder, workspace, remove: () => rmSync(top, { recursive: true, force: true, maxRetries: 5 }) };
}
