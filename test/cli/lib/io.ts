import type { GatherFacts, Git, Io } from '../../../server/src/cli/io.ts';
import { noFacts, noIgnoreFacts } from '../../../server/src/core/workspace.ts';

export interface TestIo extends Io {
  /** What has been written so far. */
  readonly written: { stdout: string; stderr: string };
}

export interface IoOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array;
  readonly isTerminal?: boolean;
  readonly columns?: number | undefined;
  readonly gather?: GatherFacts;
  readonly git?: Git;
}

/** A world for the command line that keeps what it writes. */
export function testIo({
  cwd = '/repo',
  env = {},
  stdin = '',
  isTerminal = false,
  columns,
  gather = async () => noFacts,
  git = async () => undefined,
}: IoOptions = {}): TestIo {
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written) => ({
    isTerminal,
    columns,
    write: (text: string) => {
      written[name] += text;
    },
  });
  return {
    cwd,
    env,
    written,
    stdout: output('stdout'),
    stderr: output('stderr'),
    readStdin: async () => (typeof stdin === 'string' ? new TextEncoder().encode(stdin) : stdin),
    gather,
    gatherOnce: () => gather,
    gatherIgnore: async () => noIgnoreFacts,
    readBuildLog: async () => 'there is no such file',
    git,
  };
}
