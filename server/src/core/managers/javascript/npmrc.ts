import type { ContextSnapshot } from '../../workspace.ts';
import { resolve } from '../paths.ts';

/** A setting of a project's .npmrc; the last one wins. Source: the ini format as npm reads it. */
export function npmrcSetting(context: ContextSnapshot, directory: string, name: string): string | undefined {
  const text = context.text(resolve(directory, '.npmrc'));
  const line = text?.split(/\r?\n/).findLast((each) => each.split('=')[0]?.trim() === name);
  return line === undefined
    ? undefined
    : line
        .slice(line.indexOf('=') + 1)
        .trim()
        .replace(/^(["'])(.*)\1$/, '$2');
}
