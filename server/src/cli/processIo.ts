import type { Io, Output } from './io.ts';

/** The world of a real run; what looks at files and git is handed in. */
export function processIo(host: Pick<Io, 'gather' | 'gatherOnce' | 'gatherIgnore' | 'readBuildLog' | 'git'>): Io {
  // A reader that has seen enough (`| head`) closes the pipe: no reason to complain.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  return {
    ...host,
    cwd: process.cwd(),
    env: process.env,
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    readStdin,
  };
}

const output = (stream: NodeJS.WriteStream): Output => ({
  write: (text) => void stream.write(text),
  isTerminal: stream.isTTY === true,
  columns: stream.columns,
});

async function readStdin(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}
