import { type BuildGraph, hasFrom, mountFrom, type Stage, type Step } from '../build/graph.ts';
import { hasWildcards } from '../context/pick.ts';
import { contextPath } from '../context/resolve.ts';
import { perObject } from '../syntax/memo.ts';
import type { Span } from '../syntax/span.ts';

/** A source that a COPY, an ADD or a bind mount names in the build context. */
export interface ContextSource {
  readonly step: Step;
  /** Of the context, wildcards and unknown variables left in it; '' is the root. */
  readonly path: string;
  /** As written. */
  readonly text: string;
  /** False where it holds a variable that is not known. */
  readonly known: boolean;
  readonly span: Span;
  /** Files of the folder that `--exclude` and `--parents` may take or leave. */
  readonly filtered: boolean;
}

/** Whether a source names one file or folder below the root. */
export const isPlain = ({ known, path, text }: ContextSource): boolean =>
  known && path !== '' && !hasWildcards(path) && !text.includes('/./') && !text.includes('\\');

const none: readonly ContextSource[] = [];
const hasVariable = (text: string): boolean => text.includes('$');

/** What a step reads from the build context by name. */
export function contextSourcesOf(graph: BuildGraph, step: Step): readonly ContextSource[] {
  if (!step.operation || hasFrom(step)) return none;
  const { copy } = step;
  const filtered = copy !== undefined && (copy.parents || copy.exclude.length > 0);
  const copied = (copy?.sources ?? []).map(({ text, known, word }) => ({
    step,
    path: contextPath(text),
    text: word.text,
    known,
    span: word.span,
    filtered,
  }));
  if (step.mounts.length === 0) return copied;
  const mounted = step.mounts
    .filter((mount) => mount.type === 'bind' && !mountFrom(graph, step, mount))
    .map(({ source = '', flag }) => ({
      step,
      path: contextPath(source),
      text: source,
      known: !hasVariable(source),
      span: flag.span,
      filtered: false,
    }));
  return [...copied, ...mounted];
}

/** The same of a whole stage; what an ONBUILD put there left out. */
export const contextSourcesIn = (graph: BuildGraph, { steps }: Stage): ContextSource[] =>
  steps.flatMap((step) => (step.fromOnbuild ? none : contextSourcesOf(graph, step)));

/** The same of all stages, those that the target does not need included: another target may. */
export const allContextSources = perObject((graph: BuildGraph): readonly ContextSource[] =>
  graph.stages.flatMap((stage) => contextSourcesIn(graph, stage)),
);
