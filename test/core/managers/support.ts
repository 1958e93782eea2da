import { buildGraph } from '../../../server/src/core/build/graph.ts';
import { makeSnapshot } from '../../../server/src/core/context/snapshot.ts';
import { invocationsOf } from '../../../server/src/core/managers/invocations.ts';
import type { Invocation } from '../../../server/src/core/managers/manager.ts';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import type { ContextSnapshot } from '../../../server/src/core/workspace.ts';

/** A context of these files. A name that ends in `*` is executable; one that begins with `!` is there but ignored. */
export function contextOf(files: Readonly<Record<string, string>>): ContextSnapshot {
  const names = Object.keys(files);
  const texts = new Map(Object.entries(files).map(([name, text]) => [pathOf(name), text]));
  const ignored = names.filter((name) => name.startsWith('!')).map(pathOf);
  return makeSnapshot({
    root: '/project',
    entries: names.map((name) => ({
      path: pathOf(name),
      type: 'file',
      size: files[name]?.length ?? 0,
      mode: name.endsWith('*') ? 0o755 : 0o644,
    })),
    ignore: { path: '.dockerignore', text: ignored.join('\n') },
    text: (path) => texts.get(path),
  });
}

const pathOf = (name: string): string => name.replace(/^!|\*$/g, '');

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
