import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver';
import type { IgnoreFile } from '../../core/context/ignore.ts';
import type { Session } from '../session.ts';
import { onIgnoreFile } from './request.ts';

/** Each block of comments with the patterns below it, up to the next block; the comments of a longer block by themselves. */
export function foldingRanges({ comments, patterns }: IgnoreFile): FoldingRange[] {
  const firsts = comments.filter(({ line }, index) => comments[index - 1]?.line !== line - 1);
  return firsts.flatMap(({ line }, index) => {
    const end = firsts[index + 1]?.line ?? Number.POSITIVE_INFINITY;
    const lastComment = comments.findLast((comment) => comment.line < end)?.line ?? line;
    const lastPattern = patterns.findLast((pattern) => pattern.line < end)?.line ?? line;
    const ranges: FoldingRange[] = [];
    if (lastPattern > lastComment) ranges.push({ startLine: line, endLine: lastPattern });
    if (lastComment > line) ranges.push({ startLine: line, endLine: lastComment, kind: FoldingRangeKind.Comment });
    // Two ranges cannot begin on the same line.
    return ranges.slice(0, 1);
  });
}

export const ignoreFoldings = (session: Session) =>
  onIgnoreFile(session, [], ({ analysis }): FoldingRange[] => foldingRanges(analysis.file));
