import { imageName, mountFrom, mountsFrom, reachableStages, type Stage, type Step } from '../build/graph.ts';
import { isCostly } from '../cache/cost.ts';
import { isKnownImage } from '../managers/images.ts';
import { named, plural } from '../prose.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { imageReference } from '../syntax/imageReference.ts';
import type { Span } from '../syntax/span.ts';

/** A place where the Dockerfile names an image, and the steps that come after the image's files. */
interface Use {
  readonly ref: string;
  readonly span: Span;
  /** True for FROM: the whole image counts, not only the files that are taken from it. */
  readonly whole: boolean;
  /** Looked up for what is reported only: it follows the whole file. */
  runs(): readonly Step[];
}

const followed = ({ model }: RuleContext, step: Step | undefined): Step[] =>
  step ? [step, ...model.consequences(step).runs] : [];

function baseUse(context: RuleContext, { base, from, steps }: Stage): Use[] {
  const word = from.args[0];
  if (base.kind !== 'image' || !base.resolved || !word || word.text.includes('$')) return [];
  const first = steps.find(({ operation, keyword }) => operation && keyword !== 'WORKDIR');
  return [{ ref: base.ref, span: word.span, whole: true, runs: () => followed(context, first) }];
}

const noUses: readonly Use[] = [];

function stepUses(context: RuleContext, step: Step): readonly Use[] {
  const flag = step.instruction.flags.find(({ name }) => name === 'from');
  const from = flag && step.copy?.from;
  if (from?.kind === 'image' && flag?.valueSpan && !flag.value?.includes('$'))
    return [{ ref: from.ref, span: flag.valueSpan, whole: false, runs: () => followed(context, step) }];
  if (!mountsFrom(step)) return noUses;
  return step.mounts.flatMap((mount) => {
    const from = mountFrom(context.graph, step, mount);
    const unclear = mount.flag.value?.includes('$') ?? true;
    return from?.kind === 'image' && !unclear
      ? [{ ref: from.ref, span: mount.flag.span, whole: false, runs: () => followed(context, step) }]
      : [];
  });
}

/** A bare word may also be a context that the build command names, or an image that this machine built: only the known ones count. */
function isUnpinned(ref: string): boolean {
  const { registry, repository, tag, digest } = imageReference(ref);
  const isPublished = registry !== undefined || repository.includes('/') || isKnownImage(ref);
  return isPublished && digest === undefined && (tag ?? 'latest') === 'latest';
}

const usesIn = (context: RuleContext, stage: Stage): Use[] => [
  ...baseUse(context, stage),
  ...stage.steps.flatMap((step) => (step.fromOnbuild ? noUses : stepUses(context, step))),
];

function report({ ref, span, whole, ...use }: Use, others: readonly Use[]): Report | undefined {
  const runs = use.runs();
  const costly = runs.find(isCostly);
  if (!costly) return undefined;
  const { tag } = imageReference(ref);
  const what = tag === undefined ? `${ref} names no tag, which means :latest` : `${ref} is whatever was pushed last`;
  const when = whole ? 'A new push' : 'A new push with other content in what is taken from it';
  const more = runs.length > 1 ? ` and ${plural(runs.length - 1, 'more step')}` : '';
  return {
    span,
    message: `${what}. ${when} makes ${named(costly)}${more} run again, at a time that nobody chose, and two machines may build on different versions. Name a version, and a digest where only an edit may change it.`,
    related: others.map((other) => ({ span: other.span, message: 'The same image.' })),
  };
}

export const unpinnedImage: Rule = {
  id: 'unpinned-image',
  severity: 'information',
  category: 'layers',
  hadolint: ['DL3006', 'DL3007'],
  docs: {
    summary: 'An image without a tag, or with latest: a new push runs everything again',
    why: `The layers of a base image are the first part of every cache key of its stage. An image without a tag is \`:latest\`, which moves whenever its maintainers push: the next build that pulls it runs the whole stage
again, on a version that nobody chose. For \`COPY --from=image\` and \`RUN --mount=from=image\` the content of the files that are read decides.

Only images whose change runs a step again that installs, downloads or builds are reported, each once. Names that hold a variable are left alone: the build may pass a version.`,
    fix: 'None: which version is wanted cannot be known from the text. `docker buildx imagetools inspect <image>` prints the digest of a tag.',
    ignore:
      'When the build must always start from the newest image, for example one that the same pipeline has just pushed.',
    bad: {
      dockerfile:
        'FROM node\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
    },
    good: {
      dockerfile:
        'FROM node:22.12\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
    },
    references: [
      'https://docs.docker.com/build/building/best-practices/#pin-base-image-versions',
      'https://docs.docker.com/reference/dockerfile/#from',
    ],
  },
  *check(context) {
    const isFound = context.ofEachStage((stage) => usesIn(context, stage).some(({ ref }) => isUnpinned(ref)));
    if (!isFound.includes(true)) return;
    const byImage = new Map<string, Use[]>();
    const uses = reachableStages(context.graph).flatMap((stage) => usesIn(context, stage));
    for (const use of uses) byImage.set(imageName(use.ref), [...(byImage.get(imageName(use.ref)) ?? []), use]);
    for (const [first, ...others] of byImage.values()) {
      const found = first && isUnpinned(first.ref) ? report(first, others) : undefined;
      if (found) yield found;
    }
  },
};
