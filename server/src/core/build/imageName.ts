import { imageReference } from '../syntax/imageReference.ts';

/**
 * An image's full name, so that spellings of one image compare equal: `alpine`, `alpine:latest` and `docker.io/library/alpine` are
 * `docker.io/library/alpine:latest`. A tag beside a digest is dropped: the digest decides (distribution/reference).
 */
export function imageName(ref: string): string {
  const { registry, repository, tag, digest } = imageReference(ref);
  const name = withRegistry(registry ?? 'docker.io', repository);
  return digest === undefined ? `${name}:${tag ?? 'latest'}` : `${name}@${digest}`;
}

function withRegistry(host: string, path: string): string {
  if (host !== 'docker.io' && host !== 'index.docker.io') return `${host}/${path}`;
  return `docker.io/${path.includes('/') ? path : `library/${path}`}`;
}

/** The name by which `--build-context` addresses an image: the short form, without `:latest`. */
export const contextName = (ref: string): string =>
  imageName(ref)
    .replace(/^docker\.io\/(library\/)?/, '')
    .replace(/:latest$/, '');
