import type { CheckedFile, Report } from '../../../server/src/cli/check.ts';
import { textDocument } from '../../../server/src/cli/document.ts';
import { snapshotOfTexts } from '../../../server/src/core/context/snapshot.ts';
import type { Finding } from '../../../server/src/core/rule.ts';

export const text = 'FROM node:22\nCOPY . .\nRUN npm ci \\\n  && npm test\n';

/** The span of the first occurrence of a part of the text. */
export const spanOf = (part: string, whole = text) => ({
  start: whole.indexOf(part),
  end: whole.indexOf(part) + part.length,
});

export const finding: Finding = {
  rule: 'early-arg',
  severity: 'warning',
  span: spanOf('. .'),
  message: 'Any of 214 files makes this run again.',
  related: [{ span: spanOf('RUN'), message: 'Runs again.' }],
  fixes: [
    {
      title: 'Copy less',
      applicability: 'safe',
      edits: [
        { span: spanOf('. .'), newText: 'a b' },
        { path: '.dockerignore', span: { start: 4, end: 4 }, newText: 'b\n' },
      ],
    },
  ],
};

export const checkedFile = (findings: readonly Finding[], path = 'app/Dockerfile'): CheckedFile => ({
  path,
  document: textDocument(text),
  findings,
  context: snapshotOfTexts({ '.dockerignore': 'aaa\n' }, { root: '/repo/app' }),
  fixed: undefined,
});

export const reportOf = (...findings: readonly Finding[]): Report => ({
  cwd: '/repo',
  files: [checkedFile(findings)],
  problems: [],
});
