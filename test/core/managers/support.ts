import { buildGraph } from '../../../server/src/core/build/graph.ts';
import { invocationsOf } from '../../../server/src/core/managers/invocations.ts';
import type { Invocation } from '../../../server/src/core/managers/manager.ts';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import type { ContextSnapshot, Entry } from '../../../server/src/core/workspace.ts';

/** A context of these files. A name that ends in `*` is executable; one that begins with `!` is there but ignored. */
export function contextOf(files: Readonly<Record<string, string>>): ContextSnapshot {
  const texts = new Map<string, string>();
  const entries = new Map<string, Entry>();
  const ignored = new Set<string>();
  for (const [name, text] of Object.entries(files)) {
    const path = name.replace(/^!|\*$/g, '');
    if (name.startsWith('!')) {
      ignored.add(path);
      continue;
    }
    texts.set(path, text);
    entries.set(path, { path, type: 'file', size: text.length, mode: name.endsWith('*') ? 0o755 : 0o644 });
    const parts = path.split('/');
    for (let at = 1; at < parts.length; at++) {
      const folder = parts.slice(0, at).join('/');
      entries.set(folder, { path: folder, type: 'directory', size: 0, mode: 0o755 });
    }
  }
  return {
    root: '/project',
    reason: "the Dockerfile's folder",
    entries: [...entries.values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    get: (path) => entries.get(path),
    exists: (path) => entries.has(path) || ignored.has(path),
    text: (path) => texts.get(path),
    digest: () => undefined,
    dockerfile: undefined,
    ignore: undefined,
    excluded: { files: 0, bytes: 0 },
    truncated: false,
  };
}

/** The invocations of all RUNs of a Dockerfile, in order. */
export function invocationsIn(dockerfile: string): Invocation[] {
  const graph = buildGraph(parseDockerfile(dockerfile), { args: {} });
  return graph.stages.flatMap((stage) => stage.steps.flatMap((step) => [...invocationsOf(step)]));
}

/** The only invocation of a Dockerfile; one line is taken for a RUN in an image of which nothing special is known. */
export function invocationIn(text: string): Invocation {
  const dockerfile = /^FROM /m.test(text) ? text : `FROM debian:12\nWORKDIR /app\nRUN ${text}\n`;
  const found = invocationsIn(dockerfile);
  if (found.length !== 1 || !found[0])
    throw new Error(`${found.length} invocations in ${dockerfile}: ${found.map(({ manager }) => manager.id)}`);
  return found[0];
}

/** `npm install`, `apt index`: who is called to do what, in order. */
export const summary = (text: string): string[] =>
  invocationsIn(/^FROM /m.test(text) ? text : `FROM debian:12\nWORKDIR /app\nRUN ${text}\n`).map(
    ({ manager, action }) => `${manager.id} ${action}`,
  );

/** What a call reads of a context, the call being run in `directory`. */
export function inputsOf(text: string, files: Readonly<Record<string, string>>, directory = '') {
  const { manager, call } = invocationIn(text);
  return manager.inputs?.(call, directory, contextOf(files)) ?? { files: [], obstacles: [] };
}
