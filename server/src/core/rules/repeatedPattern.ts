import { type Futile, futilePatterns } from '../context/effect.ts';
import type { IgnorePattern } from '../context/ignore.ts';
import { misreadComment } from '../context/misread.ts';
import { quoted, removeLines } from '../fixes/ignoreLines.ts';
import type { Report, Rule } from '../rule.ts';

function messageOf(pattern: IgnorePattern, by: IgnorePattern): string {
  if (by.cleaned === pattern.cleaned) return `This is ${quoted(by)} again. It can go.`;
  return `${quoted(by)} excludes all that this line can. It can go.`;
}

function reportOf(pattern: IgnorePattern, futile: Futile): Report | undefined {
  if (futile.kind !== 'repeated' || misreadComment(pattern)) return undefined;
  const { by } = futile;
  return {
    span: pattern.span,
    message: messageOf(pattern, by),
    related: [{ span: by.span, message: 'This line says it already.' }],
    unnecessary: true,
  };
}

export const repeatedPattern: Rule = {
  id: 'repeated-pattern',
  severity: 'hint',
  category: 'context',
  docs: {
    summary: 'Another line of the ignore file says the same or more',
    why: `Every line is one more thing to read, and one more that somebody edits in the belief that it counts. A line is repeated when another one excludes all that it can ever match, and no exception (\`!\`) stands in between: nothing that
is, or will be, in the build context depends on it.`,
    fix: 'Removes the line. It is safe: the same files enter the build, whatever files there are.',
    ignore: 'When the list is shared by several projects, or a tool writes it.',
    bad: { ignoreFile: '.git\n*.log\nnpm-debug.log\n' },
    good: { ignoreFile: '.git\n*.log\n' },
    references: ['https://docs.docker.com/build/concepts/context/#dockerignore-files'],
  },
  *checkIgnore({ file }) {
    for (const [pattern, futile] of futilePatterns(file)) {
      const report = reportOf(pattern, futile);
      const edits = removeLines(file, [pattern]);
      if (report) yield { ...report, fixes: [{ title: `Remove ${quoted(pattern)}`, applicability: 'safe', edits }] };
    }
  },
};
