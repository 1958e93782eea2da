import { buildGraph, type ImageFacts, imageName } from './build/graph.ts';
import { type Builder, cacheModel, compareBuilds, type Model, type Outcome, type StepOutcome } from './cache/model.ts';
import { parseIgnore } from './context/ignore.ts';
import { type Change, changed } from './context/listing.ts';
import { folderOf } from './context/path.ts';
import { snapshotOf } from './context/snapshot.ts';
import { brief } from './prose.ts';
import { type Dockerfile, parseDockerfile } from './syntax/dockerfile.ts';
import type { ContextSnapshot, Entry } from './workspace.ts';

/** Everything one build starts from. */
export interface BuildInput {
  readonly text: string;
  readonly context: ContextSnapshot | undefined;
  readonly args: Readonly<Record<string, string>>;
  readonly target?: string | undefined;
  readonly platform?: string | undefined;
  readonly builder: Builder;
  /** Names given by `--build-context`: no stage and no image of such a name is read. */
  readonly namedContexts?: readonly string[] | undefined;
  readonly images?: ReadonlyMap<string, ImageFacts> | undefined;
}

/** What changes between two builds. Paths are relative to the context; a folder stands for all that is in it. */
export interface BuildChange {
  /** Files with other content. Paths that do not reach the builder change nothing. */
  readonly changed?: readonly string[] | undefined;
  /** New files; one that is there already has other content. */
  readonly added?: readonly string[] | undefined;
  readonly deleted?: readonly string[] | undefined;
  /** Files whose mode changes, the executable bit for instance. */
  readonly mode?: readonly string[] | undefined;
  /** Build arguments with their new values; undefined for one that is no longer given. */
  readonly args?: Readonly<Record<string, string | undefined>> | undefined;
  /** Images that are pulled again and have other layers. */
  readonly images?: readonly string[] | undefined;
  readonly target?: string | undefined;
  /** Another text or another context instead of the present ones: another branch, another folder. */
  readonly text?: string | undefined;
  readonly context?: ContextSnapshot | undefined;
}

export interface WhatIfStep {
  /** From 1. */
  readonly line: number;
  /** The last one of an instruction of several lines, its heredocs included. */
  readonly lastLine: number;
  /** The stage's name, or its number as text. */
  readonly stage: string;
  /** The instruction on one line, shortened. */
  readonly instruction: string;
  readonly outcome: Outcome;
  /** The shortest true cause as a clause; empty for `cached`. */
  readonly because: string;
}

/** What building again does after a change: the steps that the target needs, in file order, metadata instructions left out. */
export function whatIf(input: BuildInput, change: BuildChange): { readonly steps: readonly WhatIfStep[] } {
  const after = modelOf(changedInput(input, change));
  return { steps: compareBuilds(modelOf(input), after).map((outcome) => described(after.graph.dockerfile, outcome)) };
}

export function modelOf(input: BuildInput): Model {
  const { args, target, platform, images, namedContexts, builder, context } = input;
  const graph = buildGraph(parseDockerfile(input.text), { args, target, platform, images, namedContexts });
  return cacheModel(graph, { context, builder });
}

/** A `COPY --link` is told by its copy: laying it over another base costs next to nothing. */
const described = ({ text }: Dockerfile, { step, outcome, because }: StepOutcome): WhatIfStep => ({
  line: step.instruction.line + 1,
  lastLine:
    step.instruction.line + text.slice(step.instruction.span.start, step.instruction.span.end).split('\n').length,
  stage: step.stage.name ?? String(step.stage.index),
  instruction: brief(step.instruction, 120),
  outcome,
  because,
});

function changedInput(input: BuildInput, change: BuildChange): BuildInput {
  const args = Object.entries({ ...input.args, ...change.args }).filter(
    (arg): arg is [string, string] => arg[1] !== undefined,
  );
  const context = change.context ?? input.context;
  return {
    ...input,
    text: change.text ?? input.text,
    args: Object.fromEntries(args),
    target: change.target ?? input.target,
    images: change.images?.length ? pulledAgain(input.images, change.images) : input.images,
    context: context && changedContext(context, withDockerfile(input, change)),
  };
}

/** Another text is another file where the Dockerfile lies in its own context. */
function withDockerfile({ text, context }: BuildInput, change: BuildChange): BuildChange {
  const isEdited = change.text !== undefined && change.text !== text && !change.context;
  return isEdited && context?.dockerfile
    ? { ...change, changed: [...(change.changed ?? []), context.dockerfile] }
    : change;
}

/** Images of which only that is known: their layers are no longer what they were. */
function pulledAgain(images: BuildInput['images'], pulled: readonly string[]): ReadonlyMap<string, ImageFacts> {
  const known = new Map(images);
  for (const ref of pulled) {
    const name = imageName(ref);
    known.set(name, { ...known.get(name), digest: `${known.get(name)?.digest ?? name} pulled again` });
  }
  return known;
}

const touches = (path: string, folder: string): boolean =>
  folder === '' || path === folder || path.startsWith(`${folder}/`);

/** The context after a change of files, of which nothing else is known than that they changed. */
function changedContext(context: ContextSnapshot, change: BuildChange): ContextSnapshot {
  const hits = (paths: readonly string[] = [], path: string) => paths.some((folder) => touches(path, folder));
  const modes = context.entries
    .filter(({ type, path }) => type === 'file' && hits(change.mode, path))
    .map((entry): Change => ({ path: entry.path, entry: { ...entry, mode: entry.mode ^ 0o111 } }));
  const deleted = (change.deleted ?? [])
    .filter((path) => context.get(path))
    .map((path): Change => ({ path, entry: undefined }));
  const added = (change.added ?? []).flatMap((path) => addition(context, path));
  const edited = [...(change.changed ?? []), ...(change.added ?? [])];
  if (modes.length + deleted.length + edited.length === 0) return context;
  const isNew = (path: string) => hits(edited, path);
  // What is the same entry is the same file.
  const entries = changed(context.entries, [...modes, ...deleted, ...added]).map((entry) =>
    isNew(entry.path) ? { ...entry } : entry,
  );
  return snapshotOf({
    ...context,
    entries,
    text: (path) => (isNew(path) ? undefined : context.text(path)),
    digest: (path) => (isNew(path) ? `changed ${context.digest(path) ?? ''}` : context.digest(path)),
  });
}

/** A new file with the folders it lies in; nothing where the ignore file keeps it out. */
function addition(context: ContextSnapshot, path: string): Change[] {
  if (context.get(path) || (context.ignore && parseIgnore(context.ignore.text).matcher.matches(path).ignored))
    return [];
  const folders: Entry[] = [];
  for (let folder = folderOf(path); folder !== '' && !context.get(folder); folder = folderOf(folder))
    folders.unshift({ path: folder, type: 'directory', size: 0, mode: 0o755 });
  const file: Entry = { path, type: 'file', size: 0, mode: 0o644 };
  return [...folders, file].map((entry) => ({ path: entry.path, entry }));
}
