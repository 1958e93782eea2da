import type { Analysis } from './analyze.ts';
import { allContextSources } from './cache/contextReads.ts';
import type { Span } from './syntax/span.ts';

/** A word that names one file of the build context. */
export interface FileLink {
  readonly span: Span;
  /** Context-relative. */
  readonly path: string;
}

/** Sources of COPY and ADD that are files. Folders cannot be opened; where a mount names its source is not marked. */
export function linksIn({ graph, facts: { context }, dockerfile: { text } }: Analysis): FileLink[] {
  if (!context) return [];
  return allContextSources(graph).flatMap(({ step, path, known, span }) => {
    const isFile = known && step.keyword !== 'RUN' && context.get(path)?.type === 'file';
    const quote = text[span.start] === '"' ? 1 : 0;
    return isFile ? [{ span: { start: span.start + quote, end: span.end - quote }, path }] : [];
  });
}
