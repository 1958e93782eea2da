import type { Rule } from './rule.ts';
import type { Comment, Dockerfile, Instruction } from './syntax/dockerfile.ts';
import { contains, type Span } from './syntax/span.ts';

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

/** The comments on the lines directly above `line`, nearest first. */
function commentsAbove(dockerfile: Dockerfile, line: number): Comment[] {
  const byLine = new Map(dockerfile.comments.map((comment) => [comment.line, comment]));
  const found: Comment[] = [];
  for (let at = line - 1; ; at--) {
    const comment = byLine.get(at);
    if (!comment) return found;
    found.push(comment);
  }
}

/** Zero-based line of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

const names = (directive: Directive, rule: Rule): boolean =>
  directive.ids.some((id) => id === rule.id || (rule.hadolint?.includes(id.toUpperCase()) ?? false));

const enclosing = (dockerfile: Dockerfile, at: Span): Instruction | undefined =>
  dockerfile.instructions.find((instruction) => contains(instruction.span, at));

/**
 * Whether comments silence `rule` at `at`: `# cache-lens ignore=ID` directly above the instruction or the line (other comments may
 * stand between), `# cache-lens ignore-file=ID` above the first instruction, and hadolint's own comments for the codes the rule covers.
 */
export function isSuppressed(dockerfile: Dockerfile, rule: Rule, at: Span): boolean {
  if (dockerfile.comments.length === 0) return false;
  const first = dockerfile.instructions[0]?.line ?? Number.POSITIVE_INFINITY;
  const inFile = dockerfile.comments.some((comment) => {
    const directive = comment.line < first ? directiveOf(comment) : undefined;
    return directive?.scope === 'file' && names(directive, rule);
  });
  if (inFile) return true;
  const lines = new Set([lineAt(dockerfile.text, at.start), enclosing(dockerfile, at)?.line ?? -1]);
  return [...lines].some((line) =>
    commentsAbove(dockerfile, line).some((comment) => {
      const directive = directiveOf(comment);
      return directive?.scope === 'line' && names(directive, rule);
    }),
  );
}
