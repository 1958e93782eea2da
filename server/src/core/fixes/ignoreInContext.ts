import { parseIgnore } from '../context/ignore.ts';
import type { Edit, Fix } from '../fixes.ts';
import { listing } from '../prose.ts';
import type { ContextSnapshot } from '../workspace.ts';

/** A path as a pattern that matches it alone. */
export const escapePattern = (path: string): string => path.replace(/[\\*?[]/g, '\\$&');

export const ignorePath = (context: ContextSnapshot): string => context.ignore?.path ?? '.dockerignore';

/** Adds lines to the end of the ignore file in force, which is made where there is none. */
export function addIgnoreLines(context: ContextSnapshot, lines: readonly string[]): Edit {
  const text = context.ignore?.text ?? '';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const added = lines.map((line) => line + eol).join('');
  return {
    path: ignorePath(context),
    span: { start: text.length, end: text.length },
    newText: text === '' || text.endsWith('\n') ? added : eol + added,
  };
}

/** Adds files (context-relative paths) to the ignore file in force. */
export const ignoreInContext = (context: ContextSnapshot, files: readonly string[]): Fix => ({
  title: `Add ${listing(files)} to ${ignorePath(context)}`,
  applicability: 'suggestion',
  edits: [addIgnoreLines(context, files.map(escapePattern))],
});

/** Ways to have a path enter that the ignore file keeps out: an exception, or without the pattern, where that alone does it. */
export function letEnter(context: ContextSnapshot, path: string): Fix[] {
  const { ignore } = context;
  const pattern = ignore && parseIgnore(ignore.text).matcher.matches(path).pattern;
  if (!ignore || !pattern) return [];
  const { start, end } = pattern.span;
  const lineEnd = ignore.text.indexOf('\n', end) + 1 || ignore.text.length;
  const without: Edit = {
    path: ignore.path,
    span: { start: ignore.text.lastIndexOf('\n', start - 1) + 1, end: lineEnd },
    newText: '',
  };
  const exception = addIgnoreLines(context, [`!${escapePattern(path)}`]);
  const candidates: Fix[] = [
    { title: `Add the exception !${path} to ${ignore.path}`, applicability: 'suggestion', edits: [exception] },
    { title: `Remove ${pattern.text} from ${ignore.path}`, applicability: 'suggestion', edits: [without] },
  ];
  return candidates.filter(({ edits }) => edits.every((edit) => lets(ignore.text, edit, path)));
}

const lets = (text: string, { span, newText }: Edit, path: string): boolean =>
  !parseIgnore(text.slice(0, span.start) + newText + text.slice(span.end)).matcher.matches(path).ignored;
