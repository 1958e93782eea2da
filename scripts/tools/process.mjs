import { spawn, spawnSync } from 'node:child_process';
import { root } from './paths.mjs';

const npmOnWindows = (command) => process.platform === 'win32' && /^npm$/.test(command);

const stdio = {
  show: ['ignore', 'inherit', 'inherit'],
  hide: ['ignore', 'pipe', 'pipe'],
  tee: ['ignore', 'pipe', 'pipe'],
  stdout: ['ignore', 'pipe', 'ignore'],
};

/**
 * Runs a program to its end.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, output?: 'show' | 'hide' | 'tee' | 'stdout' }} options
 *   output: shown as it comes (default), kept back unless the program fails, both shown and returned, or only what goes to stdout
 * @returns {Promise<{ code: number, output: string }>} code: the exit code, 128 when a signal ended it
 */
export function attempt(command, args, { cwd = root, env = {}, output = 'show' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: stdio[output],
      shell: npmOnWindows(command), // npm is a .cmd file there
    });
    let text = '';
    const keep = (stream, shown) =>
      stream?.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
        if (output === 'tee') shown.write(chunk);
      });
    keep(child.stdout, process.stdout);
    keep(child.stderr, process.stderr);
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 128, output: text }));
  });
}

/** Like `attempt`, but a failure throws, with the last lines of what was kept back. */
export async function run(command, args, options = {}) {
  const { code, output } = await attempt(command, args, options);
  if (code === 0) return output;
  const tail = options.output === 'hide' ? `:\n${output.trimEnd().split('\n').slice(-30).join('\n')}` : '';
  throw new Error(`${[command, ...args].join(' ')} ended with exit code ${code}${tail}`);
}

/** The path of a program on the PATH, or undefined. */
export function which(name) {
  const found = spawnSync(process.platform === 'win32' ? 'where' : 'which', [name], { encoding: 'utf8' });
  return found.status === 0 ? found.stdout.split(/\r?\n/)[0] : undefined;
}

/** Runs a script's main function: what it throws becomes one message and exit code 1. */
export async function main(body) {
  try {
    await body();
  } catch (error) {
    console.error(process.env.DEBUG ? error.stack : error.message);
    process.exitCode = 1;
  }
}
