import type { ObservedStep } from './scenario.ts';

/** A vertex of BuildKit's progress, as `buildx build --progress=rawjson` prints it. */
interface Vertex {
  readonly digest: string;
  readonly name: string;
  readonly inputs?: readonly string[];
  readonly cached?: boolean;
  readonly completed?: string;
  readonly error?: string;
}

interface ProgressRecord {
  readonly vertexes?: readonly Vertex[];
  /** Base64. */
  readonly logs?: readonly { readonly vertex: string; readonly data: string }[];
}

/** Numbers are aligned to the right: `[ 2/10]`. */
const stepName = /^\[ *(?:(\S+) +)?(\d+)\/\d+\] (LINK )?(.*)$/s;

export interface Progress {
  /** By stage, in the order of the Dockerfile. FROM is left out, and so is what did not come to its end. */
  readonly steps: readonly ObservedStep[];
  /** The builder's own words about the step that failed. */
  readonly error: string | undefined;
}

export function readProgress(text: string): Progress {
  const vertices = merged(text);
  const found = new Map<string, { vertex: Vertex; stage: string | null; index: number; link: boolean; text: string }>();
  for (const vertex of vertices) {
    const match = stepName.exec(vertex.name);
    if (!match || match[4]?.startsWith('FROM ') || !tellsOutcome(vertex)) continue;
    const [, stage = null, index, link, instruction = ''] = match;
    const step = { vertex, stage, index: Number(index), link: link !== undefined, text: instruction };
    const key = `${stage} ${index} ${link ?? ''}`;
    // The download of an ADD and its copy share a name: the copy is the one that reads the other.
    const inputs = found.get(key)?.vertex.inputs?.length ?? -1;
    if ((vertex.inputs?.length ?? 0) >= inputs) found.set(key, step);
  }
  const ordered = [...found.values()].sort((a, b) => compare(a.stage ?? '', b.stage ?? '') || a.index - b.index);
  const steps = ordered.map(({ stage, text, link, index, vertex }) => {
    const outcome = vertex.cached ? ('cached' as const) : ('runs' as const);
    return { stage, text, outcome, link, index };
  });
  return { steps, error: errorOf(text, vertices) };
}

/** What BuildKit says of the step that failed, and the last lines that this step wrote. */
function errorOf(text: string, vertices: readonly Vertex[]): string | undefined {
  const failures = vertices.filter(({ error }) => error);
  // One that fails takes along those that run beside it.
  const failed = failures.find(({ error }) => !error?.includes('context canceled')) ?? failures[0];
  if (!failed) return undefined;
  const logs = [...records(text)]
    .flatMap((record) => record.logs ?? [])
    .filter(({ vertex }) => vertex === failed.digest);
  const words = logs.map(({ data }) => Buffer.from(data, 'base64').toString()).join('');
  return [failed.error, ...words.trim().split('\n').slice(-3)].join('\n');
}

/** An operation without inputs, a WORKDIR on scratch, is shown as run whenever its key is computed (CacheMap in solver/jobs.go). */
const tellsOutcome = ({ completed, error, inputs = [], cached = false }: Vertex): boolean =>
  completed !== undefined && error === undefined && (inputs.length > 0 || cached);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * The last word on every vertex: later records complete earlier ones. But one that ran and is then asked for as another step's files is
 * loaded from the cache, and one that was cached is shown once more when those files are read: whether it ran, its first end says.
 */
function merged(text: string): Vertex[] {
  const vertices = new Map<string, Vertex>();
  for (const record of records(text)) {
    for (const vertex of record.vertexes ?? []) {
      const before = vertices.get(vertex.digest);
      const hasRun = before?.completed !== undefined && !before.cached && (before.inputs?.length ?? 0) > 0;
      vertices.set(vertex.digest, { ...before, ...vertex, ...(hasRun && { cached: false }) });
    }
  }
  return [...vertices.values()];
}

/** buildx before 0.14 prints each record over several lines, later ones on one; every record begins with a brace in the first column. */
function* records(text: string): Generator<ProgressRecord> {
  for (const part of text.split(/^(?=\{)/m)) {
    const json = part.slice(0, part.lastIndexOf('}') + 1);
    try {
      yield JSON.parse(json);
    } catch {
      // The client's own messages stand between the records.
    }
  }
}
