import type { ContextRoot } from '../context/root.ts';
import { inside } from './declared.ts';
import { dockerCommands } from './dockerCommand.ts';

/** A command in a comment, up to the quote that ends it. */
const command = /^[ \t]*#.*?\b((?:docker(?: buildx| image)?|podman|buildah) (?:build|bud)\b[^`\r\n]*)/gm;

/**
 * The folder in which a comment of a Dockerfile builds it by its own path, as `# docker build -f docker/Dockerfile .` does; undefined where none does, where
 * they differ, or where the folder lies outside `top`. Paths are absolute.
 */
export function commentedContext(dockerfile: string, text: string, top: string): ContextRoot | undefined {
  const folders = [...text.matchAll(command)].flatMap(([, written = '']) =>
    dockerCommands(written).flatMap((build) => {
      const path = build.dockerfile.replace(/^(\.\/+)+/, '');
      if (build.dockerfileFrom !== 'base' || !dockerfile.endsWith(`/${path}`) || /^\/|:/.test(build.context)) return [];
      const base = dockerfile.slice(0, -path.length - 1) || '/';
      return inside(top, base, '.') === undefined ? [] : (inside(top, base, build.context) ?? []);
    }),
  );
  const [folder, ...others] = new Set(folders);
  return folder === undefined || others.length > 0
    ? undefined
    : { folder, reason: 'docker build in a comment of the Dockerfile' };
}
