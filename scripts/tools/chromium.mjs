import { run, which } from './process.mjs';

/** The browser that is installed here, or undefined. Debian's package has the first name; CHROMIUM names another one. */
export function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']) {
    const found = which(name);
    if (found) return found;
  }
  return undefined;
}

/** The words to put before a command that root has to run; undefined where that would need a password nobody can type. */
async function asRoot() {
  if (process.getuid?.() === 0) return [];
  const allowed = which('sudo') && (process.stdin.isTTY || (await silent('sudo', ['-n', 'true'])));
  return allowed ? ['sudo'] : undefined;
}

const silent = (command, args) =>
  run(command, args, { output: 'hide' }).then(
    () => true,
    () => false,
  );

/**
 * Installs Debian's Chromium where there is none.
 * @returns {Promise<string | undefined>} why there is no browser, or undefined when there is one
 */
export async function ensureChromium() {
  if (findChromium()) return undefined;
  const prefix = which('apt-get') && (await asRoot());
  if (!prefix) return 'no Chromium was found and it cannot be installed here: install it, or name it in CHROMIUM';
  console.error('Installing Chromium (apt-get, about 125 MB) …');
  const apt = (...args) => {
    const [command, ...rest] = [...prefix, 'apt-get', ...args];
    return run(command, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' }, output: 'hide' });
  };
  try {
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', 'chromium');
  } catch (error) {
    return `Chromium could not be installed: ${error.message}`;
  }
  return findChromium() ? undefined : 'the package chromium brought no program of that name';
}
