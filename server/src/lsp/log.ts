import type { Connection } from 'vscode-languageserver';

export interface Log {
  /** A defect or a failed request. The same one is written once, however often it happens. */
  error(where: string, error: unknown): void;
  warn(message: string): void;
}

/** So many different messages are remembered; a session that has more is broken in one way after another. */
const most = 500;

export function createLog(connection: Connection): Log {
  const said = new Set<string>();
  const isNew = (message: string): boolean => {
    if (said.has(message) || said.size >= most) return false;
    said.add(message);
    return true;
  };
  return {
    error(where, error) {
      const message = `${where}: ${describe(error)}`;
      if (isNew(message)) connection.console.error(message);
    },
    warn(message) {
      if (isNew(message)) connection.console.warn(message);
    },
  };
}

const describe = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
