import { ancestors, type BuildGraph, type Step } from './build/graph.ts';
import { contextFolderAt } from './cache/placement.ts';
import { snapshotOfTexts } from './context/snapshot.ts';
import { invocationsOf } from './managers/invocations.ts';

/** What a Dockerfile reads from its context by COPY, ADD and bind mounts, as far as it can be known. */
export function contextSources({ stages }: BuildGraph): string[] {
  const steps = stages.flatMap((stage) => stage.steps);
  const copied = steps.flatMap(({ copy }) => {
    if (!copy || copy.from) return [];
    const known = copy.sources.filter(({ word }) => !word.text.includes('$')).map(({ text }) => text);
    return copy.parents ? known.map((source) => source.replace(/\/\*\*(\/.*)?$/, '')) : known;
  });
  const mounted = steps.flatMap(({ mounts }) =>
    mounts
      .filter(({ type, from }) => type === 'bind' && from === undefined)
      .map(({ source }) => source ?? '')
      .filter((source) => !source.includes('$')),
  );
  return [...new Set([...copied, ...mounted])];
}

/** `go mod init`, `npm init -y`: the manifest is made there and then. */
const begins = /^(go mod|npm|yarn|pnpm|bun|cargo|uv|poetry|pdm|bundle|composer) init\b/;

const beginsProject = (step: Step): boolean =>
  [...ancestors(step), step].some(({ script }) =>
    script?.commands.some(({ words }) => begins.test(words.map(({ text }) => text).join(' '))),
  );

/** Files that installs need and that only a copy of the whole context can bring, context-relative. */
export function manifestsInContext({ stages }: BuildGraph): string[] {
  const nothing = snapshotOfTexts({});
  const installs = stages.flatMap(({ steps }) => steps).flatMap(invocationsOf);
  const absent = installs.flatMap(({ manager, call, action }) => {
    const isElsewhere = action === 'self' || call.cwd === undefined || beginsProject(call.step);
    const folder = isElsewhere ? undefined : folderInContext(call.step, call.cwd);
    return folder === undefined ? [] : (manager.inputs?.(call, folder, nothing).absent ?? []);
  });
  return [...new Set(absent)];
}

/** The relative paths of files that RUNs name, `pkg/proxy/bin/server.dart`, and the folders of the context that a WORKDIR goes into: `pkg/proxy`. */
export function pathsNamed({ stages }: BuildGraph): string[] {
  const steps = stages.flatMap((stage) => stage.steps);
  const words = steps
    .flatMap(({ script }) => script?.commands ?? [])
    .flatMap((command) => command.words.map(({ value }) => value ?? ''))
    .filter((word) => /^[\w@][\w.@-]*(\/[\w.@-]+){2,}$/.test(word));
  const folders = steps.flatMap((step) =>
    step.keyword === 'WORKDIR' && step.workdir ? (folderInContext(step, step.workdir) ?? []) : [],
  );
  return [...words, ...folders.filter((folder) => folder.includes('/'))];
}

/** Where a folder of the image lies in the context, if a COPY brings the whole of it. */
const folderInContext = (step: Step, folder: string): string | undefined =>
  [...ancestors(step)].map((each) => contextFolderAt(each, folder, undefined)).find((found) => found !== undefined);
