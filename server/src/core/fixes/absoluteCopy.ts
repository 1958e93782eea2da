import { ancestors, type Step } from '../build/graph.ts';
import { absolute } from '../cache/placement.ts';
import type { Edit } from '../fixes.ts';
import type { Dockerfile, Instruction } from '../syntax/dockerfile.ts';

const writtenAbsolute = ({ instruction }: Step): boolean => instruction.args.at(-1)?.text.startsWith('/') ?? false;

const textOf = ({ text }: Dockerfile, { span }: Instruction): string => text.slice(span.start, span.end);

/** A COPY with an absolute destination; undefined where the working directory, or how to write it, is not certain. */
function rewritten(dockerfile: Dockerfile, copy: Step): string | undefined {
  const set = [...ancestors(copy)]
    .filter(({ keyword }) => keyword === 'WORKDIR')
    .map((step) => step.instruction.rest.text);
  if (!set.some((folder) => folder.startsWith('/')) || set.some((folder) => folder.includes('$'))) return undefined;
  const [, before, destination = ''] = /^([^\n"[\]]*\s)([\w./-]+)\s*$/.exec(textOf(dockerfile, copy.instruction)) ?? [];
  if (before === undefined) return undefined;
  const target = absolute(destination, copy.workdir);
  return `${before}${target}${target !== '/' && /(^|\/)\.?$/.test(destination) ? '/' : ''}`;
}

/** Whether a COPY can go below another WORKDIR, where a relative destination would mean another folder. */
export const canPassWorkdir = (dockerfile: Dockerfile, copy: Step): boolean =>
  writtenAbsolute(copy) || rewritten(dockerfile, copy) !== undefined;

/** The moved lines (the last of the edits), the destinations of the COPYs that pass a WORKDIR on their way to `last` absolute. */
export function withAbsolute(
  dockerfile: Dockerfile,
  moves: readonly Edit[],
  moved: readonly Step[],
  last: Step,
): Edit[] {
  const place = moves.at(-1);
  if (!place) return [...moves];
  let { newText } = place;
  for (const copy of moved) {
    const passes = last.stage.steps.slice(copy.index, last.index).some(({ keyword }) => keyword === 'WORKDIR');
    const line = passes && !writtenAbsolute(copy) ? rewritten(dockerfile, copy) : undefined;
    if (line !== undefined) newText = newText.replace(textOf(dockerfile, copy.instruction), () => line);
  }
  return [...moves.slice(0, -1), { ...place, newText }];
}
