import type { Stage, Step } from '../build/graph.ts';
import { baseImage } from '../managers/images.ts';
import type { Builder } from './model.ts';
import { within } from './placement.ts';

/**
 * Whether a step is a `COPY --link` whose copy keeps its own key and is laid over what is before it: not with `--chmod`
 * (dispatchCopy in dockerfile2llb/convert_copy.go), and only where the builder's store can merge.
 */
export const mergesLinks = (step: Step, builder: Builder): boolean =>
  step.instruction.flags.some(({ name }) => name === 'link') &&
  step.copy?.link === true &&
  !step.copy.chmod &&
  builder === 'buildkit';

/** Distributions in which /bin and its like are links into /usr: all releases, or those whose tag fits. */
const mergedUsr: ReadonlyMap<string, RegExp> = new Map([
  ['debian', /^(latest|stable|testing|sid|bookworm|trixie|forky|1[2-9])\b/],
  ['ubuntu', /^(latest|rolling|focal|jammy|noble|2\d)\b/],
  ['fedora', /./],
  ['archlinux', /./],
  ['rockylinux', /./],
  ['almalinux', /./],
]);

/** A folder that is a link in the stage's base image. */
export function linkedFolder(stage: Stage, path: string): string | undefined {
  const { repository = '', tag } = baseImage(stage);
  const releases = mergedUsr.get(repository);
  const isMerged = releases?.test(tag || 'latest') === true;
  const links = [
    ...(isMerged ? ['/bin', '/sbin', '/lib', '/lib64'] : []),
    ...(isMerged || repository === 'alpine' ? ['/var/run', '/var/lock'] : []),
  ];
  return links.find((link) => within(link, path) !== undefined);
}
