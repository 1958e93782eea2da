import { isDockerfileName } from '../filenames.ts';
import { baseName } from '../syntax/path.ts';
import type { ContextSnapshot } from '../workspace.ts';

/** The other Dockerfiles in the folder of a context, ignored or not, as far as the host has read them. */
export const otherDockerfiles = ({ folder, dockerfile }: ContextSnapshot): (readonly [path: string, text: string])[] =>
  [...(folder?.texts ?? [])].filter(([path]) => path !== dockerfile && isDockerfileName(baseName(path)));
