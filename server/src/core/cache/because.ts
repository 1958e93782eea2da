import type { Step } from '../build/graph.ts';
import { brief, line, listing, named } from '../prose.ts';
import { changedFiles, sameContent, sameSelectors } from './contents.ts';
import { counterparts } from './counterparts.ts';
import type { Aspect, ContentInput, Vertex } from './definition.ts';
import type { Model, Outcome } from './model.ts';
import type { Twin } from './twins.ts';
import { environmentChange, expansionChange, shown } from './variableChange.ts';
import type { StepVertices } from './vertices.ts';

export interface Comparison {
  readonly before: Model;
  readonly after: Model;
  readonly built: readonly StepVertices[];
  readonly wanted: readonly StepVertices[];
  readonly outcome: (vertex: Vertex | undefined) => Outcome;
  readonly twin: (vertex: Vertex) => Twin | undefined;
}

/** Explains outcomes: the shortest true cause, without a full stop; empty for what is cached. */
export function becauseOf(comparison: Comparison): (vertex: Vertex) => string {
  let pairs: ReadonlyMap<Step, StepVertices> | undefined;
  return (vertex) => {
    const outcome = comparison.outcome(vertex);
    if (outcome === 'cached' || !vertex.step) return '';
    if (outcome === 'depends') return uncertainty(comparison, vertex);
    pairs ??= counterparts(comparison.built, comparison.wanted);
    const old = pairs.get(vertex.step);
    const counterpart = vertex.definition.parts.size === 0 ? old?.link : old?.main;
    return ownCause(comparison, vertex, counterpart) ?? causeBefore(comparison, vertex, counterpart);
  };
}

/** What changed in the operation or its files; undefined where only what it stands on did. */
function ownCause({ before, after }: Comparison, vertex: Vertex, old: Vertex | undefined): string | undefined {
  const { step } = vertex;
  if (!step) return undefined;
  if (!old?.step) return vertex.definition.parts.size > 0 ? 'the build before had no such step' : undefined;
  for (const [aspect, value] of vertex.definition.parts) {
    const was = old.definition.parts.get(aspect);
    const cause = was === undefined || was === value ? undefined : definitionCause(aspect, old.step, step, was, value);
    if (cause) return cause;
  }
  for (const [at, content] of vertex.contents.entries()) {
    const cause = contentCause(before, old.contents[at], after, content, step);
    if (cause) return cause;
  }
  return undefined;
}

function definitionCause(aspect: Aspect, old: Step, step: Step, was: string, is: string): string | undefined {
  if (aspect === 'environment') return environmentChange(old, step);
  const sameText = brief(old.instruction, 9999) === brief(step.instruction, 9999);
  const shells = [step.shell.join(' '), old.shell.join(' ')] as const;
  if (aspect === 'command' && sameText && shells[0] !== shells[1]) return instead('SHELL', ...shells);
  if (aspect === 'layout' && step.copy?.link !== old.copy?.link)
    return `--link was ${step.copy?.link ? 'added' : 'removed'}`;
  if (aspect === 'user') return instead('USER', step.user, old.user);
  const expanded = sameText ? expansionChange(old, step) : undefined;
  if (expanded) return expanded;
  const label = aspect === 'workdir' && step.keyword === 'RUN' ? 'the working directory' : labels[aspect];
  const [now, then] = [is, was].map((json): unknown => JSON.parse(json));
  const isShort = label !== undefined && typeof now === 'string' && typeof then === 'string';
  return isShort ? instead(label, now, then) : `${label ?? titles[aspect] ?? 'it'} changed`;
}

const instead = (what: string, now: string, then: string): string =>
  `${what} is ${shown(now)} instead of ${shown(then)}`;

/** Sides of an operation whose value is one word. */
const labels: Partial<Record<Aspect, string>> = {
  workdir: 'its directory',
  network: 'its network',
  hostname: 'BUILDKIT_SANDBOX_HOSTNAME',
  platform: 'its platform',
  destination: 'its destination',
  epoch: 'SOURCE_DATE_EPOCH',
};

const titles: Partial<Record<Aspect, string>> = {
  command: 'its command',
  mounts: 'its --mount',
  security: 'its --security',
  sources: 'its list of sources',
  owner: 'its --chown',
  mode: 'its --chmod',
  exclude: 'its --exclude',
  options: 'how it treats its sources',
  layout: 'what it stands on',
};

function contentCause(
  before: Model,
  old: ContentInput | undefined,
  after: Model,
  content: ContentInput,
  step: Step,
): string | undefined {
  if (old?.source.kind === 'remote' || content.source.kind === 'remote')
    return JSON.stringify(old?.source) === JSON.stringify(content.source) ? undefined : 'its URL changed';
  if (old?.source.kind === 'vertex' && content.source.kind === 'vertex')
    return sameSelectors(old, content) ? undefined : `it reads other files: ${paths(content)}`;
  if (old?.source.kind !== 'context' || content.source.kind !== 'context') return undefined;
  if (sameContent(before, old, after, content)) return undefined;
  const files = changedFiles(before, old, after, content);
  const what = files.length > 0 ? listing(files, 1) : 'a folder or link';
  return `${what} ${files.length > 1 ? 'are' : 'is'} ${step.keyword === 'RUN' ? 'mounted' : 'selected'} by ${named(step)}`;
}

const paths = ({ selectors }: ContentInput): string =>
  listing(
    selectors.map(({ path }) => path),
    2,
  );

/** The topmost step that is not cached of those that this one stands on. */
function firstToRun({ outcome }: Comparison, vertex: Vertex): Vertex | undefined {
  let found: Vertex | undefined;
  for (let parent = vertex.parents[0]; parent?.step && outcome(parent) !== 'cached'; parent = parent.parents[0])
    found = parent;
  return found;
}

function causeBefore(comparison: Comparison, vertex: Vertex, old: Vertex | undefined): string {
  const parent = vertex.parents[0];
  const first = firstToRun(comparison, vertex);
  if (first?.step) {
    const which = first === parent ? 'the step before it' : 'a step before it';
    return `${which} runs again: ${named(first.step)}`;
  }
  const copied = vertex.parents[1];
  if (copied && comparison.outcome(copied) !== 'cached') return 'the copy that it lays over the step before runs again';
  if (parent?.step) return `it stands on another step now: ${named(parent.step)}`;
  return parent?.folder === undefined
    ? imageCause(vertex, old)
    : `it stands on ${parent.folder}, a folder that is new to every build`;
}

function imageCause(vertex: Vertex, old: Vertex | undefined): string {
  const stage = bottomStage(vertex);
  const image = stage?.image ?? 'scratch';
  const before = (old && bottomStage(old)?.image) ?? image;
  return before === image ? `${image} has other layers now` : `it is built on ${image} instead of ${before}`;
}

const bottomStage = ({ step }: Vertex) => step?.stage;

/** What decides whether a step that depends on other stages' files is cached. */
function uncertainty(comparison: Comparison, vertex: Vertex): string {
  const { outcome } = comparison;
  const twin = comparison.twin(vertex);
  if (twin) return `it is cached if it reads the same as ${named(twin.step)}`;
  const read = vertex.contents.filter(({ source }) => source.kind !== 'remote');
  const open = read.filter(({ source }) => source.kind === 'vertex' && outcome(source.vertex) !== 'cached');
  const files =
    listing(
      (open.length > 0 ? open : read.slice(0, 1)).map((content) => sameFiles(vertex, content)),
      2,
    ) || 'what it reads is the same as before';
  const parent = vertex.parents[0];
  const above = parent && outcome(parent) === 'depends' ? firstToRun(comparison, vertex) : undefined;
  if (!above?.step) return `it is cached if ${files}`;
  const which = above === parent ? 'the step before it' : 'a step before it';
  return open.length > 0
    ? `it is cached if ${files}, and ${which} is cached: ${named(above.step)}`
    : `it is cached if ${which} is: ${named(above.step)}`;
}

function sameFiles({ step }: Vertex, content: ContentInput): string {
  const from = content.source.kind === 'vertex' ? content.source.vertex : undefined;
  const read = step?.copy?.from;
  const image = read?.kind === 'image' ? read.ref : read?.kind === 'stage' ? read.stage.image : undefined;
  const verb = content.selectors.length > 1 ? 'are' : 'is';
  return `${paths(content)} in ${from?.step ? stageTitle(from.step) : (image ?? 'the image')} ${verb} the same as before`;
}

const stageTitle = ({ stage }: Step): string =>
  stage.name === undefined ? `the stage on ${line(stage.from)}` : `stage ${stage.name}`;
