import type { Step } from '../build/graph.ts';
import { brief, line, listing, named } from '../prose.ts';
import { changedFiles, sameSelectors } from './contents.ts';
import { counterparts } from './counterparts.ts';
import type { Aspect, ContentInput, Vertex } from './definition.ts';
import type { Model, Outcome } from './model.ts';
import { environmentChange, expansionChange, shown } from './variableChange.ts';
import type { StepVertices } from './vertices.ts';

export interface Comparison {
  readonly before: Model;
  readonly after: Model;
  readonly built: readonly StepVertices[];
  readonly wanted: readonly StepVertices[];
  readonly outcome: (vertex: Vertex | undefined) => Outcome;
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
  if (!vertex.step) return undefined;
  if (!old?.step) return vertex.definition.parts.size > 0 ? 'the build before had no such step' : undefined;
  const aspect = [...vertex.definition.parts.keys()].find(
    (name) => vertex.definition.parts.get(name) !== old.definition.parts.get(name),
  );
  if (aspect) return definitionCause(aspect, old.step, vertex.step);
  for (const [at, content] of vertex.contents.entries()) {
    const cause = contentCause(before, old.contents[at], after, content, vertex.step);
    if (cause) return cause;
  }
  return undefined;
}

function definitionCause(aspect: Aspect, old: Step, step: Step): string {
  if (aspect === 'environment') return environmentChange(old, step);
  const sameText = brief(old.instruction, 9999) === brief(step.instruction, 9999);
  const shell = step.shell.join(' ') !== old.shell.join(' ');
  if (aspect === 'command' && sameText && shell)
    return `SHELL is ${shown(step.shell.join(' '))} instead of ${shown(old.shell.join(' '))}`;
  if (aspect === 'user') return `USER is ${shown(step.user)} instead of ${shown(old.user)}`;
  if (aspect === 'workdir' && (step.keyword === 'RUN' || !sameText))
    return `${step.keyword === 'RUN' ? 'the working directory' : 'its directory'} is ${shown(step.workdir)} instead of ${shown(old.workdir)}`;
  return (sameText && expansionChange(old, step)) || changes[aspect];
}

const changes: Record<Aspect, string> = {
  command: 'its command is another one',
  environment: 'its variables are others',
  user: 'the user is another one',
  workdir: 'its directory is another one',
  mounts: 'its mounts are others',
  network: 'its network is another one',
  security: 'its security mode is another one',
  hostname: 'BUILDKIT_SANDBOX_HOSTNAME is another one',
  platform: 'its platform is another one',
  sources: 'its sources are others',
  destination: 'its destination is another one',
  owner: 'its --chown is another one',
  mode: 'its --chmod is another one',
  exclude: 'its --exclude is another one',
  options: 'it treats its sources in another way',
  epoch: 'SOURCE_DATE_EPOCH is another one',
  layout: 'it no longer stands on the same kind of base',
  image: 'the image is another one',
};

function contentCause(
  before: Model,
  old: ContentInput | undefined,
  after: Model,
  content: ContentInput,
  step: Step,
): string | undefined {
  if (old?.source.kind === 'remote' || content.source.kind === 'remote')
    return JSON.stringify(old?.source) === JSON.stringify(content.source) ? undefined : 'its URL is another one';
  if (old?.source.kind === 'vertex' && content.source.kind === 'vertex')
    return sameSelectors(old, content) ? undefined : `it reads other files: ${paths(content)}`;
  if (old?.source.kind !== 'context' || content.source.kind !== 'context') return undefined;
  const files = changedFiles(before, old, after, content);
  if (files.length === 0) return undefined;
  const verb = files.length > 1 ? 'are' : 'is';
  const how = step.keyword === 'RUN' ? 'mounted' : 'selected';
  return `${listing(files, 1)} ${verb} ${how} by ${named(step)}`;
}

const paths = ({ selectors }: ContentInput): string =>
  listing(
    selectors.map(({ path }) => path),
    2,
  );

/** The topmost step of what this one stands on that is not cached. */
function firstToRun({ outcome }: Comparison, vertex: Vertex): Vertex | undefined {
  let found: Vertex | undefined;
  for (let parent = vertex.parents[0]; parent && outcome(parent) !== 'cached'; parent = parent.parents[0])
    found = parent;
  return found;
}

function causeBefore(comparison: Comparison, vertex: Vertex, old: Vertex | undefined): string {
  const parent = vertex.parents[0];
  const first = firstToRun(comparison, vertex);
  if (first && !first.step) return imageCause(vertex, old);
  if (first?.step) {
    const which = first === parent ? 'the step before it' : 'a step before it';
    return `${which} runs again: ${named(first.step)}`;
  }
  if (parent?.step) return `it stands on another step now: ${named(parent.step)}`;
  return imageCause(vertex, old);
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
  const parent = vertex.parents[0];
  const above = firstToRun(comparison, vertex);
  if (above?.step && parent && comparison.outcome(parent) === 'depends')
    return `it is cached if ${above === parent ? 'the step before it' : 'a step before it'} is: ${named(above.step)}`;
  const content = vertex.contents.find(({ source }) => source.kind !== 'remote');
  const from = content?.source.kind === 'vertex' ? content.source.vertex : undefined;
  return `it is cached if ${content ? paths(content) : 'what it reads'} ${from?.step ? `in ${stageTitle(from.step)}` : 'there'} is the same as before`;
}

const stageTitle = ({ stage }: Step): string =>
  stage.name === undefined ? `the stage on ${line(stage.from)}` : `stage ${stage.name}`;
