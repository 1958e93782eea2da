import {
  buildGraph,
  type ImageFacts,
  imageName,
  mountFrom,
  type Stage,
  type Step,
} from '../../../server/src/core/build/graph.ts';
import {
  type Builder,
  cacheModel,
  compareBuilds,
  type Model,
  type Outcome,
} from '../../../server/src/core/cache/model.ts';
import { makeSnapshot } from '../../../server/src/core/context/snapshot.ts';
import { parseDockerfile } from '../../../server/src/core/syntax/dockerfile.ts';
import type { ContextSnapshot } from '../../../server/src/core/workspace.ts';
import { imageNames } from '../../buildkit/imageNames.ts';
import { type BuildInput, beside, contextNames, type FileState, type ObservedStep } from '../../buildkit/scenario.ts';

/** The stand-in for every base image of the builders that were observed. */
const standIn: ImageFacts = {
  digest: 'the stand-in',
  env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
};

export function contextOf(all: ReadonlyMap<string, FileState>): ContextSnapshot {
  const files = new Map([...all].filter(([path]) => !path.startsWith(beside)));
  const ignorePath = ['Dockerfile.dockerignore', '.dockerignore'].find((path) => files.get(path)?.type === 'file');
  const textOf = (path: string) => (files.get(path)?.type === 'file' ? files.get(path)?.text : undefined);
  return makeSnapshot({
    root: '/context',
    entries: [...files].map(([path, { type, text, mode }]) => ({
      path,
      type,
      size: type === 'file' ? Buffer.byteLength(text) : 0,
      mode,
      ...(type === 'symlink' ? { target: text } : {}),
    })),
    ignore: ignorePath === undefined ? undefined : { path: ignorePath, text: textOf(ignorePath) ?? '' },
    dockerfile: 'Dockerfile',
    text: textOf,
    digest: textOf,
  });
}

/** The model of a build as the observed builders were called: without a network. */
export function modelOf({ files, args, target, ownImages }: BuildInput, builder: Builder = 'buildkit'): Model {
  const namedContexts = contextNames({ files });
  const contexts = new Map(namedContexts.map((name) => [name, contextOf(filesIn(files, `${beside}${name}/`))]));
  const text = files.get('Dockerfile')?.text ?? '';
  const images = new Map([...(ownImages ? [] : imageNames(text, args))].map((name) => [imageName(name), standIn]));
  const graph = buildGraph(parseDockerfile(text), { args, target, images, namedContexts, network: 'none' });
  return cacheModel(graph, { context: contextOf(files), contexts, builder });
}

const filesIn = (files: ReadonlyMap<string, FileState>, folder: string): ReadonlyMap<string, FileState> =>
  new Map([...files].flatMap(([path, file]) => (path.startsWith(folder) ? [[path.slice(folder.length), file]] : [])));

export interface PredictedStep {
  readonly step: Step;
  readonly link: boolean;
  readonly outcome: Outcome;
  readonly because: string;
  /** An earlier step of the same build whose result it may take. */
  readonly twin: Step | undefined;
}

export const predict = (before: Model, after: Model): PredictedStep[] =>
  compareBuilds(before, after).flatMap(({ step, outcome, because, twin, link }) => [
    { step, outcome, because, twin, link: false },
    ...(link ? [{ step, ...link, twin: undefined, link: true }] : []),
  ]);

/** What the builder calls a stage: nothing, where it is the only one and no image is read besides. */
export const isOfStage = (observed: ObservedStep, stage: Stage): boolean =>
  observed.stage === null
    ? stage.index === 0
    : observed.stage.toLowerCase() === (stage.name?.toLowerCase() ?? `stage-${stage.index}`);

/** The prediction for each observed step, in the same order; undefined where there is none. */
export function pairUp(
  predicted: readonly PredictedStep[],
  observed: readonly ObservedStep[],
): { readonly observed: ObservedStep; readonly predicted: PredictedStep | undefined }[] {
  const left = [...predicted];
  return observed.map((step) => {
    const keyword = step.text.split(/\s/)[0]?.toUpperCase();
    const index = left.findIndex(
      (other) => other.link === step.link && other.step.keyword === keyword && isOfStage(step, other.step.stage),
    );
    return { observed: step, predicted: index < 0 ? undefined : left.splice(index, 1)[0] };
  });
}

/**
 * Whether "depends" is an answer for a step: it reads another stage's files, and that stage was seen to run again, or it follows such a
 * step.
 */
export function mayDepend({ graph }: Model, ran: (stage: Stage) => boolean): (step: Step) => boolean {
  const known = new Map<Step, boolean>();
  const reads = (step: Step): boolean => {
    const sources = [step.copy?.from, ...step.mounts.map((mount) => mountFrom(graph, step, mount))];
    return sources.some(
      (from) => from?.kind === 'stage' && chain(from.stage).some((stage) => ran(stage) || stage.steps.some(depends)),
    );
  };
  const depends = (step: Step): boolean => {
    const before = step.stage.steps.slice(0, step.index + 1);
    const inherited =
      step.stage.base.kind === 'stage' ? chain(step.stage.base.stage).flatMap(({ steps }) => steps) : [];
    const found = known.get(step) ?? [...inherited, ...before].some(reads);
    known.set(step, found);
    return found;
  };
  return depends;
}

const chain = (stage: Stage): Stage[] => (stage.base.kind === 'stage' ? [...chain(stage.base.stage), stage] : [stage]);

/** Where the prediction of the build of `after` differs from what a builder did, one line each. */
export function mistakes(before: Model, after: Model, observed: readonly ObservedStep[]): string[] {
  const predicted = predict(before, after);
  const ran = (stage: Stage) => observed.some((step) => isOfStage(step, stage) && step.outcome === 'runs');
  const depends = mayDepend(after, ran);
  const paired = pairUp(predicted, observed);
  const isRight = (seen: ObservedStep, said: PredictedStep | undefined) =>
    said?.outcome === seen.outcome || (said?.outcome === 'depends' && depends(said.step));
  const wrong = paired
    .filter(({ observed: seen, predicted: said }) => !isRight(seen, said))
    .map(
      ({ observed: seen, predicted: said }) => `${seen.text}: ${seen.outcome}, not ${said?.outcome} (${said?.because})`,
    );
  const tooMany = predicted.length - paired.filter(({ predicted: said }) => said).length;
  return tooMany > 0 ? [...wrong, `${tooMany} steps that no builder executed`] : wrong;
}
