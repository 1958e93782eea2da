import type { Rule } from './rule.ts';
import type { Comment } from './syntax/dockerfile.ts';
import { contains, type Span } from './syntax/span.ts';

/** A Dockerfile, or an ignore file, whose patterns are its instructions. */
export interface Commented {
  readonly text: string;
  readonly comments: readonly Comment[];
  readonly instructions: readonly Placed[];
}

interface Placed {
  readonly span: Span;
  /** Zero-based. */
  readonly line: number;
}

interface Directive {
  readonly ids: readonly string[];
  readonly scope: 'line' | 'file';
}

const own = /^cache-lens\s+(ignore|ignore-file)\s*=\s*([\w\s,-]+)/i;
const hadolint = /^hadolint\s+(global\s+)?ignore\s*=\s*([\w\s,]+)/i;

const ids = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

function directiveOf(comment: Comment): Directive | undefined {
  const mine = own.exec(comment.text);
  if (mine) return { ids: ids(mine[2] ?? ''), scope: mine[1]?.toLowerCase() === 'ignore-file' ? 'file' : 'line' };
  const theirs = hadolint.exec(comment.text);
  return theirs ? { ids: ids(theirs[2] ?? ''), scope: theirs[1] ? 'file' : 'line' } : undefined;
}

/** Zero-based line of an offset. */
function lineAt(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

const names = (directive: Directive, rule: Rule): boolean =>
  directive.ids.some((id) => id === rule.id || (rule.hadolint?.includes(id.toUpperCase()) ?? false));

const enclosing = ({ instructions }: Commented, at: Span): Placed | undefined =>
  instructions.find(({ span }) => contains(span, at));

/** The directives that hold for one line: those on the comment lines directly above it. */
function directivesAbove(byLine: ReadonlyMap<number, Comment>, line: number): Directive[] {
  const found: Directive[] = [];
  for (let at = line - 1; ; at--) {
    const comment = byLine.get(at);
    if (!comment) return found;
    const directive = directiveOf(comment);
    if (directive?.scope === 'line') found.push(directive);
  }
}

/**
 * Tells whether comments silence `rule` at `at`: `# cache-lens ignore=ID` directly above the instruction or the line (other comments may
 * stand between), `# cache-lens ignore-file=ID` above the first instruction, and hadolint's own comments for the codes the rule covers.
 * Comments are read once for all findings of a file; most files have none that says anything.
 */
export function suppressionsIn(document: Commented): (rule: Rule, at: Span) => boolean {
  const { comments, instructions, text } = document;
  if (!comments.some(directiveOf)) return () => false;
  const first = instructions[0]?.line ?? Number.POSITIVE_INFINITY;
  const ofFile = comments
    .filter(({ line }) => line < first)
    .flatMap((comment) => directiveOf(comment) ?? [])
    .filter(({ scope }) => scope === 'file');
  const byLine = new Map(comments.map((comment) => [comment.line, comment]));
  return (rule, at) => {
    if (ofFile.some((directive) => names(directive, rule))) return true;
    const lines = [lineAt(text, at.start), enclosing(document, at)?.line ?? -1];
    return lines.some((line) => directivesAbove(byLine, line).some((directive) => names(directive, rule)));
  };
}
