import { type Io, printable } from './io.ts';

/** A run this long without a word looks stuck. Milliseconds. */
const patience = 700;
const interval = 100;

export interface Progress {
  next(name: string): void;
  end(): void;
}

/** One line on stderr, rewritten in place: only on a terminal, only when the run takes long. */
export function startProgress({ stderr }: Io, total: number, now: () => number = Date.now): Progress {
  const begun = now();
  let done = 0;
  let shown = Number.NEGATIVE_INFINITY;
  return {
    next(name) {
      done++;
      const time = now();
      if (!stderr.isTerminal || time - begun < patience || time - shown < interval) return;
      shown = time;
      const line = `${done}/${total} ${printable(name)}`;
      stderr.write(`\r\u001b[K${line.slice(0, Math.max(1, (stderr.columns ?? 80) - 1))}`);
    },
    end() {
      if (shown > 0) stderr.write('\r\u001b[K');
    },
  };
}
