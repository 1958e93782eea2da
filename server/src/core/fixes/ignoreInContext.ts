import type { Fix } from '../fixes.ts';
import { listing } from '../prose.ts';
import type { ContextSnapshot } from '../workspace.ts';

/** Adds files (context-relative paths) to the ignore file in force, which is made where there is none. */
export function ignoreInContext(context: ContextSnapshot, files: readonly string[]): Fix {
  const text = context.ignore?.text ?? '';
  const lines = files.map((file) => `${file.replace(/[\\*?[]/g, '\\$&')}\n`).join('');
  const path = context.ignore?.path ?? '.dockerignore';
  return {
    title: `Add ${listing(files)} to ${path}`,
    applicability: 'suggestion',
    edits: [
      {
        path,
        span: { start: text.length, end: text.length },
        newText: text === '' || text.endsWith('\n') ? lines : `\n${lines}`,
      },
    ],
  };
}
