import type { Heredoc, SyntaxProblem } from './dockerfile.ts';
import type { HeredocMarker } from './heredocMarkers.ts';
import { lineAt } from './lines.ts';
import { span } from './span.ts';

/** The bodies behind an instruction's line. */
export interface HeredocBodies {
  readonly heredocs: readonly Heredoc[];
  /** End of the last line read, and of the instruction with it; undefined where none was read. */
  readonly end: number | undefined;
  readonly next: number;
  /** Lines read. */
  readonly lines: number;
}

/** Whether a line from `start` on consists of the text, tabs before it aside. */
export type HasLine = (line: string, start: number) => boolean;

/** Indexes the lines at the first question: searching each time would take quadratic time. */
export function lineFinder(text: string): HasLine {
  let last: Map<string, number> | undefined;
  return (wanted, start) => {
    if (!last) {
      last = new Map();
      for (let line = lineAt(text, 0); ; line = lineAt(text, line.next)) {
        last.set(text.slice(line.start, line.end).replace(/^\t+/, ''), line.start);
        if (line.next >= text.length) break;
      }
    }
    return (last.get(wanted) ?? -1) >= start;
  };
}

/** Reads the bodies in the order of their markers, from `start`. One without its delimiter takes the rest of the text. */
export function readHeredocs(
  text: string,
  start: number,
  markers: readonly HeredocMarker[],
  hasLine: HasLine,
  problems: SyntaxProblem[],
): HeredocBodies {
  const heredocs: Heredoc[] = [];
  let next = start;
  let lines = 0;
  let end: number | undefined;
  for (const marker of markers) {
    // Frontends disagree whether `<< 2` begins a heredoc; `$((1 << 2))` has no line that ends one.
    if (marker.spaced && !hasLine(marker.delimiter, next)) continue;
    const read = readBody(text, next, marker);
    if (!read.heredoc.terminatorSpan) {
      problems.push({ message: `Unterminated heredoc: no line is ${marker.delimiter}`, span: marker.span });
    }
    heredocs.push(read.heredoc);
    ({ next, end } = read);
    lines += read.lines;
  }
  return { heredocs, end, next, lines };
}

function readBody(text: string, start: number, marker: HeredocMarker) {
  const { delimiter, expand, stripTabs } = marker;
  let lines = 0;
  let bodyEnd = start;
  let terminatorSpan: Heredoc['terminatorSpan'];
  let end = start;
  let next = start;
  while (next < text.length && !terminatorSpan) {
    const line = lineAt(text, next);
    let from = line.start;
    while (stripTabs && text[from] === '\t') from++;
    if (line.end - from === delimiter.length && text.startsWith(delimiter, from)) terminatorSpan = span(from, line.end);
    else bodyEnd = line.next;
    lines++;
    ({ end, next } = line);
  }
  const written = text.slice(start, bodyEnd);
  // ChompHeredocContent in BuildKit's parser.go.
  const body = stripTabs ? written.replace(/(?<=^|\n)\t+/g, '') : written;
  const heredoc = {
    delimiter,
    expand,
    stripTabs,
    body,
    bodySpan: span(start, bodyEnd),
    span: marker.span,
    terminatorSpan,
  };
  return { heredoc, end: terminatorSpan ? end : bodyEnd, next, lines };
}
