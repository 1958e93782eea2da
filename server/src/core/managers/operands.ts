import type { ShellWord } from '../syntax/shell.ts';
import type { Call } from './manager.ts';

/** Why packages named on a command line may be files of the project: `./tool.deb`, `$(cat packages.txt)`; undefined where they are plain names. */
export function fileOperand({ program, command }: Call, operands: readonly ShellWord[]): string | undefined {
  const file = operands.find(({ value, text }) =>
    /^(\.{0,2}\/|file:)|^(?!\w+:\/\/).*\.(deb|rpm|apk|pkg\.tar\.\w+)$/.test(value ?? text),
  );
  if (file) return `${program} installs ${file.text}, which may be a file of the project.`;
  const listed = operands.find(({ value, text }) => value === undefined && /[`(<]/.test(text));
  if (listed) return `${program} installs what ${listed.text} says, which may come from a file of the project.`;
  const reads = command.redirects.some(({ operator }) => operator.startsWith('<'));
  return reads || command.connector?.operator === '|'
    ? `${program} reads its input from elsewhere, which may be a file of the project.`
    : undefined;
}
