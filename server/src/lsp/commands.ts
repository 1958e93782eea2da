import { openRule } from './capabilities.ts';
import { pageOf } from './diagnostics.ts';
import type { Session } from './session.ts';

export function provideCommands({ connection, client, log }: Session): void {
  connection.onExecuteCommand(async ({ command, arguments: args }) => {
    const rule: unknown = args?.[0];
    const uri = command === openRule && isRuleId(rule) ? pageOf(rule, client) : undefined;
    if (!uri) return null;
    try {
      await connection.window.showDocument({ uri, external: /^https?:/.test(uri), takeFocus: true });
    } catch (error) {
      log.error('The page was not opened', error);
    }
    return null;
  });
}

/** The argument becomes part of a URI: nothing but an id gets through. */
const isRuleId = (value: unknown): value is string => typeof value === 'string' && /^[a-z][a-z-]*$/.test(value);
