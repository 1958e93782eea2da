import { type Futile, futilePatterns } from '../context/effect.ts';
import { type IgnoreFile, type IgnorePattern, parseIgnore } from '../context/ignore.ts';
import { misread } from '../context/misread.ts';
import { insertBelow, quoted, removeLines } from '../fixes/ignoreLines.ts';
import { applyEdits, type Fix } from '../fixes.ts';
import type { IgnoreContext, Report, Rule } from '../rule.ts';

const suggestion = (title: string, edits: Fix['edits']): Fix => ({ title, applicability: 'suggestion', edits });

const removal = (file: IgnoreFile, ...patterns: IgnorePattern[]): Fix =>
  suggestion(
    patterns.length > 1 ? 'Remove both lines' : `Remove ${quoted(patterns[0] as IgnorePattern)}`,
    removeLines(file, patterns),
  );

/** Removes a pattern, and with it a later one that has no effect without it. */
function removalWith(file: IgnoreFile, pattern: IgnorePattern, by: IgnorePattern): Fix {
  const left = parseIgnore(applyEdits(file.text, removeLines(file, [pattern])));
  const isFutile = [...futilePatterns(left).keys()].some(({ line }) => line === by.line - 1);
  return isFutile ? removal(file, pattern, by) : removal(file, pattern);
}

/** Why no path of a build context is ever matched. */
function impossible({ cleaned, error }: IgnorePattern): string | undefined {
  if (error !== undefined) return undefined;
  if (cleaned === '.' || cleaned === '/')
    return 'names the build context itself, which cannot be left out: a `*` stands for all that is in it';
  return /^\.\.(\/|$)/.test(cleaned) ? 'leads out of the build context, and nothing from there enters it' : undefined;
}

function idleMessage({ later, earlier }: Extract<Futile, { kind: 'idle' }>): string {
  if (later)
    return `This exception comes too early: nothing before it excludes what it names, and ${quoted(later)} excludes it later. The last line that matches wins. Move it below that line.`;
  if (earlier) return `${quoted(earlier)} has brought this back already. It can go.`;
  return 'No line before it excludes what this exception names, so that it brings nothing back. It can go.';
}

const onlyExceptions =
  'No line of this file excludes anything: a line with `!` brings back what one before it excludes. Take the `!` away from what is to stay out, or put a `*` above a list of what is to enter.';

function futileReport(file: IgnoreFile, pattern: IgnorePattern, futile: Futile): Report | undefined {
  const { span } = pattern;
  switch (futile.kind) {
    case 'repeated':
      return undefined;
    case 'idle': {
      const { later } = futile;
      // Who wrote nothing but exceptions means another thing, and of the whole file.
      if (pattern === file.patterns[0] && file.patterns.every(({ negated }) => negated))
        return { span, message: onlyExceptions, severity: 'warning' };
      const moved = later && [...removeLines(file, [pattern]), insertBelow(file, later, pattern.text)];
      const related = later ? [{ span: later.span, message: 'This line excludes it again.' }] : [];
      const fix = moved ? suggestion(`Move it below ${quoted(later)}`, moved) : removal(file, pattern);
      return { span, message: idleMessage(futile), related, fixes: [fix], unnecessary: true };
    }
    case 'shallow': {
      const { inner } = futile;
      const message = `${quoted(inner)} excludes something in this folder, but not the folder itself: an exception brings back only what it matches by its own name. Name what to bring back, or remove the line.`;
      const related = [{ span: inner.span, message: 'This is not brought back.' }];
      return { span, message, related, fixes: [removal(file, pattern)], unnecessary: true };
    }
    case 'undone': {
      const { by } = futile;
      const verb = pattern.negated ? 'excludes all of it again' : 'brings all of it back';
      const message = `${quoted(by)} ${verb}: the last line that matches wins, and this one has no effect.`;
      const related = [{ span: by.span, message: 'This line undoes it.' }];
      return { span, message, related, fixes: [removalWith(file, pattern, by)], unnecessary: true };
    }
  }
}

function misreadReport({ file, evaluation }: IgnoreContext, pattern: IgnorePattern): Report | undefined {
  const reason = impossible(pattern);
  if (reason)
    return {
      span: pattern.span,
      message: `\`${pattern.text}\` ${reason}. The line has no effect.`,
      fixes: [removal(file, pattern)],
      unnecessary: true,
    };
  const found = misread(pattern);
  // A file may really be called so.
  if (!found || (evaluation && evaluation.tally(file.patterns.indexOf(pattern)).files > 0)) return undefined;
  const { start, end } = pattern.span;
  const before = file.text.lastIndexOf('\n', start - 1) + 1;
  const from =
    file.text.slice(before, start).trim() === '' ? Math.max(before, file.text.startsWith('\uFEFF') ? 1 : 0) : start;
  return {
    span: pattern.span,
    severity: 'warning',
    message: found.message,
    fixes: [suggestion(found.title, [{ span: { start: from, end }, newText: found.mended.join(file.eol) }])],
  };
}

export const ineffectivePattern: Rule = {
  id: 'ineffective-pattern',
  severity: 'hint',
  category: 'context',
  docs: {
    summary: 'A line of the ignore file has no effect, whatever files there are',
    why: `The last line that matches a path decides. An exception (\`!\`) before the line that excludes its file comes too early, one for a folder that is not excluded itself brings nothing of it back, and an exclusion that a later
exception takes back might as well not be there. Who wrote such a line believes that something is left out, or enters the build, and it is not so.

A pattern that matches no file *today* is no finding: \`.env\` or \`node_modules\` are there so that nothing slips in tomorrow.`,
    fix: 'Removes the line, or moves the exception below the line that excludes its file. It is a suggestion: only you know what was meant.',
    ignore: 'When the list is shared by several projects, or a tool writes it.',
    bad: { ignoreFile: '!README.md\n*.md\n.git\n' },
    good: { ignoreFile: '*.md\n!README.md\n.git\n' },
    references: ['https://docs.docker.com/build/concepts/context/#negating-matches'],
  },
  *checkIgnore(context) {
    const { file } = context;
    const futile = futilePatterns(file);
    for (const pattern of file.patterns) {
      const reason = futile.get(pattern);
      const report = misreadReport(context, pattern) ?? (reason && futileReport(file, pattern, reason));
      if (report) yield report;
    }
  },
};
