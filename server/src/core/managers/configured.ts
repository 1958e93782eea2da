import { ancestors } from '../build/graph.ts';
import type { Call } from './manager.ts';

/** A setting (`store_dir`) of earlier calls such as `bundle config set path x`, `pnpm config set store-dir x`, in this RUN and before. */
export function configuredFor({ step }: Call, program: RegExp, name: string): string | undefined {
  const commands = [...ancestors(step), step].flatMap((each) => each.script?.commands ?? []);
  for (const { words } of commands.toReversed()) {
    const values = words
      .map(({ value, text }) => value ?? text)
      .filter((word) => !word.startsWith('-') && word !== 'set');
    const at = values.indexOf('config');
    const [, key = '', joined] = /^([\w-]+)(?:=(.*))?$/.exec(values[at + 1] ?? '') ?? [];
    if (program.test(values[at - 1] ?? '') && key.replaceAll('-', '_') === name) return joined ?? values[at + 2];
  }
  return undefined;
}
