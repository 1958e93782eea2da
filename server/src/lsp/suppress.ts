import type { Edit } from '../core/fixes.ts';
import type { Finding } from '../core/rule.ts';
import type { Commented } from '../core/suppression.ts';
import type { Comment, Dockerfile } from '../core/syntax/dockerfile.ts';
import { contains } from '../core/syntax/span.ts';

/** A Dockerfile, or an ignore file, which has no directives and whose comments begin in the first column. */
export type Suppressible = Commented & Pick<Dockerfile, 'eol'> & Partial<Pick<Dockerfile, 'directives'>>;

const lineStart = (text: string, offset: number): number => text.lastIndexOf('\n', offset - 1) + 1;

/** Silences a rule for the instruction that holds the finding: a comment above it, or one more id in the comment that is there. */
export function suppressHere(dockerfile: Suppressible, { rule, span: at }: Finding): Edit | undefined {
  const instruction = dockerfile.instructions.find(({ span }) => contains(span, at));
  if (!instruction) return undefined;
  const above = dockerfile.comments.find(({ line }) => line === instruction.line - 1);
  const extended = above && extend(above, 'ignore', rule);
  if (extended) return extended;
  const start = Math.max(lineStart(dockerfile.text, instruction.span.start), topOf(dockerfile));
  const indent = dockerfile.directives ? dockerfile.text.slice(start, instruction.span.start) : '';
  return insertion(start, `${/^\s*$/.test(indent) ? indent : ''}# cache-lens ignore=${rule}${dockerfile.eol}`);
}

/** Silences a rule in the whole file: a comment at the top, below the parser directives, which must stay first. */
export function suppressInFile(dockerfile: Suppressible, { rule }: Finding): Edit {
  const first = dockerfile.instructions[0]?.line ?? Number.POSITIVE_INFINITY;
  const header = dockerfile.comments.filter(({ line }) => line < first);
  for (const comment of header) {
    const extended = extend(comment, 'ignore-file', rule);
    if (extended) return extended;
  }
  return insertion(belowDirectives(dockerfile), `# cache-lens ignore-file=${rule}${dockerfile.eol}`);
}

const insertion = (offset: number, newText: string): Edit => ({ span: { start: offset, end: offset }, newText });

/** `# cache-lens ignore=a` → `# cache-lens ignore=a,b`; undefined for any other comment. */
function extend({ span, text }: Comment, keyword: 'ignore' | 'ignore-file', rule: string): Edit | undefined {
  const list = /^cache-lens\s+(ignore|ignore-file)\s*=\s*[\w-]+(\s*,\s*[\w-]+)*/i.exec(text);
  if (list?.[1]?.toLowerCase() !== keyword || list[0].length !== text.length) return undefined;
  return insertion(span.end, `,${rule}`);
}

/** Behind the byte order mark, where there is one. */
const topOf = ({ text }: Suppressible): number => (text.startsWith('\uFEFF') ? 1 : 0);

function belowDirectives(dockerfile: Suppressible): number {
  const last = dockerfile.directives?.at(-1);
  const end = last ? dockerfile.text.indexOf('\n', last.span.end) : -1;
  return end === -1 ? topOf(dockerfile) : end + 1;
}
