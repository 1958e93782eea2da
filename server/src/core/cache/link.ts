import type { Step } from '../build/graph.ts';
import type { Builder } from './model.ts';

/**
 * Whether a step is a `COPY --link` whose copy keeps its own key and is laid over what is before it: not with `--chmod`
 * (dispatchCopy in dockerfile2llb/convert_copy.go), and only where the builder's store can merge.
 */
export const mergesLinks = ({ copy }: Step, builder: Builder): boolean =>
  copy?.link === true && !copy.chmod && builder === 'buildkit';
