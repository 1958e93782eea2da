import { hostSupported } from '../../test/e2e/host/install.mjs';
import { which } from './process.mjs';

/** Can a window be shown here, at least on a screen that exists in memory only? */
export const display = () =>
  process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

async function downloadable() {
  try {
    const signal = AbortSignal.timeout(5000);
    const response = await fetch('https://update.code.visualstudio.com/api/releases/stable', { signal });
    return response.ok;
  } catch {
    return false;
  }
}

/**
 * Where a real VS Code can be had: downloaded ("desktop"), or as VS Code's own server and workbench from the npm registry
 * ("offline"). CACHE_LENS_VSCODE decides instead when it is set to one of the two.
 * @returns {Promise<'desktop' | 'offline' | undefined>}
 */
export async function chooseVSCode() {
  const forced = process.env.CACHE_LENS_VSCODE;
  if (forced === 'desktop' || forced === 'offline') return forced;
  if ((display() || which('xvfb-run')) && (await downloadable())) return 'desktop';
  return hostSupported ? 'offline' : undefined;
}
