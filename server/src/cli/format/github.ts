import type { Finding } from '../../core/rule.ts';
import type { CheckedFile, Report } from '../check.ts';
import { printable } from '../io.ts';

const commands = { error: 'error', warning: 'warning', information: 'notice', hint: 'notice' } as const;

/** Escapes as `@actions/core` does (packages/core/src/command.ts): without it a message could end the command and begin another. */
const data = (text: string): string => printable(text).replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');

const property = (text: string): string => data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');

/** Workflow commands: GitHub shows each as an annotation in the diff. It counts lines and columns from one. */
export const github = ({ files }: Report): string =>
  files.flatMap((file) => file.findings.map((finding) => `${command(file, finding)}\n`)).join('');

function command({ path, document }: CheckedFile, { rule, severity, message, span }: Finding): string {
  const { start, end } = document.rangeOf(span);
  // Columns count only where both ends are on one line.
  const columns = start.line === end.line ? { col: start.character + 1, endColumn: end.character + 1 } : {};
  const place = { file: path, line: start.line + 1, endLine: end.line + 1, ...columns, title: `cache-lens: ${rule}` };
  const properties = Object.entries(place).map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${commands[severity]} ${properties.join(',')}::${data(message)}`;
}
