import type { Builder } from '../cache/model.ts';
import type { Dockerfile } from '../syntax/dockerfile.ts';

/**
 * Whether the `# syntax` directive names Docker's own frontend in version 1.`minor` or later; `docker/dockerfile:1` stands for the newest. False
 * without a directive: what the builder brings is not known.
 */
export function isSince({ directives }: Dockerfile, minor: number): boolean {
  const syntax = directives.find(({ name }) => name === 'syntax')?.value ?? '';
  const version = /^(?:docker\.io\/)?docker\/dockerfile(?::(?:1|latest|1\.(\d+)(?:\.\d+)?))?$/.exec(syntax);
  return version !== null && (version[1] === undefined || Number(version[1]) >= minor);
}

/** Whether RUN --mount can be used: `# syntax=docker/dockerfile:1.1` and older know no mounts, and neither does kaniko. */
export function knowsMounts({ directives }: Dockerfile, builder: Builder): boolean {
  const syntax = directives.find(({ name }) => name === 'syntax')?.value ?? '';
  return !/dockerfile:1\.[01](\D|$)/.test(syntax) && builder !== 'kaniko';
}
