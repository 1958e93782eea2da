import path from 'node:path';
import type { CheckedFile, Report } from '../check.ts';
import { displayPath } from '../document.ts';
import { placeEdit } from './edits.ts';

/** The stable machine format, version 1: fields may be added, never changed. Places count from zero, in UTF-16 code units. */
export const json = ({ cwd, files }: Report): string =>
  `${JSON.stringify({ version: 1, files: files.map((file) => fileOf(cwd, file)) })}\n`;

const fileOf = (cwd: string, file: CheckedFile) => ({
  path: file.path,
  findings: file.findings.map(({ rule, severity, message, span, related, fixes }) => ({
    rule,
    severity,
    message,
    range: file.document.rangeOf(span),
    related: related.map((item) => ({ range: file.document.rangeOf(item.span), message: item.message })),
    fixes: fixes.map(({ title, applicability, edits, moveTo }) => ({
      title,
      applicability,
      edits: edits.map((edit) => placeEdit(cwd, file, edit)),
      ...(moveTo !== undefined && { moveTo: displayPath(cwd, path.resolve(file.root ?? cwd, moveTo)) }),
    })),
  })),
});
