import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Io } from '../../server/src/cli/io.ts';
import { run } from '../../server/src/cli/run.ts';
import { gatherFacts } from '../../server/src/node/gatherFacts.ts';
import { gatherIgnoreFacts } from '../../server/src/node/ignoreFiles.ts';

/** The Dockerfile of a folder, what the command line really prints for it, and the Dockerfile after `--fix`. */
export async function exampleSection(folder: string): Promise<string> {
  const copy = mkdtempSync(path.join(tmpdir(), 'cache-lens-'));
  try {
    // A copy, because --fix writes, and because the history of this repository would move the numbers with each commit.
    cpSync(folder, copy, { recursive: true });
    const dockerfile = () => readFileSync(path.join(copy, 'Dockerfile'), 'utf8');
    const before = dockerfile();
    const output = await printed(copy, []);
    await printed(copy, ['--fix']);
    return [
      block('dockerfile', before),
      '`cache-lens check` says:',
      block('text', output),
      '`cache-lens check --fix` makes of it:',
      block('dockerfile', dockerfile()),
    ].join('\n\n');
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

const block = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

async function printed(cwd: string, options: readonly string[]): Promise<string> {
  let output = '';
  const paper = (write: (text: string) => void) => ({ write, isTerminal: false, columns: 100 });
  const io: Io = {
    cwd,
    env: {},
    stdout: paper((text) => {
      output += text;
    }),
    stderr: paper((text) => {
      throw new Error(text);
    }),
    readStdin: async () => new Uint8Array(),
    gather: gatherFacts,
    gatherIgnore: gatherIgnoreFacts(),
    gatherOnce: () => gatherFacts,
    readBuildLog: async () => 'none is asked for',
    git: async () => undefined,
  };
  await run(['check', ...options], io);
  return output;
}
