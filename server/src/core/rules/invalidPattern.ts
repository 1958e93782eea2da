import { refusedLines } from '../context/refusal.ts';
import type { Rule } from '../rule.ts';

export const invalidPattern: Rule = {
  id: 'invalid-pattern',
  severity: 'error',
  category: 'context',
  docs: {
    summary: 'The builder refuses a pattern of the ignore file',
    why: `BuildKit reads the ignore file before it reads the build context. One malformed pattern, and no build of this context starts: "error from sender: … syntax error in pattern". Some are noticed only when the first file is
compared with them.`,
    fix: 'None: what was meant cannot be told from what is there. The message says which character is the matter.',
    ignore: 'Never.',
    bad: { ignoreFile: '.git\n*.py[cod\n' },
    good: { ignoreFile: '.git\n*.py[cod]\n' },
    references: ['https://pkg.go.dev/path/filepath#Match', 'https://github.com/moby/patternmatcher'],
  },
  *checkIgnore({ file, facts: { folder } }) {
    const refused = folder && new Set(refusedLines(file, folder.listing).map(({ start }) => start));
    for (const { span, text, error = '' } of file.errors) {
      const isLatent = refused && !refused.has(span.start);
      const effect = isLatent
        ? 'The builder refuses this pattern as soon as it compares a file with it; so far no file comes so far'
        : 'The builder refuses this pattern, and with it every build of this context';
      yield {
        span,
        severity: isLatent ? 'warning' : 'error',
        message: `${effect}: in \`${text.length > 60 ? `${text.slice(0, 59)}…` : text}\` ${error}.`,
      };
    }
  },
};
