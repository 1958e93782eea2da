import type { Message, MessageStrategy } from 'vscode-languageserver';

/** Where every message of the client passes, in its order. */
export interface Gate extends MessageStrategy {
  /**
   * Keeps back what comes behind the message that is being handled, until `load` is done. Loading begins when the reply to that message has
   * been written or when the next one arrives. Where it fails, nobody can be answered: the rejection is left to end the process.
   */
  closeUntil(load: () => Promise<void>): void;
}

type Held = [Message, next: (message: Message) => void | Promise<void>];

export function createGate(): Gate {
  let held: Held[] = [];
  let load: (() => Promise<void>) | undefined;
  let loading = false;

  const open = async (): Promise<void> => {
    if (!load || loading) return;
    loading = true;
    await load();
    loading = false;
    load = undefined;
    const passing = held;
    held = [];
    for (const [message, next] of passing) void gate.handleMessage(message, next);
  };

  const gate: Gate = {
    async handleMessage(message, next) {
      if (load) held.push([message, next]);
      // A request is done when the reply to it has been written.
      else await next(message);
      void open();
    },
    closeUntil(loaded) {
      load = loaded;
    },
  };
  return gate;
}
