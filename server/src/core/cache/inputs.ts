import { ancestors, type CopyFrom, type Mount, mountFrom, rootOf, type Step } from '../build/graph.ts';
import type { Instruction } from '../syntax/dockerfile.ts';
import { isCached } from './consequences.ts';
import { isGitUrl } from './copyDefinition.ts';
import { mergesLinks } from './link.ts';
import { mentions } from './mentions.ts';
import type { KeyInput, Model } from './model.ts';
import { isRelative } from './placement.ts';

/** What a step's own key is made of, for people: its parents are left out. */
export function inputsOf(model: Model, step: Step): KeyInput[] {
  if (!step.operation) return [];
  const inputs: KeyInput[] = [{ kind: 'instruction' }, ...baseImage(model, step), ...variables(model, step)];
  if (step.keyword === 'RUN') return [...inputs, ...settings(step), ...mountInputs(model, step)];
  if (step.keyword === 'WORKDIR') return [...inputs, ...user(step)];
  return [...inputs, ...copyInputs(model, step)];
}

/** The first operation of a chain of stages stands on the image itself; the copy of a `--link` on nothing. */
function baseImage(model: Model, step: Step): KeyInput[] {
  if (mergesLinks(step, model.builder)) return [];
  for (const before of ancestors(step)) if (isCached(before)) return [];
  const { base } = rootOf(step.stage);
  if (base.kind === 'context') return [{ kind: 'base-image', ref: base.name, named: true }];
  return base.kind === 'image' ? [{ kind: 'base-image', ref: base.ref }] : [];
}

const reference = /\$(?:\{([A-Za-z_]\w*)|([A-Za-z_]\w*))/g;

/** A RUN counts every variable, used or not, but kaniko those that its text names; other steps those that their text expands. */
function variables(model: Model, step: Step): KeyInput[] {
  const ofRun = model.builder === 'kaniko' ? (name: string) => mentions(step.instruction.rest.text, name) : () => true;
  const counts = step.keyword === 'RUN' ? ofRun : namesIn(step);
  return step.environment.variables.flatMap(({ name, value, origin }) =>
    origin !== 'image' && counts(name) ? [{ kind: 'variable', name, value, origin } as const] : [],
  );
}

/** Where the builder puts in variables before a step other than RUN is carried out. */
export const expandedTexts = ({ args, flags, heredocs }: Instruction): readonly string[] => [
  ...args.map(({ text }) => text),
  ...flags.map(({ value }) => value ?? ''),
  ...heredocs.filter(({ expand }) => expand).map(({ body }) => body),
];

function namesIn({ instruction }: Step): (name: string) => boolean {
  const names = new Set(
    expandedTexts(instruction).flatMap((text) => [...text.matchAll(reference)].map((match) => match[1] ?? match[2])),
  );
  return (name) => names.has(name);
}

const user = (step: Step): KeyInput[] => (step.user === '' ? [] : [{ kind: 'user', value: step.user }]);

function settings(step: Step): KeyInput[] {
  const shell: KeyInput[] = step.instruction.form === 'shell' ? [{ kind: 'shell', value: step.shell }] : [];
  return [...user(step), { kind: 'workdir', value: step.workdir }, ...shell];
}

function copyInputs(model: Model, step: Step): KeyInput[] {
  const { copy } = step;
  if (!copy) return [];
  const paths = copy.sources.map(({ text }) => text);
  const files: KeyInput[] = copy.from
    ? [filesFrom(copy.from, paths, 'copy')]
    : [{ kind: 'files', selection: model.selection(step), via: 'copy' }];
  const checksum = copy.options.get('checksum');
  const remote = copy.urls.map(({ text }) => ({ kind: 'remote', url: text, git: isGitUrl(text), checksum }) as const);
  return [...placeOfLink(model, step), ...(paths.length > 0 ? files : []), ...remote];
}

/** Of the steps above, a `COPY --link` to a relative place still needs the WORKDIR. */
function placeOfLink(model: Model, step: Step): KeyInput[] {
  return isRelative(step) && mergesLinks(step, model.builder) ? [{ kind: 'workdir', value: step.workdir }] : [];
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
  if (from.kind === 'image') return { kind: 'image-files', ref: from.ref, paths };
  return { kind: 'image-files', ref: from.name, paths, named: true };
}
