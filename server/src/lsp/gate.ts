import type { MessageStrategy } from 'vscode-languageserver';

/** Where every message of the client passes, in its order. */
export interface Gate extends MessageStrategy {
  /**
   * Keeps back what comes behind the message that is being handled, until `load` is done. Loading begins when the reply to that message has
   * been written or when the next one arrives. Where it fails, nobody can be answered: the rejection is left to end the process.
   */
  closeUntil(load: () => Promise<void>): void;
}

/** `handled` is called after each message, the reply to it written. */
export function createGate(handled: () => void = () => {}): Gate {
  const waiting: (() => void)[] = [];
  let load: (() => Promise<void>) | undefined;
  let loading = false;

  const open = async (): Promise<void> => {
    if (!load || loading) return;
    loading = true;
    await load();
    loading = false;
    load = undefined;
    for (const pass of waiting.splice(0)) pass();
  };

  const gate: Gate = {
    async handleMessage(message, next) {
      if (load) {
        void open();
        await new Promise<void>((pass) => waiting.push(pass));
        return gate.handleMessage(message, next);
      }
      // A request is done when the reply to it has been written.
      await next(message);
      void open();
      handled();
    },
    closeUntil(loaded) {
      load = loaded;
    },
  };
  return gate;
}
