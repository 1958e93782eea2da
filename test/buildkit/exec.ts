import { spawn } from 'node:child_process';

export interface Finished {
  /** Null where a signal ended the process. */
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface ExecOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds; 120,000 by default. */
  readonly timeout?: number;
}

/** Runs a program to its end without a shell. Rejects only where it cannot be started. */
export function exec(program: string, args: readonly string[], options: ExecOptions = {}): Promise<Finished> {
  const { cwd, env = process.env, timeout = 120_000 } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, timeout, stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString('utf8') }),
    );
  });
}

/** As `exec`, for what must succeed: rejects with the program's own last words. */
export async function mustExec(program: string, args: readonly string[], options?: ExecOptions): Promise<Buffer> {
  const { code, stdout, stderr } = await exec(program, args, options);
  if (code === 0) return stdout;
  const words = stderr.trim().split('\n').slice(-3).join(' | ');
  throw new Error(`${program} ${args.join(' ')} failed with ${code}: ${words}`);
}
