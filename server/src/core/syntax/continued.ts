/** What stands before a place in a continued instruction. */
export interface CodeBefore {
  /** The end of the code: blanks, breaks of continued lines and the comments between them are passed over. */
  readonly end: number;
  /** The comments passed over, without the blanks around them, top one first. */
  readonly comments: readonly string[];
}

/** A comment, an empty line, or one of nothing but a break. */
const isNothing = /^[ \t]*(#.*|[\\`][ \t]*)?$/;
const continues = /[ \t]*[\\`][ \t]*$/;

/**
 * The code before `at`. BuildKit drops comments and empty lines of a continued instruction, so that a break above them continues it all the same:
 * who takes away what stands behind them must take that break as well, or the next instruction becomes part of this one.
 */
export function codeBefore(text: string, at: number): CodeBefore {
  let end = at;
  while (/[ \t]/.test(text[end - 1] ?? '')) end--;
  const first = end;
  const comments: string[] = [];
  while (text[end - 1] === '\n') {
    const lineEnd = text[end - 2] === '\r' ? end - 2 : end - 1;
    const lineStart = text.lastIndexOf('\n', lineEnd - 1) + 1;
    const line = text.slice(lineStart, lineEnd);
    if (isNothing.test(line)) {
      if (line.includes('#')) comments.unshift(line.trim());
      end = lineStart;
      continue;
    }
    const found = continues.exec(line);
    // In a here-document the break ends the command.
    return found ? { end: lineStart + found.index, comments } : { end: first, comments: [] };
  }
  return { end, comments };
}
