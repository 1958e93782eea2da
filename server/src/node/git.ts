import { execFile } from 'node:child_process';
import type { History } from '../core/workspace.ts';

/** Newest commits that are looked at. */
const mostCommits = 1000;
const milliseconds = 10_000;
const mostBytes = 32 * 1024 * 1024;

/** Marks the start of a commit in git's output; no path begins with it. */
const mark = '/\u0001';

/**
 * What git knows of a folder's past. Nothing that a repository's configuration names is run: no hooks, no fsmonitor, no pager, no
 * external diff, no text conversion, no signature check, no transport. Undefined without git, outside of repositories, in shallow ones,
 * and where it takes too long.
 */
export async function readHistory(folder: string): Promise<History | undefined> {
  const shallow = await git(folder, ['rev-parse', '--is-shallow-repository']);
  if (shallow?.text.trim() !== 'false') return undefined;
  const log = await git(folder, [
    'log',
    ...[
      '--first-parent',
      '-m',
      '--name-only',
      '--relative',
      '-z',
      `--format=tformat:${mark}`,
      '-n',
      String(mostCommits),
    ],
    ...['--no-renames', '--no-ext-diff', '--no-textconv', '--no-show-signature', '--no-notes', '--no-color'],
    ...['--ignore-submodules=all', 'HEAD', '--'],
  ]);
  const forced =
    log && (await git(folder, ['ls-files', '-z', '--cached', '--ignored', '--exclude-standard', '--', '.']));
  return (
    log && { commits: parseLog(log), forced: forced?.complete ? forced.text.split('\0').filter(Boolean) : undefined }
  );
}

/** Each mark begins a commit; a commit that was cut off is left out. */
function parseLog({ text, complete }: Output): string[][] {
  const commits: string[][] = [];
  for (const part of text.split('\0')) {
    const name = part.startsWith('\n') ? part.slice(1) : part;
    if (name === mark) commits.push([]);
    else if (name !== '') commits.at(-1)?.push(name);
  }
  return complete ? commits : commits.slice(0, -1);
}

interface Output {
  readonly text: string;
  /** False where there was more. */
  readonly complete: boolean;
}

const settings = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.attributesFile=/dev/null',
  'core.pager=cat',
  'diff.external=',
  'log.showSignature=false',
  'protocol.allow=never',
  'gc.auto=0',
].flatMap((setting) => ['-c', setting]);

function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^GIT_/i.test(name));
  return {
    ...Object.fromEntries(kept),
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_NO_LAZY_FETCH: '1',
    // Counts more than what a repository says of a single protocol.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_ATTR_NOSYSTEM: '1',
    LC_ALL: 'C',
  };
}

/** Runs git, reading only. Undefined where it fails. */
export const git = (cwd: string, args: readonly string[]): Promise<Output | undefined> =>
  new Promise((resolve) => {
    const options = { cwd, env: environment(), timeout: milliseconds, maxBuffer: mostBytes, windowsHide: true };
    const child = execFile('git', ['--no-pager', ...settings, ...args], options, (error, text) => {
      const cut = error?.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';
      resolve(error && !cut ? undefined : { text, complete: !cut });
    });
    child.on('error', () => resolve(undefined));
    child.stdin?.end();
  });
