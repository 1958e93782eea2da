import { type CopyFrom, type Mount, mountFrom, type Step } from '../build/graph.ts';
import type { KeyInput, Model } from './model.ts';

/** What a step's own key is made of, for people: its parents are left out. */
export function inputsOf(model: Model, step: Step): KeyInput[] {
  if (!step.operation) return [];
  const inputs: KeyInput[] = [{ kind: 'instruction' }, ...baseImage(step), ...variables(step)];
  if (step.keyword === 'RUN') return [...inputs, ...settings(step), ...mountInputs(model, step)];
  if (step.keyword === 'WORKDIR') return [...inputs, ...user(step)];
  return [...inputs, ...copyInputs(model, step)];
}

/** The first operation of a stage stands on the image itself. */
function baseImage({ stage, index }: Step): KeyInput[] {
  if (stage.base.kind !== 'image' || stage.steps.slice(0, index).some(({ operation }) => operation)) return [];
  return [{ kind: 'base-image', ref: stage.base.ref }];
}

const reference = /\$(?:\{([A-Za-z_]\w*)|([A-Za-z_]\w*))/g;

/** A RUN counts every variable, used or not; other steps those that their text expands. */
function variables(step: Step): KeyInput[] {
  const counts = step.keyword === 'RUN' ? () => true : namesIn(step);
  return step.environment.variables.flatMap(({ name, value, origin }) =>
    origin !== 'image' && counts(name) ? [{ kind: 'variable', name, value, origin } as const] : [],
  );
}

function namesIn({ instruction }: Step): (name: string) => boolean {
  const texts = [
    ...instruction.args.map(({ text }) => text),
    ...instruction.flags.map(({ value }) => value ?? ''),
    ...instruction.heredocs.filter(({ expand }) => expand).map(({ body }) => body),
  ];
  const names = new Set(texts.flatMap((text) => [...text.matchAll(reference)].map((match) => match[1] ?? match[2])));
  return (name) => names.has(name);
}

const user = (step: Step): KeyInput[] => (step.user === '' ? [] : [{ kind: 'user', value: step.user }]);

function settings(step: Step): KeyInput[] {
  const shell: KeyInput[] = step.instruction.form === 'shell' ? [{ kind: 'shell', value: step.shell }] : [];
  return [...user(step), { kind: 'workdir', value: step.workdir }, ...shell];
}

function copyInputs(model: Model, step: Step): KeyInput[] {
  const { copy } = step;
  if (!copy || copy.sources.length === 0) return [];
  const paths = copy.sources.map(({ text }) => text);
  return [
    copy.from ? filesFrom(copy.from, paths, 'copy') : { kind: 'files', selection: model.selection(step), via: 'copy' },
  ];
}

function mountInputs(model: Model, step: Step): KeyInput[] {
  const fromContext = step.mounts.some((mount) => readsContext(model, step, mount));
  const others = step.mounts.flatMap((mount) => {
    const from = mountFrom(model.graph, step, mount);
    return from ? [filesFrom(from, [mount.source ?? '/'], 'mount')] : [];
  });
  const files: KeyInput[] = fromContext ? [{ kind: 'files', selection: model.selection(step), via: 'mount' }] : [];
  return [...files, ...others];
}

const readsContext = (model: Model, step: Step, mount: Mount): boolean =>
  mount.type === 'bind' && mountFrom(model.graph, step, mount) === undefined;

function filesFrom(from: CopyFrom, paths: readonly string[], via: 'copy' | 'mount'): KeyInput {
  if (from.kind === 'stage') return { kind: 'stage-files', stage: from.stage.index, paths, via };
  return { kind: 'image-files', ref: from.kind === 'image' ? from.ref : from.name, paths };
}
