// The cache model alone, in a process of its own: what it costs over large contexts. Prints one JSON line.
import { buildGraph } from '../../server/src/core/build/graph.ts';
import { cacheModel, compareBuilds, type Model } from '../../server/src/core/cache/model.ts';
import { makeSnapshot, snapshotOf } from '../../server/src/core/context/snapshot.ts';
import { parseDockerfile } from '../../server/src/core/syntax/dockerfile.ts';
import type { ContextSnapshot, Entry } from '../../server/src/core/workspace.ts';
import { compileAtOnce, tuneEngine } from '../../server/src/node/engine.ts';
import { generated } from './dockerfile.ts';

/** Milliseconds, and bytes. */
export interface ModelTimes {
  /** Until everything is known of a Dockerfile whose context is known. */
  readonly first: number;
  /** The same after each edit of the text. */
  readonly edits: readonly number[];
  /** Until it is known what each change of a file makes run again. */
  readonly changes: readonly number[];
  /** Of the whole process, before the changes. */
  readonly memory: number;
}

/** So many files as a large repository has them: services with sources, and dependencies that the ignore file keeps out. */
function entriesOf(files: number): Entry[] {
  const file = (path: string): Entry => ({ path, type: 'file', size: 1234, mode: 0o644 });
  return Array.from({ length: files }, (_, index) => {
    const service = `services/service${1 + (index % 10)}`;
    const name = `${String.fromCharCode(97 + (index % 26))}${index}.ts`;
    if (index % 3 === 0) return file(`node_modules/package${index % 500}/lib/${name}`);
    return file(`${service}/src/part${index % 40}/deep/${name}`);
  });
}

const contextOf = (entries: readonly Entry[]): ContextSnapshot =>
  makeSnapshot({
    root: '/bench',
    entries,
    ignore: { path: '.dockerignore', text: 'node_modules\n**/*.md\n.git\n!services/*/README.md\n' },
    dockerfile: 'Dockerfile',
  });

const modelOf = (text: string, context: ContextSnapshot): Model =>
  cacheModel(buildGraph(parseDockerfile(text), { args: {} }), { context, builder: 'buildkit' });

/** Everything that hovers, rules and lenses ask of a model. */
function askAll(model: Model): number {
  return model.steps.reduce((sum, step) => {
    const { runs, depends } = model.consequences(step);
    return sum + model.inputs(step).length + model.selection(step).files.length + runs.length + depends.length;
  }, 0);
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

const collect = (): void => (globalThis as { gc?: () => void }).gc?.();

const text = `${generated(180)}COPY . /all\nRUN --mount=type=bind,target=/src make\nCOPY services/*/src /src/\n`;

/** @param files how many are in the context. */
function measure(files: number): ModelTimes {
  const context = contextOf(entriesOf(files));
  const first = timed(() => askAll(modelOf(text, context)));
  const edits = Array.from({ length: 60 }, (_, index) =>
    timed(() => askAll(modelOf(text.replace('RUN npm run build', `RUN npm run build${index}`), context))),
  );
  collect();
  const memory = process.memoryUsage.rss();
  const built = modelOf(text, context);
  const changes = Array.from({ length: 5 }, (_, index) => {
    const after = modelOf(text, withChanged(context, index * 500));
    return timed(() => compareBuilds(built, after));
  });
  return { first, edits, changes, memory };
}

/** As a watcher hands it in: all but one of the entries are the same. */
function withChanged(context: ContextSnapshot, changed: number): ContextSnapshot {
  const entries = context.entries.map((entry, at) => (at === changed ? { ...entry } : entry));
  return snapshotOf({ ...context, entries });
}

tuneEngine();
compileAtOnce();
if (process.argv[2]) console.log(JSON.stringify(measure(Number(process.argv[2]))));
